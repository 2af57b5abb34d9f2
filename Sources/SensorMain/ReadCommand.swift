public import ArgumentParser
import Glibc
public import Sensor
import Shared

/// Captures in files to logs in a directory, without a master.
struct ReadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Reads captures (pcap, pcapng, also gzip) and writes what they show as logs.",
        discussion: """
            One NAME.log per kind of record, connections in the order of their ends.

            Example: meneki-sensor read monday.pcap.gz tuesday.pcapng --out logs
            """)

    @Argument(help: "Captures, or directories of them; '-' is the standard input.")
    var paths: [String]
    @Option(help: "Directory for the logs; made when it is not there.")
    var out: String
    @Option(help: "zeek-json (one object a line), zeek-tsv, or batch (what would be sent).")
    var format = LogFormat.zeekJSON
    @Option(help: "Digests of files: sha256, sha1, md5. In Zeek's formats all three unless told, else sha256 alone.")
    var hash: FileDigestAlgorithms?
    @Option(help: "Only packets that pass this filter in tcpdump's language, such as 'port 445'.")
    var filter: String?
    @Option(help: "Threads beside the one that reads; with more than one, the order of records is not fixed.")
    var workers = 0
    @Option(help: "Connections that a worker follows at once, about 400 bytes each; the oldest make room for more.")
    var flows = FlowSettings().flowLimit
    @Flag(help: "Print packets per second and nanoseconds per packet.")
    var stats = false
    @Flag(help: "Print counters as one JSON object on the standard output.")
    var json = false

    func validate() throws {
        guard (0...64).contains(workers) else { throw ValidationError("--workers \(workers) is not within 0 to 64") }
        let limits = FlowSettings.flowLimits
        guard limits.contains(flows) else {
            throw ValidationError("--flows \(flows) is not within \(limits.lowerBound) to \(limits.upperBound)")
        }
    }

    mutating func run() throws {
        let filter = try self.filter.map { try PacketFilter($0) }
        var settings = format == .batch ? FlowSettings.forBatches : FlowSettings()
        settings.flowLimit = flows
        settings.fileDigests = hash ?? format.usualDigests
        if workers > 0 {
            var source = ParallelCaptureSource(paths: paths, filter: filter, settings: settings, workers: workers)
            try read(&source)
        } else {
            var source = CaptureSource(paths: paths, filter: filter, settings: settings)
            try read(&source)
        }
    }

    private func read<Source: CaptureReading & ~Copyable>(_ source: inout Source) throws {
        var logs = try LogDirectory(path: out, format: format)
        var bar = ProgressLine(paths: paths)
        var failures: [SourceError] = paths.filter { $0 != "-" && CapturePaths.expand($0).isEmpty }.map {
            .unknownFormat(path: $0, reason: "no capture is in it; logs of Zeek are taken by 'meneki-sensor replay'")
        }
        let start = ContinuousClock.now
        var isAtEnd = false
        while !isAtEnd {
            var next: RecordBatch?
            do throws(SourceError) {
                next = try source.nextBatch()
                isAtEnd = next == nil
            } catch { failures.append(error) }
            // What cannot be written ends the reading.
            if let next { try logs.write(next) }
            bar.show(source.position)
        }
        try logs.finish()
        bar.clear()
        let summary = ReadSummary(
            counters: source.counters, filtered: source.filteredPackets, records: logs.recordCount,
            duration: ContinuousClock.now - start)
        Terminal.say(summary.text)
        if stats { Terminal.say(summary.speed) }
        for failure in failures { Terminal.say("error: \(failure)") }
        Terminal.tellLeftOut(of: paths)
        let isDamaged = Terminal.tell(source.endings)
        if json { try Terminal.print(summary.json) }
        if isDamaged || !failures.isEmpty { throw ExitCode(1) }
    }
}

extension LogFormat: ExpressibleByArgument {
    /// Digests of files where none are asked for: Zeek's formats have all three, a batch what the master needs.
    var usualDigests: FileDigestAlgorithms { self == .batch ? .sha256 : .all }
}

extension FileDigestAlgorithms: ExpressibleByArgument {
    /// Names with commas between, as `sha256,md5`.
    public init?(argument: String) {
        self = []
        for name in argument.split(separator: ",") {
            switch name {
            case "sha256": insert(.sha256)
            case "sha1": insert(.sha1)
            case "md5": insert(.md5)
            default: return nil
            }
        }
    }
}
