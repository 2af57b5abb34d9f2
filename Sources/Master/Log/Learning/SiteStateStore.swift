/// Memories of a site's engine, in the table `model_state`.
enum SiteStateStore {
    /// Rows and bytes of one statement.
    static let chunkRows = 5000
    static let chunkBytes = 8 << 20

    static func read(_ session: PostgresSession, site: String) throws -> [StateKey: [UInt8]] {
        let rows = try session.query("SELECT part, key, state FROM model_state WHERE site = $1", [.text(site)])
        return Dictionary(
            rows.map { (StateKey(part: $0.text("part"), key: $0.text("key")), $0.bytes("state")) },
            uniquingKeysWith: { first, _ in first })
    }

    static func write(_ states: [StateKey: [UInt8]], _ session: PostgresSession, site: String) throws {
        // In the order of the key: neighbours share pages, and no two writers wait for each other.
        let sorted = states.sorted { ($0.key.part, $0.key.key) < ($1.key.part, $1.key.key) }
        var start = 0
        while start < sorted.count {
            var (end, byteCount) = (start, 0)
            while end < sorted.count, end - start < chunkRows, byteCount < chunkBytes {
                byteCount += sorted[end].value.count
                end += 1
            }
            let part = sorted[start..<end]
            try session.execute(
                """
                INSERT INTO model_state (site, part, key, state)
                SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bytea[])
                ON CONFLICT (site, part, key) DO UPDATE SET state = excluded.state
                """,
                [
                    .text(site), .texts(part.map(\.key.part)), .texts(part.map(\.key.key)),
                    .byteStrings(part.map(\.value)),
                ])
            start = end
        }
    }

    static func drop(_ keys: Set<StateKey>, _ session: PostgresSession, site: String) throws {
        guard !keys.isEmpty else { return }
        let sorted = keys.sorted { ($0.part, $0.key) < ($1.part, $1.key) }
        try session.execute(
            """
            DELETE FROM model_state USING unnest($2::text[], $3::text[]) AS dropped (part, key)
            WHERE site = $1 AND model_state.part = dropped.part AND model_state.key = dropped.key
            """, [.text(site), .texts(sorted.map(\.part)), .texts(sorted.map(\.key))])
    }
}
