import Crypto
import Logging
import Metrics
import Protocol
import Shared

/// Fills the search tables of a site from its log, every record exactly once: rows and position in one transaction.
struct SearchConsumer: Sendable {
    let site: String
    let database: Database
    let bell: LogBell
    let progress: LogProgress
    let partitions: SearchPartitions
    let logger: Logger
    private let rows = Counter(label: "master_search_rows_total")
    private let outside = Counter(label: "master_search_rows_outside_days_total")

    init(
        site: String, database: Database, bell: LogBell, progress: LogProgress, partitions: SearchPartitions,
        logger: Logger
    ) {
        (self.site, self.database, self.bell) = (site, database, bell)
        (self.progress, self.partitions, self.logger) = (progress, partitions, logger)
    }

    /// Runs until the task is cancelled; throws what the database says, to be started again.
    func run() async throws {
        let reader = LogReader(database: database, site: site, logger: logger)
        var done = try await positions()
        for (sensor, sequence) in done { await report(sensor, sequence) }
        while !Task.isCancelled {
            let rings = await bell.count(site)
            var didSomething = false
            for (sensor, last) in try await reader.lastSequences().sorted(by: { $0.key < $1.key })
            where last > done[sensor, default: 0] {
                let batches = try await reader.read(sensor, after: done[sensor, default: 0])
                guard let end = batches.last?.sequence else { continue }
                try await store(batches, sensor, from: done[sensor, default: 0], to: end)
                done[sensor] = end
                didSomething = true
                await report(sensor, end)
            }
            if !didSomething { await bell.wait(site, beyond: rings, atMost: .seconds(5)) }
        }
    }

    private func report(_ sensor: String, _ sequence: UInt64) async {
        await progress.report(.search, SensorIdentity(site: site, sensor: sensor), through: sequence)
    }

    private func positions() async throws -> [String: UInt64] {
        let rows = try await database.query(
            "SELECT sensor, sequence FROM consumer WHERE site = $1 AND name = 'search'", [.text(site)])
        return Dictionary(
            rows.map { ($0.text("sensor"), UInt64($0.int("sequence"))) }, uniquingKeysWith: { first, _ in first })
    }

    private func store(_ batches: [LoggedBatch], _ sensor: String, from: UInt64, to: UInt64) async throws {
        var load = SearchLoad(site: site, sensor: sensor)
        let oldest = await partitions.oldestDay(of: site)
        for batch in batches {
            var complete = batch.batch
            complete.completeCommunityIDs { Array(Insecure.SHA1.hash(data: $0)) }
            load.add(complete, oldestDay: oldest)
        }
        try await partitions.prepare(load.days.map { (Records.kinds[$0.kind], $0.day) }, site: site)
        let messages = load.messages()
        try await database.transaction { session in
            try move(session, sensor, from: from, to: to)
            for (statement, message) in messages { try session.copy(statement, message) }
        }
        rows.increment(by: load.rowCount)
        outside.increment(by: load.outsideCount)
    }

    /// Moves the position on, and makes sure that nobody else has.
    private func move(_ session: PostgresSession, _ sensor: String, from: UInt64, to: UInt64) throws {
        let moved = try session.execute(
            """
            INSERT INTO consumer (site, name, sensor, sequence, watermark, active, waiting_sequences,
                                  waiting_watermarks, closed_until, last_time)
            VALUES ($1, 'search', $2, $4, 0, false, '{}', '{}', 0, 0)
            ON CONFLICT (site, name, sensor) DO UPDATE SET sequence = excluded.sequence, updated_at = now()
            WHERE consumer.sequence = $3
            """, [.text(site), .text(sensor), .int(Int64(clamping: from)), .int(Int64(clamping: to))])
        guard moved == 1 else {
            throw DatabaseError(
                .conflict, "Somebody else fills the search tables of site \(site)",
                hint: "let one meneki-master only use this database")
        }
    }
}

/// Rows of several batches, sorted into tables.
struct SearchLoad {
    struct Day: Hashable {
        var kind: Int
        var day: Int
    }

    let site: String
    let sensor: String
    private(set) var days: Set<Day> = []
    private(set) var rowCount = 0
    /// Records without a time, with an impossible one, or from days that are not kept.
    private(set) var outsideCount = 0
    private var tables: [Int: SearchRows] = [:]

    /// Days of one load; more would be a sensor whose clock makes no sense, and each costs a table.
    static let dayLimit = 400

    init(site: String, sensor: String) { (self.site, self.sensor) = (site, sensor) }

    mutating func add(_ batch: RecordBatch, oldestDay: Int) {
        let texts = SearchTexts(batch.strings)
        for table in batch.tables {
            let kind = Records.kinds[table.kindIndex]
            guard let position = kind.position(ofField: "ts") else { continue }
            let types = kind.fields.map(\.type)
            var rows = tables.removeValue(forKey: table.kindIndex) ?? SearchRows()
            var day = Day(kind: table.kindIndex, day: .min)
            for row in 0..<table.rowCount {
                let column = table.columns[position]
                let time = column.isPresent(row) ? Timestamp(columnBits: column.numbers[row]) : .distantPast
                guard time.dayNumber >= oldestDay, SearchPartitions.plausibleDays.contains(time.dayNumber) else {
                    outsideCount += 1
                    continue
                }
                if time.dayNumber != day.day {
                    day.day = time.dayNumber
                    guard days.contains(day) || days.count < Self.dayLimit else {
                        day.day = .min
                        outsideCount += 1
                        continue
                    }
                    days.insert(day)
                }
                rows.append(table, row: row, types: types, strings: texts, site: site, sensor: sensor)
                rowCount += 1
            }
            tables[table.kindIndex] = rows
        }
    }

    /// The COPY statements with their data.
    func messages() -> [(String, [UInt8])] {
        tables.sorted { $0.key < $1.key }.filter { $0.value.rowCount > 0 }
            .map { (SearchRows.statement(Records.kinds[$0.key]), $0.value.finished()) }
    }
}
