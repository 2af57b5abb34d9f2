import Shared

/// Where the learning consumer of a site stands, in the table `consumer`.
enum LearningPosition {
    static func read(_ session: PostgresSession, site: String) throws -> SiteMerger.Position {
        let rows = try session.query(
            """
            SELECT sensor, sequence, watermark, active, waiting_sequences, waiting_watermarks, closed_until, last_time
            FROM consumer WHERE site = $1 AND name = 'learning'
            """, [.text(site)])
        var position = SiteMerger.Position()
        for row in rows {
            let waiting = zip(row.ints("waiting_sequences"), row.ints("waiting_watermarks")).map {
                SiteMerger.Position.Waiting(sequence: UInt64($0), floor: Timestamp(nanoseconds: $1))
            }
            position.sensors[row.text("sensor")] = .init(
                sequence: UInt64(row.int("sequence")), floor: Timestamp(nanoseconds: row.int("watermark")),
                isActive: row.bool("active"), waiting: waiting)
            position.closedUntil = max(position.closedUntil, Timestamp(nanoseconds: row.int("closed_until")))
            position.lastTime = max(position.lastTime, Timestamp(nanoseconds: row.int("last_time")))
        }
        return position
    }

    static func write(_ position: SiteMerger.Position, _ session: PostgresSession, site: String) throws {
        for (name, sensor) in position.sensors.sorted(by: { $0.key < $1.key }) {
            try session.execute(
                """
                INSERT INTO consumer (site, name, sensor, sequence, watermark, active, waiting_sequences,
                                      waiting_watermarks, closed_until, last_time)
                VALUES ($1, 'learning', $2, $3, $4, $5, $6, $7, $8, $9)
                ON CONFLICT (site, name, sensor) DO UPDATE SET
                    sequence = excluded.sequence, watermark = excluded.watermark, active = excluded.active,
                    waiting_sequences = excluded.waiting_sequences, waiting_watermarks = excluded.waiting_watermarks,
                    closed_until = excluded.closed_until, last_time = excluded.last_time, updated_at = now()
                """,
                [
                    .text(site), .text(name), .int(Int64(clamping: sensor.sequence)), .int(sensor.floor.nanoseconds),
                    .bool(sensor.isActive), .ints(sensor.waiting.map { Int64(clamping: $0.sequence) }),
                    .ints(sensor.waiting.map(\.floor.nanoseconds)), .int(position.closedUntil.nanoseconds),
                    .int(position.lastTime.nanoseconds),
                ])
        }
    }
}
