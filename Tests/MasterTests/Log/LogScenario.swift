import Logging
import Protocol
import Shared

@testable import Master

/// Numbers that look random and are the same in every run (SplitMix64, Steele et al. 2014).
struct Dice: RandomNumberGenerator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// What sensors of one site might send: connections that end later than they begin, names, promises that hold.
struct LogScenario {
    static let start: Int64 = 1_762_128_000_000_000_000  // 2025-11-03T00:00:00Z

    var batches: [String: [RecordBatch]] = [:]

    init(seed: UInt64, sensors: [String] = ["a"], batchCount: Int = 40, rows: Int = 30) {
        var dice = Dice(seed)
        for sensor in sensors {
            var now = Self.start + Int64.random(in: 0..<60_000_000_000, using: &dice)
            for index in 0..<batchCount {
                var batch = RecordBatch()
                for row in 0..<rows {
                    now += Int64.random(in: 0..<20_000_000_000, using: &dice)
                    Self.add(&batch, uid: "C\(sensor)\(index)x\(row)", observed: now, &dice)
                }
                // Promises less than it could, as sensors do: some records wait for the next batch.
                let promise = now - Int64.random(in: 0..<200_000_000_000, using: &dice)
                batch.watermark = index == batchCount - 1 ? .distantFuture : Timestamp(nanoseconds: promise)
                batches[sensor, default: []].append(batch)
            }
        }
    }

    private static func add(_ batch: inout RecordBatch, uid: String, observed: Int64, _ dice: inout Dice) {
        if Bool.random(using: &dice) {
            let duration = Int64.random(in: 0..<900_000_000_000, using: &dice)
            batch.begin(ConnRecord.kind)
            batch.set(Records.conn.ts, Timestamp(nanoseconds: observed - duration))
            batch.set(Records.conn.duration, Interval(nanoseconds: duration))
            batch.set(Records.conn.uid, uid)
            batch.set(Records.conn.origH, IPAddress(v4: 0x0A00_0001))
            batch.set(Records.conn.respH, IPAddress(v4: 0x0A00_0002))
        } else {
            batch.begin(DNSRecord.kind)
            batch.set(Records.dns.ts, Timestamp(nanoseconds: observed))
            batch.set(Records.dns.uid, uid)
            batch.set(Records.dns.query, "\(uid).example")
        }
        batch.end()
    }

    var recordCount: Int { batches.values.joined().reduce(0) { $0 + $1.recordCount } }

    /// The line in which the records must reach the engine when all sensors begin together: worked out from the
    /// definition, without merging.
    var expected: [String] {
        struct Key {
            var time: Timestamp, sensor: String, sequence: Int, table: Int, row: Int, uid: String
        }
        var keys: [Key] = []
        for (sensor, sent) in batches {
            var floor = Timestamp.distantPast
            for (sequence, batch) in sent.enumerated() {
                for (table, rows) in batch.tables.enumerated() {
                    for row in 0..<rows.rowCount {
                        let view = RecordView(batch: batch, tableIndex: table, row: row)
                        let observed = ObservationTime.ofKinds[view.kindIndex](rows, row) ?? floor
                        keys.append(
                            Key(
                                time: max(observed, floor), sensor: sensor, sequence: sequence, table: table, row: row,
                                uid: view[Records.conn.uid] ?? ""))
                    }
                }
                floor = max(floor, batch.watermark)
            }
        }
        keys.sort { a, b in
            a.time != b.time
                ? a.time < b.time
                : (a.sensor, a.sequence, a.table, a.row) < (b.sensor, b.sequence, b.table, b.row)
        }
        return keys.map { "\($0.time.nanoseconds) \($0.uid)" }
    }

    func incoming(site: String) throws -> [IncomingBatch] {
        try batches.sorted { $0.key < $1.key }.flatMap { sensor, sent in
            try sent.enumerated().map { index, batch in
                IncomingBatch(
                    sensor: SensorIdentity(site: site, sensor: sensor), sequence: UInt64(index + 1),
                    content: try BatchEncoder.encode(batch))
            }
        }
    }
}

/// An engine that remembers the order of everything it was given in one number, and alerts now and then.
struct DigestEngine: SiteEngine {
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    var count = 0
    var lines: [String] = []
    var advanced = Timestamp.distantPast
    var went = false
    private var changes = SiteChanges()

    init(_ states: [StateKey: [UInt8]] = [:]) {
        guard let state = states[StateKey(part: "digest", key: "")] else { return }
        let words = String(decoding: state, as: UTF8.self).split(separator: " ")
        (digest, count) = (UInt64(words[0]) ?? 0, Int(words[1]) ?? 0)
    }

    mutating func observe(_ record: RecordView, at time: Timestamp) {
        let line = "\(time.nanoseconds) \(record[Records.conn.uid] ?? "")"
        for byte in line.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        count += 1
        lines.append(line)
        if time < advanced { went = true }
        if count % 50 == 0 {
            changes.alerts.append(
                Alert(
                    id: "alert-\(count)", time: time, score: 80, bits: 20, model: "Test / Count",
                    entity: EntityID(kind: .device, name: "pc"), devices: ["pc"], users: [], destinations: [],
                    attack: [], incident: "i", values: ["digest": .text(String(digest))], observations: []))
        }
    }

    mutating func advance(to time: Timestamp) { advanced = max(advanced, time) }

    mutating func takeChanges() -> SiteChanges {
        defer { changes = SiteChanges() }
        changes.states[StateKey(part: "digest", key: "")] = Array("\(digest) \(count)".utf8)
        return changes
    }
}

extension Logger {
    static var silent: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }
}
