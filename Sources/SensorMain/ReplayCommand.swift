internal import ArgumentParser
internal import Foundation
internal import Logging
internal import Protocol
internal import Sensor

/// Sends what captures or logs show to the master, in event time.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Sends captures or Zeek logs to the master, as fast as it goes.",
        discussion: """
            Killed and started again with the same paths, it goes on where it was and sends nothing twice.

            Example: meneki-sensor replay monday.pcap --wait --state /var/lib/meneki-sensor
            """)

    @Argument(help: "Captures (pcap, pcapng, gzip), or directories of Zeek logs; one kind in a replay.")
    var paths: [String]
    @Option(help: "The site; must be the one that the sensor is enrolled for.")
    var site: String?
    @Flag(help: "Return only when the master has stored and learned all of it.")
    var wait = false
    @Flag(help: "Send once more what was replayed before.")
    var again = false
    @Option(help: "The sensor's state directory.")
    var state: String

    mutating func run() async throws {
        let command = self
        try await Terminal.reporting { try await command.replay() }
    }

    private func replay() async throws {
        let enrolment = try SensorState(directory: state)
        if let site, site != enrolment.identity.site {
            throw ValidationError("this sensor is enrolled for the site \(enrolment.identity.site), not \(site)")
        }
        let lock = try StateLock(directory: state)
        defer { withExtendedLifetime(lock) {} }
        let spool = try Spool(directory: state + "/spool")
        let started = Int64(Date().timeIntervalSince1970 * 1e9)
        var logger = Logger(label: "meneki-sensor") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let uplink = Uplink(
            state: enrolment, spool: spool, version: SensorVersion.text, startedAt: started, logger: logger)
        let isWhole = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await uplink.run()
                return false
            }
            group.addTask { try await send(spool, uplink.progress) }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
        if Terminal.isInteractive { Terminal.show("") }
        // What could be read is with the master all the same.
        if !isWhole { throw ExitCode(1) }
    }

    /// - Returns: whether everything of the paths could be read.
    private func send(_ spool: Spool, _ progress: UplinkProgress) async throws -> Bool {
        // What the master has decides where a sensor whose spool was lost goes on.
        try await progress.wait { $0.isConnected }
        let replay = Replay(spool: spool, directory: state) { Terminal.say("warning: \($0); waiting for the master") }
        let journal = try await replay.begin(input: ReplayJournal.identity(ofPaths: paths), again: again)
        let last: UInt64
        var isWhole = true
        let skip = { (error: SourceError) in
            isWhole = false
            Terminal.say("error: \(error); the rest is read")
        }
        if hasCaptures {
            var source = CaptureSource(paths: paths, settings: .forBatches)
            last = try await replay.run(&source, journal: journal, report: show, skipped: skip)
            Terminal.tellLeftOut(of: paths.filter { !CapturePaths.expand($0).isEmpty })
            if Terminal.tell(source.endings) { isWhole = false }
        } else {
            var source = try ZeekImport(paths: paths) { Terminal.say("warning: \($0)") }
            last = try await replay.run(&source, journal: journal, report: show, skipped: skip)
        }
        try await progress.wait { $0.stored >= last }
        if wait {
            progress.want(learned: last)
            try await progress.wait { $0.learned >= last }
        }
        return isWhole
    }

    /// Whether the paths mean captures. What means none is left out then, and told.
    private var hasCaptures: Bool {
        let without = paths.filter { !CapturePaths.expand($0).contains(where: Self.isCapture) }
        guard without.count < paths.count else { return false }
        for path in without where FileManager.default.fileExists(atPath: path) {
            Terminal.say("warning: \(path) is left out: captures and logs go in replays of their own")
        }
        return true
    }

    /// Logs have `log` between the dots of their names.
    private static func isCapture(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        let parts = (path.split(separator: "/").last ?? "").split(separator: ".")
        return exists && !isDirectory.boolValue && !parts.dropFirst().contains("log")
    }

    private func show(records: Int) {
        if Terminal.isInteractive { Terminal.show("\(records) records read") }
    }
}
