public import Protocol
public import Shared

/// The fleet's directory in PostgreSQL: tables `site`, `sensor`, `sensor_certificate`, `enrolment_token`.
public struct SensorStore: SensorDirectory {
    private let database: Database

    public init(database: Database) { self.database = database }

    public func add(_ token: EnrolmentToken) async throws {
        try await database.transaction { session in
            // The first token of a site is what makes the site.
            try session.execute("INSERT INTO site (name) VALUES ($1) ON CONFLICT DO NOTHING", [.text(token.site)])
            try session.execute(
                "INSERT INTO enrolment_token (hash, site, created_at, expires_at) VALUES ($1, $2, $3, $4)",
                [.bytes(token.hash), .text(token.site), .time(token.createdAt), .time(token.expiresAt)])
        }
    }

    public func redeem(tokenHash: [UInt8], for certificate: SensorCertificate, now: Timestamp) async throws {
        try await database.transaction { session in
            try Self.use(tokenHash, for: certificate.sensor, now: now, session)
            let holders = try session.query(
                """
                SELECT serial FROM sensor_certificate
                WHERE site = $1 AND sensor = $2 AND revoked_at IS NULL AND not_after > $3
                """, [.text(certificate.sensor.site), .text(certificate.sensor.sensor), .time(now)])
            guard holders.isEmpty else { throw EnrolmentRefusal.nameTaken(certificate.sensor) }
            try Self.enter(certificate, session)
        }
    }

    /// Marks a token used. The row stays locked until the transaction ends, so that of two only one gets it.
    private static func use(
        _ hash: [UInt8], for sensor: SensorIdentity, now: Timestamp, _ session: PostgresSession
    ) throws {
        let rows = try session.query(
            "SELECT site, expires_at, used_at FROM enrolment_token WHERE hash = $1 FOR UPDATE", [.bytes(hash)])
        guard let row = rows.first else { throw EnrolmentRefusal.tokenUnknown }
        guard row.isNull("used_at") else { throw EnrolmentRefusal.tokenUsed }
        let expiry = row.time("expires_at") ?? .distantPast
        guard now < expiry else { throw EnrolmentRefusal.tokenExpired(at: expiry) }
        guard row.text("site") == sensor.site else { throw EnrolmentRefusal.otherSite(row.text("site")) }
        try session.execute(
            "UPDATE enrolment_token SET used_at = $2, used_by = $3 WHERE hash = $1",
            [.bytes(hash), .time(now), .text(sensor.sensor)])
    }

    /// Enters a certificate, and its sensor with what is newest about it.
    private static func enter(_ certificate: SensorCertificate, _ session: PostgresSession) throws {
        let sensor = certificate.sensor
        try session.execute("INSERT INTO site (name) VALUES ($1) ON CONFLICT DO NOTHING", [.text(sensor.site)])
        try session.execute(
            """
            INSERT INTO sensor (site, name, certificate_serial, enrolled_at, expires_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (site, name) DO UPDATE SET certificate_serial = excluded.certificate_serial,
                expires_at = excluded.expires_at, revoked_at = NULL
            """,
            [
                .text(sensor.site), .text(sensor.sensor), .text(certificate.serial), .time(certificate.notBefore),
                .time(certificate.notAfter),
            ])
        try session.execute(
            """
            INSERT INTO sensor_certificate (serial, site, sensor, not_before, not_after, revoked_at)
            VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                .text(certificate.serial), .text(sensor.site), .text(sensor.sensor), .time(certificate.notBefore),
                .time(certificate.notAfter), certificate.revokedAt.map { .time($0) } ?? .null,
            ])
    }

    public func add(_ certificate: SensorCertificate) async throws {
        try await database.transaction { try Self.enter(certificate, $0) }
    }

    public func certificate(serial: String) async throws -> SensorCertificate? {
        let rows = try await database.query(
            "SELECT site, sensor, not_before, not_after, revoked_at FROM sensor_certificate WHERE serial = $1",
            [.text(serial)])
        return rows.first.map { row in
            SensorCertificate(
                serial: serial, sensor: SensorIdentity(site: row.text("site"), sensor: row.text("sensor")),
                notBefore: row.time("not_before") ?? .distantPast, notAfter: row.time("not_after") ?? .distantPast,
                revokedAt: row.time("revoked_at"))
        }
    }

    public func revoke(_ sensor: SensorIdentity, now: Timestamp) async throws -> [String] {
        try await database.transaction { session in
            try session.execute(
                "UPDATE sensor SET revoked_at = $3 WHERE site = $1 AND name = $2 AND revoked_at IS NULL",
                [.text(sensor.site), .text(sensor.sensor), .time(now)])
            let rows = try session.query(
                """
                UPDATE sensor_certificate SET revoked_at = $3
                WHERE site = $1 AND sensor = $2 AND revoked_at IS NULL AND not_after > $3 RETURNING serial
                """, [.text(sensor.site), .text(sensor.sensor), .time(now)])
            return rows.map { $0.text("serial") }.sorted()
        }
    }

    public func revokedSerials(now: Timestamp) async throws -> Set<String> {
        let rows = try await database.query(
            "SELECT serial FROM sensor_certificate WHERE revoked_at IS NOT NULL AND not_after > $1", [.time(now)])
        return Set(rows.map { $0.text("serial") })
    }

    public func saw(_ sensor: SensorIdentity, version: String, at now: Timestamp) async throws {
        try await database.query(
            "UPDATE sensor SET last_seen_at = $3, version = $4 WHERE site = $1 AND name = $2",
            [.text(sensor.site), .text(sensor.sensor), .time(now), .text(version)])
    }

    public func report(_ health: SensorHealth, of sensor: SensorIdentity, at now: Timestamp) async throws {
        let content = try StoredJSON.encode(health)
        try await database.query(
            "UPDATE sensor SET last_seen_at = $3, health = $4::text::jsonb WHERE site = $1 AND name = $2",
            [.text(sensor.site), .text(sensor.sensor), .time(now), .text(content)])
    }
}
