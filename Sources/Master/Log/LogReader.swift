import Logging
import Metrics
import Protocol
import Shared

/// A batch that was read back from the log.
struct LoggedBatch: Sendable {
    var sensor: String
    var sequence: UInt64
    var batch: RecordBatch
}

/// Reads one site's part of the log, sensor by sensor.
struct LogReader: Sendable {
    let database: Database
    let site: String
    let logger: Logger
    private let unreadable = Counter(label: "master_log_unreadable_batches_total")

    /// Bounds of one read: so many batches, and none after so many compressed bytes.
    static let groupBatches: Int64 = 32
    static let groupBytes: Int64 = 4 << 20

    init(database: Database, site: String, logger: Logger) {
        (self.database, self.site, self.logger) = (database, site, logger)
    }

    /// The last stored sequence of each sensor.
    func lastSequences() async throws -> [String: UInt64] {
        // One step down the primary key a sensor, instead of reading all of the site's log.
        let rows = try await database.query(
            """
            WITH RECURSIVE found AS (
                (SELECT sensor, sequence FROM batch WHERE site = $1 ORDER BY sensor DESC, sequence DESC LIMIT 1)
                UNION ALL
                SELECT next.sensor, next.sequence FROM found CROSS JOIN LATERAL (
                    SELECT sensor, sequence FROM batch WHERE site = $1 AND sensor < found.sensor
                    ORDER BY sensor DESC, sequence DESC LIMIT 1) AS next)
            SELECT sensor, sequence FROM found
            """, [.text(site)])
        return Dictionary(
            rows.map { ($0.text("sensor"), UInt64($0.int("sequence"))) }, uniquingKeysWith: { first, _ in first })
    }

    /// The batches of a sensor behind `sequence`, in order, as many as ``groupBatches`` and ``groupBytes`` allow.
    func read(_ sensor: String, after sequence: UInt64) async throws -> [LoggedBatch] {
        let rows = try await database.query(
            """
            SELECT sequence, first_time, last_time, watermark, record_count, crc32c, payload
            FROM (SELECT *, sum(octet_length(payload)) OVER (ORDER BY sequence) - octet_length(payload) AS before
                  FROM (SELECT * FROM batch WHERE site = $1 AND sensor = $2 AND sequence > $3
                        ORDER BY sequence LIMIT $4) AS next) AS counted
            WHERE before < $5 ORDER BY sequence
            """,
            [
                .text(site), .text(sensor), .int(Int64(clamping: sequence)), .int(Self.groupBatches),
                .int(Self.groupBytes),
            ])
        return rows.map { decode($0, sensor) }
    }

    /// One batch, nil when the log does not have it (any more).
    func batch(_ sensor: String, _ sequence: UInt64) async throws -> LoggedBatch? {
        let rows = try await database.query(
            """
            SELECT sequence, first_time, last_time, watermark, record_count, crc32c, payload
            FROM batch WHERE site = $1 AND sensor = $2 AND sequence = $3
            """, [.text(site), .text(sensor), .int(Int64(clamping: sequence))])
        return rows.first.map { decode($0, sensor) }
    }

    /// A batch that cannot be read (the disk has altered it) counts as empty: its neighbours are still good.
    private func decode(_ row: SQLRow, _ sensor: String) -> LoggedBatch {
        let sequence = UInt64(row.int("sequence"))
        let encoded = EncodedBatch(
            firstTime: Timestamp(nanoseconds: row.int("first_time")),
            lastTime: Timestamp(nanoseconds: row.int("last_time")), recordCount: Int(row.int("record_count")),
            watermark: Timestamp(nanoseconds: row.int("watermark")),
            crc32c: UInt32(truncatingIfNeeded: row.int("crc32c")), payload: row.bytes("payload"))
        do {
            return LoggedBatch(sensor: sensor, sequence: sequence, batch: try BatchDecoder.decode(encoded).batch)
        } catch {
            unreadable.increment()
            logger.error(
                "A batch of the log cannot be read, going on without it",
                metadata: ["sensor": "\(site)/\(sensor)", "sequence": "\(sequence)", "error": "\(error)"])
            var empty = RecordBatch()
            empty.watermark = encoded.watermark
            return LoggedBatch(sensor: sensor, sequence: sequence, batch: empty)
        }
    }
}
