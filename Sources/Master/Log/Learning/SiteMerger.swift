import Shared

/// Puts the batches of a site's sensors into one line of records in event time. Pure: the same batches, taken in the
/// order that ``next(unread:)`` asks for, give the same line, whatever the pace at which they arrived.
///
/// Every sensor promises with each batch (its watermark) that nothing observed earlier will follow. A record's
/// *effective time* is its observation time, but never before what its sensor had promised. Records leave in order of
/// (effective time, sensor, sequence, table, row) as soon as the promises of all active sensors have passed them.
struct SiteMerger {
    /// What is known of one sensor.
    struct Sensor: Equatable {
        /// Nothing of it can have an effective time before this.
        var floor = Timestamp.distantPast
        /// Takes part in the site's watermark: has sent since its last finish and is not silent.
        var isActive = false
        /// Last sequence that was taken.
        var sequence: UInt64 = 0
    }

    private(set) var sensors: [String: Sensor] = [:]
    /// Every record with an effective time before this has left.
    private(set) var closedUntil = Timestamp.distantPast
    /// Effective time of the last record that left.
    private(set) var lastTime = Timestamp.distantPast
    /// Records that left before the promises had passed them, because too many waited.
    private(set) var forcedCount = 0
    private var waiting: [Waiting] = []
    private var held: [Int: Held] = [:]
    private var nextHeld = 0
    private var hasFinished = false

    /// How many records may wait in memory (about 100 bytes each with their batches).
    static let waitingLimit = 400_000
    /// How far time goes on behind the last record when all sensors have finished, so that open hours end.
    static let closingTime = Interval.hours(2)

    /// A batch of which records wait.
    private struct Held {
        var sensor: String
        var sequence: UInt64
        var floor: Timestamp
        var batch: RecordBatch
        var remaining: Int
    }

    private struct Waiting {
        var time: Timestamp
        var held: Int
        var table: Int32
        var row: Int32
    }

    var waitingCount: Int { waiting.count }

    /// The sensor whose batch is to be taken next, nil when that has none yet and all must wait for it.
    /// - Parameter unread: sensors of which the log has more; those that were away take part from now on.
    mutating func next(unread: Set<String>) -> String? {
        for name in unread where sensors[name]?.isActive != true { join(name) }
        guard let slowest = slowest() else { return nil }
        return unread.contains(slowest) ? slowest : nil
    }

    /// The active sensor that promised least: the one that all others wait for.
    func slowest() -> String? {
        sensors.filter(\.value.isActive).min { ($0.value.floor, $0.key) < ($1.value.floor, $1.key) }?.key
    }

    /// A sensor takes part from now on. What has been closed stays closed.
    mutating func join(_ name: String) {
        sensors[name, default: Sensor()].isActive = true
        sensors[name, default: Sensor()].floor = max(sensors[name]?.floor ?? .distantPast, closedUntil)
    }

    /// A silent sensor is not waited for any longer.
    mutating func leave(_ name: String) { sensors[name]?.isActive = false }

    /// Takes the next batch of a sensor.
    mutating func take(_ batch: RecordBatch, from name: String, sequence: UInt64) {
        var sensor = sensors[name] ?? Sensor()
        hold(Held(sensor: name, sequence: sequence, floor: sensor.floor, batch: batch, remaining: 0))
        sensor.sequence = sequence
        if batch.watermark == .distantFuture {
            sensor.isActive = false
            hasFinished = true
        } else {
            sensor.floor = max(sensor.floor, batch.watermark)
        }
        sensors[name] = sensor
    }

    private mutating func hold(_ batch: Held) {
        var batch = batch
        for (tableIndex, table) in batch.batch.tables.enumerated() {
            let observed = ObservationTime.ofKinds[table.kindIndex]
            for row in 0..<table.rowCount {
                let time = max(observed(table, row) ?? batch.floor, batch.floor)
                // Before this it has left already; happens only when a checkpoint is restored.
                guard time >= closedUntil else { continue }
                waiting.append(Waiting(time: time, held: nextHeld, table: Int32(tableIndex), row: Int32(row)))
                batch.remaining += 1
            }
        }
        guard batch.remaining > 0 else { return }
        held[nextHeld] = batch
        nextHeld += 1
    }

    /// Gives the engine every record that no promise holds back any longer, and tells it how far time has come.
    /// - Returns: how many records those were, nil when nothing has changed.
    mutating func drain(into engine: inout any SiteEngine) -> Int? {
        let isOver = hasFinished && !sensors.values.contains(where: \.isActive)
        if isOver { return close(into: &engine) }
        force()
        guard let floor = sensors.values.filter(\.isActive).map(\.floor).min(), floor > closedUntil else { return nil }
        let count = release(before: floor, into: &engine)
        closedUntil = floor
        engine.advance(to: floor)
        return count
    }

    /// All sensors have finished: nothing waits any longer, and open hours end.
    private mutating func close(into engine: inout any SiteEngine) -> Int? {
        let count = release(before: nil, into: &engine)
        hasFinished = false
        guard lastTime > .distantPast else { return nil }
        closedUntil = max(closedUntil, lastTime + Self.closingTime)
        engine.advance(to: closedUntil)
        return count
    }

    /// When too many wait, the older half goes: late is better than never, and memory has an end.
    private mutating func force() {
        guard waiting.count > Self.waitingLimit else { return }
        let middle = waiting.map(\.time).sorted()[waiting.count / 2]
        for name in sensors.keys where sensors[name]?.isActive == true {
            sensors[name, default: Sensor()].floor = max(sensors[name]?.floor ?? middle, middle)
        }
        forcedCount += waiting.count { $0.time < middle }
    }

    private mutating func release(before limit: Timestamp?, into engine: inout any SiteEngine) -> Int {
        var leaving: [Waiting] = []
        if let limit {
            let split = waiting.partition { $0.time < limit }
            leaving = Array(waiting[split...])
            waiting.removeSubrange(split...)
        } else {
            swap(&leaving, &waiting)
        }
        leaving.sort { comesBefore($0, $1) }
        for one in leaving {
            guard let batch = held[one.held]?.batch else { continue }
            engine.observe(RecordView(batch: batch, tableIndex: Int(one.table), row: Int(one.row)), at: one.time)
        }
        for one in leaving { held[one.held]?.remaining -= 1 }
        for (id, batch) in held where batch.remaining == 0 { held[id] = nil }
        if let last = leaving.last { lastTime = max(lastTime, last.time) }
        return leaving.count
    }

    private func comesBefore(_ a: Waiting, _ b: Waiting) -> Bool {
        if a.time != b.time { return a.time < b.time }
        if a.held == b.held { return (a.table, a.row) < (b.table, b.row) }
        guard let first = held[a.held], let second = held[b.held] else { return a.held < b.held }
        return (first.sensor, first.sequence) < (second.sensor, second.sequence)
    }
}

extension SiteMerger {
    /// Everything that must be known to go on after a restart; batches are read again from the log.
    struct Position: Equatable, Sendable {
        struct Sensor: Equatable, Sendable {
            var sequence: UInt64 = 0
            var floor = Timestamp.distantPast
            var isActive = false
            /// Batches of which records wait, with the floor that dates them.
            var waiting: [Waiting] = []

            /// Up to here everything has left.
            var passed: UInt64 { waiting.first.map { $0.sequence - 1 } ?? sequence }
        }
        struct Waiting: Equatable, Sendable {
            var sequence: UInt64
            var floor: Timestamp
        }

        var sensors: [String: Sensor] = [:]
        var closedUntil = Timestamp.distantPast
        var lastTime = Timestamp.distantPast
    }

    var position: Position {
        var position = Position(closedUntil: closedUntil, lastTime: lastTime)
        for (name, sensor) in sensors {
            position.sensors[name] = Position.Sensor(
                sequence: sensor.sequence, floor: sensor.floor, isActive: sensor.isActive)
        }
        for batch in held.values.sorted(by: { $0.sequence < $1.sequence }) {
            position.sensors[batch.sensor]?.waiting.append(.init(sequence: batch.sequence, floor: batch.floor))
        }
        return position
    }

    /// Goes on where `position` was taken.
    /// - Parameter batches: what ``Position/Sensor/waiting`` names, as far as the log still has it.
    init(_ position: Position, batches: [LoggedBatch]) {
        self.init()
        (closedUntil, lastTime) = (position.closedUntil, position.lastTime)
        for (name, sensor) in position.sensors {
            sensors[name] = Sensor(floor: sensor.floor, isActive: sensor.isActive, sequence: sensor.sequence)
        }
        for batch in batches {
            let known = position.sensors[batch.sensor]?.waiting.first { $0.sequence == batch.sequence }
            hold(
                Held(
                    sensor: batch.sensor, sequence: batch.sequence, floor: known?.floor ?? closedUntil,
                    batch: batch.batch, remaining: 0))
        }
    }
}
