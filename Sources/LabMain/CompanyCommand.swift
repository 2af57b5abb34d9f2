import ArgumentParser
import Glibc
import Lab
import Shared

/// `meneki-lab company`: Zeek logs of simulated working weeks.
struct CompanyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "company",
        abstract: "Writes Zeek logs of a simulated company, one directory per site and day.",
        discussion: """
            Example: four weeks of 60 people with a theft at their end, then what really happened:
              meneki-lab company --out /tmp/lab --users 60 --days 28 --start 2026-10-05 --seed 1 --story exfiltration
              cat /tmp/lab/truth.jsonl
            Two sites are two calls with the same --out and different --site, --seed and --subnet.
            Stories: all, \(StoryKind.allCases.map(\.rawValue).joined(separator: ", ")).
            """)

    @Option(help: "Directory to write to; each site gets a directory in it.") var out: String
    @Option(help: "People with a PC, 5 to 2000.") var users = 60
    @Option(help: "Days, 1 to 730.") var days = 28
    @Option(help: "First day, YYYY-MM-DD.") var start = "2026-10-05"
    @Option(help: "The same seed gives the same logs.") var seed: UInt64 = 1
    @Option(help: "Name of the site.") var site = "tokyo"
    @Option(help: "Network of the site: its first two numbers, a /16.") var subnet = "10.20"
    @Option(help: "How busy people are; 1 is about 300 connections a day.") var intensity = 1.0
    @Option(help: "Story in the last week; give it several times, or 'all'.") var story: [String] = []
    @Option(help: "Format of the logs: zeek-json.") var format = "zeek-json"

    func run() throws {
        guard format == "zeek-json" else {
            throw ValidationError("--format \(format) is not known; only zeek-json is.")
        }
        var generator = try CompanyGenerator(try settings())
        let writer = try ZeekDayWriter(directory: out + "/" + site)
        var records = 0
        var done = 0
        while let day = generator.nextDay() {
            try writer.write(day)
            if !day.truths.isEmpty { try ZeekDayWriter.append(day.truths, in: out) }
            records += day.batch.recordCount
            done += 1
            progress(done, of: generator.dayCount)
        }
        print("\(records) records of \(done) days in \(out)/\(site)")
    }

    private func settings() throws -> CompanySettings {
        var settings = CompanySettings()
        (settings.site, settings.users, settings.days, settings.seed) = (site, users, days, seed)
        settings.intensity = intensity
        settings.firstDay = try firstDay()
        settings.subnet = try network()
        settings.stories = try stories()
        return settings
    }

    private func firstDay() throws -> Int {
        let parts = start.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, (1970...2200).contains(parts[0]), (1...12).contains(parts[1]),
            (1...31).contains(parts[2])
        else { throw ValidationError("--start \(start) is not a day; write it like 2026-10-05.") }
        return CivilDate.daysSinceEpoch(year: parts[0], month: parts[1], day: parts[2])
    }

    private func network() throws -> (UInt8, UInt8) {
        let parts = subnet.split(separator: ".").prefix(2).compactMap { UInt8($0) }
        guard parts.count == 2, IPAddress(v4: UInt32(parts[0]) << 24 | UInt32(parts[1]) << 16 | 1).isPrivate else {
            throw ValidationError("--subnet \(subnet) is not a private network; write it like 10.20.")
        }
        return (parts[0], parts[1])
    }

    private func stories() throws -> [StoryKind] {
        if story.contains("all") { return StoryKind.allCases }
        return try story.map { name in
            guard let kind = StoryKind(rawValue: name) else {
                let names = StoryKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--story \(name) is not known; there are: all, \(names).")
            }
            return kind
        }
    }

    /// Only on a terminal; a log file gets the last line alone.
    private func progress(_ done: Int, of total: Int) {
        guard isatty(2) == 1 else { return }
        let filled = done * 30 / max(1, total)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
        let text = "\r[\(bar)] day \(done) of \(total)" + (done == total ? "\n" : "")
        text.withCString { _ = write(2, $0, strlen($0)) }
    }
}
