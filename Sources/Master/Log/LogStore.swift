import Metrics
public import Protocol
import Shared

/// The log: every batch as it came, in PostgreSQL.
public struct LogStore: BatchStore {
    private let database: Database
    private let bell: LogBell
    private let progress: LogProgress
    private let stored = Counter(label: "master_log_batches_total")
    private let records = Counter(label: "master_log_records_total")
    private let repeated = Counter(label: "master_log_repeated_batches_total")

    public init(database: Database, bell: LogBell, progress: LogProgress) {
        (self.database, self.bell, self.progress) = (database, bell, progress)
    }

    public func commit(_ batches: [IncomingBatch]) async throws {
        guard !batches.isEmpty else { return }
        let added = try await database.transaction { session in
            let added = try Self.insert(batches, session)
            try Self.noteSequences(batches, session)
            return added
        }
        stored.increment(by: added)
        repeated.increment(by: batches.count - added)
        records.increment(by: batches.reduce(0) { $0 + $1.content.recordCount })
        for site in Set(batches.map(\.sensor.site)).sorted() { await bell.ring(site) }
    }

    public func lastSequence(of sensor: SensorIdentity) async throws -> UInt64 {
        let rows = try await database.query(
            "SELECT max(sequence) AS sequence FROM batch WHERE site = $1 AND sensor = $2",
            [.text(sensor.site), .text(sensor.sensor)])
        return UInt64(rows.first?.int("sequence") ?? 0)
    }

    public func waitUntilLearned(_ sensor: SensorIdentity, through sequence: UInt64) async throws {
        try await progress.wait(sensor, through: sequence)
    }

    private static func insert(_ batches: [IncomingBatch], _ session: PostgresSession) throws -> Int {
        try session.execute(
            """
            INSERT INTO batch (site, sensor, sequence, first_time, last_time, watermark, record_count, crc32c, payload)
            SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
                                 $7::bigint[], $8::bigint[], $9::bytea[])
            ON CONFLICT DO NOTHING
            """,
            [
                .texts(batches.map(\.sensor.site)), .texts(batches.map(\.sensor.sensor)),
                .ints(batches.map { Int64(clamping: $0.sequence) }),
                .ints(batches.map(\.content.firstTime.nanoseconds)),
                .ints(batches.map(\.content.lastTime.nanoseconds)),
                .ints(batches.map(\.content.watermark.nanoseconds)),
                .ints(batches.map { Int64($0.content.recordCount) }),
                .ints(batches.map { Int64($0.content.crc32c) }), .byteStrings(batches.map(\.content.payload)),
            ])
    }

    private static func noteSequences(_ batches: [IncomingBatch], _ session: PostgresSession) throws {
        let last = Dictionary(batches.map { ($0.sensor, $0.sequence) }, uniquingKeysWith: max)
        // One order for all transactions, so that two of them cannot wait for each other.
        let sensors = last.keys.sorted { ($0.site, $0.sensor) < ($1.site, $1.sensor) }
        try session.execute(
            """
            UPDATE sensor SET last_sequence = greatest(last_sequence, new.sequence), last_seen_at = now()
            FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (site, name, sequence)
            WHERE sensor.site = new.site AND sensor.name = new.name
            """,
            [
                .texts(sensors.map(\.site)), .texts(sensors.map(\.sensor)),
                .ints(sensors.map { Int64(clamping: last[$0] ?? 0) }),
            ])
    }
}
