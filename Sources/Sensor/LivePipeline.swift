internal import Foundation
public import Logging
internal import Protocol
internal import Shared

/// The sensor from top to bottom for live interfaces: Capture to batches, Spool, Uplink, Health.
public struct LivePipeline: Sendable {
    private let interfaces: LiveInterfaces
    private let spool: Spool
    private let uplink: Uplink
    private let losses = RecordLosses()
    private let logger: Logger

    /// Workers and interfaces keep clocks of their own, and hand over at least once a second: what one of them promises
    /// for all is taken back by this.
    private static let skew = Interval.seconds(5)
    /// On a silent network, the promise alone goes to the master this often.
    private static let heartbeat = Duration.seconds(30)

    /// Opens the interfaces, the spool and the enrolment in `state`.
    /// - Throws: ``CaptureError``, ``UplinkError``, ``SpoolError``.
    public init(
        interfaces: [LiveSettings], flowSettings: FlowSettings = .forBatches, state: String, logger: Logger
    ) throws {
        let enrolment = try SensorState(directory: state)
        spool = try Spool(directory: state + "/spool")
        self.interfaces = try LiveInterfaces(interfaces, flowSettings: flowSettings) { Self.log($0, logger) }
        uplink = Uplink(
            state: enrolment, spool: spool, version: SensorVersion.text,
            startedAt: Int64(Date().timeIntervalSince1970 * 1e9), logger: logger)
        self.logger = logger
    }

    private static func log(_ event: InterfaceEvent, _ logger: Logger) {
        switch event {
        case .lost(let interface, let reason):
            logger.error(
                "An interface cannot be captured any more; it is opened again when it is back",
                metadata: ["interface": "\(interface)", "reason": "\(reason)"])
        case .back(let interface):
            logger.notice("An interface is captured again", metadata: ["interface": "\(interface)"])
        }
    }

    /// Captures until ``stop()``; then what is in the spool stays there for the next start.
    /// - Throws: ``UplinkError`` that somebody must do something about, ``CaptureError`` when no interface is left, or
    ///   what broke the spool.
    public func run() async throws {
        // Not a part of the group: whatever ends that, connections that are open are told of in the spool first.
        let collector = Task { try await collect() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await uplink.run() }
            group.addTask {
                await HealthReporter(interfaces: interfaces, spool: spool, progress: uplink.progress, losses: losses)
                    .run()
            }
            group.addTask { await spool.keepSynced { logger.error("\($0)") } }
            group.addTask { try await beat() }
            group.addTask { try await collector.value }
            defer { group.cancelAll() }
            do {
                // Only the collector ends by itself, when every capture has ended.
                try await group.next()
            } catch {
                stop()
                // What broke first is what is told.
                _ = await collector.result
                throw error
            }
        }
    }

    /// Ends the captures; may be called from any thread.
    public func stop() { interfaces.stop() }

    /// - Throws: as ``run()``, when all that was captured is in the spool.
    private func collect() async throws {
        do { try await interfaces.run { try await keep($0) } } catch {
            try await spool.sync()
            throw error
        }
        try await spool.sync()
    }

    private func keep(_ batch: RecordBatch) async throws {
        var batch = batch
        if batch.watermark != .distantPast { batch.watermark = batch.watermark - Self.skew }
        do {
            try await spool.append(try BatchEncoder.encode(batch))
        } catch SpoolError.full(let path) {
            losses.add(batch.recordCount)
            logger.error("Records are lost", metadata: ["reason": "\(SpoolError.full(path: path))"])
        } catch let error as BatchError {
            // One batch that cannot travel does not end the capture.
            losses.add(batch.recordCount)
            logger.error("Records are lost", metadata: ["reason": "\(error)"])
        }
    }

    /// Says from time to time up to when nothing more will come, also where nothing happens; and what the disk has
    /// damaged.
    private func beat() async throws {
        let tornBytes = await spool.state.tornBytes
        if tornBytes > 0 {
            logger.warning("The end of the spool was unfinished or damaged", metadata: ["cut_bytes": "\(tornBytes)"])
        }
        var damagedBatches = 0
        while true {
            try await Task.sleep(for: Self.heartbeat)
            let found = await spool.state.damagedBatches
            if found > damagedBatches {
                logger.error(
                    "The disk has damaged batches; the master gets empty ones in their place: check the disk",
                    metadata: ["batches": "\(found - damagedBatches)"])
                damagedBatches = found
            }
            var batch = RecordBatch()
            let now = Timestamp(seconds: Date().timeIntervalSince1970)
            batch.watermark = now - FlowSettings().longestDelay - Self.skew
            try await keep(batch)
        }
    }
}
