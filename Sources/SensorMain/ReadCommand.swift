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
            One NAME.log per kind of record, in order of the connections' ends.

            Example: meneki-sensor read monday.pcap.gz tuesday.pcapng --out logs
            """)

    @Argument(help: "Captures, or directories of them; '-' is the standard input.")
    var paths: [String]
    @Option(help: "Directory for the logs; made when it is not there.")
    var out: String
    @Option(help: "zeek-json (one object a line), zeek-tsv, or batch (what would be sent).")
    var format = LogFormat.zeekJSON
    @Flag(help: "Print packets per second and nanoseconds per packet.")
    var stats = false

    mutating func run() throws {
        var logs = try LogDirectory(path: out, format: format)
        var pipeline = ReadPipeline()
        let start = ContinuousClock.now
        for path in paths { try pipeline.read(path) { try logs.write($0) } }
        try pipeline.finish { try logs.write($0) }
        try logs.finish()
        let elapsed = ContinuousClock.now - start
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let counters = pipeline.counters
        say("read \(counters.packets) packets, \(counters.flows) connections, \(logs.recordCount) records")
        if stats, counters.packets > 0 {
            say("\(Int(Double(counters.packets) / seconds)) packets/s, \(Int(seconds * 1e9 / Double(counters.packets))) ns per packet")
        }
        for (path, ending) in pipeline.endings {
            switch ending {
            case .complete: break
            case .cut(let offset): say("warning: \(path) is cut inside a packet at offset \(offset); what is before was read")
            case .damaged(let offset, let reason):
                say("error: \(path) is damaged at offset \(offset) (\(reason)); what is before was read")
            }
        }
        if pipeline.endings.contains(where: { if case .damaged = $0.ending { true } else { false } }) {
            throw ExitCode(1)
        }
    }

    private func say(_ text: String) {
        let line = text + "\n"
        line.utf8.withContiguousStorageIfAvailable { _ = Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

extension LogFormat: ExpressibleByArgument {}
