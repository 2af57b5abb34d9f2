import Logging
import Metrics
import Protocol
import Shared

/// Makes the engine of a site from what earlier checkpoints stored of it.
public typealias SiteEngineFactory =
    @Sendable (_ site: String, _ states: [StateKey: [UInt8]]) async throws -> any SiteEngine

/// When the learning consumer writes what it has learned. The wall clock decides only when, never what.
public struct CheckpointSettings: Sendable {
    /// While there is much to do: the longest time between two checkpoints. Less loses less work in a crash.
    public var interval = Duration.seconds(20)
    /// When nothing is left to do: the time after which results are shown.
    public var idleInterval = Duration.seconds(3)
    /// Records after which a checkpoint is due in any case (they bound the memory of what has changed).
    public var records = 1_000_000
    /// A live sensor that says nothing for so long is not waited for any more.
    public var silence = Duration.seconds(60)

    public init() {}
}

/// Gives a site's log to its engine, in event time, and writes what the engine finds together with the place in the
/// log.
struct LearningConsumer: Sendable {
    let site: String
    let database: Database
    let bell: LogBell
    let progress: LogProgress
    let makeEngine: SiteEngineFactory
    let settings: CheckpointSettings
    let logger: Logger

    /// Runs until the task is cancelled; throws what the database or the engine's start says, to be started again.
    func run() async throws {
        let reader = LogReader(database: database, site: site, logger: logger)
        let position = try await database.run { try LearningPosition.read($0, site: site) }
        var waiting: [LoggedBatch] = []
        for (name, sensor) in position.sensors.sorted(by: { $0.key < $1.key }) {
            for held in sensor.waiting {
                if let batch = try await reader.batch(name, held.sequence) { waiting.append(batch) }
            }
        }
        let states = try await database.run { try SiteStateStore.read($0, site: site) }
        var line = LearningLine(
            merger: SiteMerger(position, batches: waiting), engine: try await makeEngine(site, states))
        var ahead: [String: ArraySlice<LoggedBatch>] = [:]
        var heard: [String: ContinuousClock.Instant] = [:]
        var lastCheckpoint = ContinuousClock.now
        await report(position)
        while !Task.isCancelled {
            let rings = await bell.count(site)
            let unread = try await unread(line.merger, ahead, reader)
            for name in unread { heard[name] = .now }
            if let name = line.merger.next(unread: unread) {
                if ahead[name, default: []].isEmpty {
                    ahead[name] = try await reader.read(name, after: line.merger.sensors[name]?.sequence ?? 0)[...]
                }
                if let batch = ahead[name]?.popFirst() { line.take(batch) }
            } else {
                dropSilent(&line, heard: &heard)
                let pause = try await idle(&line, &lastCheckpoint)
                await bell.wait(site, beyond: rings, atMost: pause)
            }
            if lastCheckpoint.duration(to: .now) > settings.interval || line.recordCount > settings.records {
                try await checkpoint(&line)
                lastCheckpoint = .now
            }
        }
        if line.isChanged { try await checkpoint(&line) }
    }

    /// Sensors of which the log has more than was taken. The log is asked only when nothing read ahead is left of one.
    private func unread(
        _ merger: SiteMerger, _ ahead: [String: ArraySlice<LoggedBatch>], _ reader: LogReader
    ) async throws -> Set<String> {
        if let slowest = merger.slowest(), ahead[slowest]?.isEmpty == false {
            return Set(ahead.filter { !$0.value.isEmpty }.keys)
        }
        let last = try await reader.lastSequences()
        return Set(last.filter { $0.value > merger.sensors[$0.key]?.sequence ?? 0 }.keys)
    }

    private func dropSilent(_ line: inout LearningLine, heard: inout [String: ContinuousClock.Instant]) {
        guard let name = line.merger.slowest(), line.merger.sensors.values.count(where: \.isActive) > 1 else { return }
        let since = heard[name] ?? .now
        heard[name] = since
        guard since.duration(to: .now) > settings.silence else { return }
        line.merger.leave(name)
        logger.warning("A sensor is silent, the site goes on without it", metadata: ["sensor": "\(site)/\(name)"])
    }

    /// Writes a checkpoint when it is time, and tells how long nothing can happen.
    private func idle(_ line: inout LearningLine, _ lastCheckpoint: inout ContinuousClock.Instant) async throws
        -> Duration
    {
        line.drain()
        guard line.isChanged else { return .seconds(5) }
        let age = lastCheckpoint.duration(to: .now)
        let isAwaited = await progress.isAwaited(site)
        guard isAwaited || age > settings.idleInterval else { return .milliseconds(200) }
        try await checkpoint(&line)
        lastCheckpoint = .now
        return .seconds(5)
    }

    private func checkpoint(_ line: inout LearningLine) async throws {
        let changes = line.takeChanges()
        let position = line.merger.position
        try await database.transaction { session in
            try SiteChangesWriter(site: site).write(changes, session)
            try LearningPosition.write(position, session, site: site)
        }
        await report(position)
    }

    private func report(_ position: SiteMerger.Position) async {
        for (name, sensor) in position.sensors {
            await progress.report(.learning, SensorIdentity(site: site, sensor: name), through: sensor.passed)
        }
    }
}

/// A site's merger and engine, hand in hand.
struct LearningLine {
    var merger: SiteMerger
    var engine: any SiteEngine
    /// Records that the engine has seen since the last checkpoint.
    private(set) var recordCount = 0
    /// Whether anything happened since the last checkpoint.
    private(set) var isChanged = false
    private let learned = Counter(label: "master_learned_records_total")

    init(merger: SiteMerger, engine: any SiteEngine) { (self.merger, self.engine) = (merger, engine) }

    mutating func take(_ batch: LoggedBatch) {
        merger.take(batch.batch, from: batch.sensor, sequence: batch.sequence)
        isChanged = true
        drain()
    }

    mutating func drain() {
        guard let count = merger.drain(into: &engine) else { return }
        recordCount += count
        isChanged = true
        learned.increment(by: count)
    }

    mutating func takeChanges() -> SiteChanges {
        (recordCount, isChanged) = (0, false)
        return engine.takeChanges()
    }
}
