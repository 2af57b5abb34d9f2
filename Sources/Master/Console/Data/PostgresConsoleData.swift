import Foundation
public import Shared

/// What the console reads, from PostgreSQL. Each page is a fixed number of statements, each with a limit.
public struct PostgresConsoleData: ConsoleData {
    let database: Database

    public init(database: Database) { self.database = database }

    public func overview() async throws -> Overview {
        let rows = try await database.query(
            """
            SELECT ARRAY(SELECT name FROM site ORDER BY name) AS sites, (SELECT count(*) FROM device) AS devices,
                (SELECT count(*) FROM account) AS accounts,
                greatest((SELECT max(last_time) FROM incident), (SELECT max(last_seen) FROM device)) AS last_time
            """)
        var overview = Overview()
        guard let row = rows.first else { return overview }
        overview.sites = row.texts("sites")
        overview.deviceCount = Int(row.int("devices"))
        overview.accountCount = Int(row.int("accounts"))
        overview.lastTime = row.time("last_time")
        return overview
    }

    public func alerts(minScore: Double, site: String?, limit: Int, offset: Int) async throws -> [SiteAlert] {
        let rows = try await database.query(
            """
            SELECT * FROM alert WHERE score >= $1 AND ($2::text IS NULL OR site = $2)
            ORDER BY time DESC, site, id LIMIT $3 OFFSET $4
            """, [.double(minScore), .optional(site), .int(Int64(limit)), .int(Int64(offset))])
        return try rows.map { SiteAlert(site: $0.text("site"), alert: try Self.alert($0)) }
    }

    public func hours(
        site: String, entity: EntityID, from: Timestamp, to: Timestamp
    ) async throws -> [EntityHour] {
        let rows = try await database.query(
            """
            SELECT measure, hour, value, normal_low, normal_high FROM entity_hour
            WHERE site = $1 AND entity_kind = $2 AND entity = $3 AND hour >= $4 AND hour < $5
            ORDER BY measure, hour LIMIT 60000
            """, [.text(site), .text(entity.kind.rawValue), .text(entity.name), .time(from), .time(to)])
        return rows.map { row in
            EntityHour(
                entity: entity, measure: row.text("measure"), hour: row.time("hour") ?? from,
                value: row.double("value"), normalLow: row.double("normal_low"), normalHigh: row.double("normal_high"))
        }
    }

    public func accounts(text: String, limit: Int) async throws -> [AccountRow] {
        let rows = try await database.query(
            """
            SELECT a.*, i.score FROM account a LEFT JOIN LATERAL (
                SELECT max(score) AS score FROM incident WHERE site = a.site AND users @> ARRAY[a.id]) i ON true
            WHERE $1 = '' OR a.id ILIKE $2 ORDER BY i.score DESC NULLS LAST, a.last_seen DESC LIMIT $3
            """, [.text(text), .text(Self.pattern(text)), .int(Int64(limit))])
        return rows.map { row in
            var account = Account(
                id: row.text("id"), firstSeen: row.time("first_seen") ?? .distantPast,
                lastSeen: row.time("last_seen") ?? .distantPast)
            account.devices = Self.times(row.text("devices"))
            return AccountRow(site: row.text("site"), account: account, highestScore: row.optionalDouble("score"))
        }
    }

    public func sensors() async throws -> [SensorRow] {
        let rows = try await database.query(
            """
            SELECT s.site, s.name, s.version, s.enrolled_at, s.expires_at, s.revoked_at, s.last_seen_at,
                s.last_sequence, s.health, b.received_at, b.last_time AS batch_time
            FROM sensor s LEFT JOIN LATERAL (
                SELECT received_at, last_time FROM batch WHERE site = s.site AND sensor = s.name
                ORDER BY sequence DESC LIMIT 1) b ON true
            ORDER BY s.site, s.name LIMIT 1000
            """)
        return rows.map { row in
            var sensor = SensorRow(
                site: row.text("site"), name: row.text("name"), enrolledAt: row.time("enrolled_at") ?? .distantPast,
                expiresAt: row.time("expires_at") ?? .distantFuture)
            sensor.version = row.optionalText("version")
            sensor.revokedAt = row.time("revoked_at")
            sensor.lastSeen = row.time("last_seen_at")
            sensor.lastSequence = Int(row.int("last_sequence"))
            sensor.lastBatchReceived = row.time("received_at")
            sensor.lastBatchTime = row["batch_time"] == .null ? nil : Timestamp(nanoseconds: row.int("batch_time"))
            sensor.health = Self.numbers(row.optionalText("health") ?? "{}")
            return sensor
        }
    }

    /// A pattern for LIKE that finds `text` anywhere, its own wildcards taken literally.
    static func pattern(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
        return "%" + escaped.filter { $0 != "\0" } + "%"
    }

    /// Numbers (and numbers in text, as protobuf's JSON writes 64-bit integers) of an object.
    static func numbers(_ json: String) -> [String: Double] {
        guard let object = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] else {
            return [:]
        }
        return object.compactMapValues { value in
            (value as? NSNumber)?.doubleValue ?? (value as? String).flatMap(Double.init)
        }
    }

    /// Texts of an object.
    static func texts(_ json: String) -> [String: String] {
        (try? JSONDecoder().decode([String: String].self, from: Data(json.utf8))) ?? [:]
    }

    /// Times of an object, as ``Timestamp`` encodes itself.
    static func times(_ json: String) -> [String: Timestamp] {
        (try? JSONDecoder().decode([String: Timestamp].self, from: Data(json.utf8))) ?? [:]
    }
}

extension SQLValue {
    static func optional(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
    static func optional(_ time: Timestamp?) -> SQLValue { time.map { .time($0) } ?? .null }
}
