import ArgumentParser
import Foundation
import Master

/// What `alerts export` and `incidents export` share.
struct ExportOptions: ParsableArguments {
    @Option(help: "Lowest score in percent.") var minScore = 0.0
    @Option(help: "Only this format is known: jsonl, one JSON object a line.") var format = "jsonl"
    @Option(help: "Only this site.") var site: String?
    @Option(help: "File to write, instead of standard output.") var out: String?
    @Flag(help: "The same as --format jsonl.") var json = false

    var filter: ExportFilter { ExportFilter(minimumScore: minScore, site: site) }

    func validate() throws {
        guard format == "jsonl" else { throw ValidationError("--format \(format) is not known; only jsonl is.") }
        guard (0...100).contains(minScore) else {
            throw ValidationError("--min-score \(minScore) is not within 0 to 100.")
        }
    }

    func write(_ lines: [String]) throws {
        let text = Data(lines.map { $0 + "\n" }.joined().utf8)
        guard let out else {
            try FileHandle.standardOutput.write(contentsOf: text)
            return
        }
        do {
            try text.write(to: URL(fileURLWithPath: out), options: .atomic)
        } catch {
            throw CommandProblem("cannot write \(out): \(error.localizedDescription)")
        }
    }
}
