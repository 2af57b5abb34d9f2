internal import ArgumentParser
internal import Foundation
internal import Logging
internal import Sensor
internal import Shared

/// Captures live.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Captures on interfaces until it is told to stop (SIGTERM, SIGHUP, Ctrl-C).",
        discussion: """
            With --out instead of --state, it needs no master and writes logs into a directory.

            Example: meneki-sensor run -i eth1 -i eth2 --state /var/lib/meneki-sensor
            Example: meneki-sensor run -i eth1 --filter 'not port 22' --out logs
            """)

    @Option(name: [.customShort("i"), .long], help: "An interface; may be given several times.")
    var interface: [String]
    @Option(help: "The sensor's state directory, with its enrolment.")
    var state: String?
    @Option(help: "Directory for logs, behind those that are there, instead of sending them to a master.")
    var out: String?
    @Option(help: "Of these logs: zeek-json (one object a line), zeek-tsv, or batch (what would be sent).")
    var format = LogFormat.zeekJSON
    @Option(help: "Only packets that pass this filter in tcpdump's language.")
    var filter: String?
    @Option(help: "Kernel buffer of each worker in MiB.")
    var bufferMib = 64
    @Option(help: "Bytes kept of each packet.")
    var snapLength = 262_144
    @Option(help: "Threads for each interface.")
    var workers = 1
    @Option(help: "Connections that a worker follows at once, about 400 bytes each; the oldest make room for more.")
    var flows = FlowSettings().flowLimit

    func validate() throws {
        guard !interface.isEmpty else { throw ValidationError("give at least one interface: -i eth1") }
        guard Set(interface).count == interface.count else {
            throw ValidationError("an interface is given twice: each of its packets would count twice")
        }
        guard (state == nil) != (out == nil) else { throw ValidationError("give either --state or --out") }
        for (name, value, range) in [
            ("--buffer-mib", bufferMib, 1...2047), ("--snap-length", snapLength, 64...262_144),
            ("--workers", workers, 1...64), ("--flows", flows, FlowSettings.flowLimits),
        ] where !range.contains(value) {
            throw ValidationError("\(name) \(value) is not within \(range.lowerBound) to \(range.upperBound)")
        }
    }

    private var interfaces: [LiveSettings] {
        interface.map { name in
            var settings = LiveSettings(interface: name)
            (settings.filter, settings.workers) = (filter, workers)
            (settings.bufferBytes, settings.snapLength) = (bufferMib << 20, snapLength)
            return settings
        }
    }

    private func settings(of usual: FlowSettings) -> FlowSettings {
        var settings = usual
        settings.flowLimit = flows
        return settings
    }

    mutating func run() async throws {
        let command = self
        try await Terminal.reporting {
            if let out = command.out { try await command.writeLogs(out) }
            if let state = command.state { try await command.send(state) }
        }
    }

    private func send(_ state: String) async throws {
        // Tells better than the lock what a directory lacks that is none of a sensor.
        _ = try SensorState(directory: state)
        let lock = try StateLock(directory: state)
        defer { withExtendedLifetime(lock) {} }
        let logger = Logger(label: "meneki-sensor") { StreamLogHandler.standardError(label: $0) }
        let pipeline = try LivePipeline(
            interfaces: interfaces, flowSettings: settings(of: .forBatches), state: state, logger: logger)
        let signals = StopSignals { pipeline.stop() }
        defer { withExtendedLifetime(signals) {} }
        Terminal.say("capturing on \(interface.joined(separator: ", "))")
        try await pipeline.run()
    }

    private static func capture(_ live: LiveInterfaces, to logs: LiveLogs) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await live.run { try await logs.write($0) } }
            group.addTask {
                do { try await logs.keepFlushed() } catch {
                    live.stop()
                    throw error
                }
            }
            defer { group.cancelAll() }
            // Only the capture ends by itself.
            try await group.next()
        }
    }

    private func writeLogs(_ out: String) async throws {
        let logs = LiveLogs(try LogDirectory(path: out, format: format, appending: true))
        var flow = settings(of: format == .batch ? .forBatches : FlowSettings())
        flow.fileDigests = format.usualDigests
        let live = try LiveInterfaces(interfaces, flowSettings: flow) { event in
            if case .lost = event { Terminal.say("error: \(event)") } else { Terminal.say("\(event)") }
        }
        let signals = StopSignals { live.stop() }
        defer { withExtendedLifetime(signals) {} }
        Terminal.say("capturing on \(interface.joined(separator: ", "))")
        var failure: (any Error)?
        do { try await Self.capture(live, to: logs) } catch { failure = error }
        // What was captured is written whatever ended it, but where writing did.
        if !(failure is LogError) { try await logs.finish() }
        for counters in live.counters {
            Terminal.say(
                "\(counters.flow.packets) packets, \(counters.flow.flows) connections, "
                    + "\(counters.droppedByKernel) dropped by the kernel, "
                    + "\(counters.flow.shedPackets + counters.flow.shedSegments) not analysed to keep up, "
                    + "\(counters.lostRecords) records lost")
        }
        if let failure { throw failure }
    }
}
