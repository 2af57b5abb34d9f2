import Foundation
import Shared

extension PostgresConsoleData {
    public func devices(_ query: DeviceQuery) async throws -> DevicePage {
        let text = query.text.filter { $0 != "\0" }
        let filter = """
            ($1::text IS NULL OR d.site = $1) AND ($2 = '' OR d.name ILIKE $3 OR d.id ILIKE $3 OR d.mac ILIKE $3
                OR d.role ILIKE $3 OR EXISTS (SELECT 1 FROM device_address a WHERE a.site = d.site AND a.device = d.id
                    AND host(a.address) LIKE $3))
            """
        let values: [SQLValue] = [.optional(query.site), .text(text), .text(Self.pattern(text))]
        return try await database.run { session in
            let total = try session.query("SELECT count(*) AS n FROM device d WHERE \(filter)", values).first
            let rows = try session.query(
                """
                WITH worst AS (SELECT site, device, max(score) AS score FROM incident, unnest(devices) AS device
                    GROUP BY site, device)
                SELECT d.*, w.score FROM device d LEFT JOIN worst w ON w.site = d.site AND w.device = d.id
                WHERE \(filter) ORDER BY w.score DESC NULLS LAST, d.name, d.site LIMIT $4 OFFSET $5
                """, values + [.int(Int64(query.limit)), .int(Int64(query.offset))])
            var page = rows.map { row in
                DeviceRow(site: row.text("site"), device: Self.device(row), highestScore: row.optionalDouble("score"))
            }
            for (site, indices) in Dictionary(grouping: page.indices, by: { page[$0].site }) {
                let uses = try Self.addresses(site: site, of: indices.map { page[$0].device.id }, session)
                for index in indices { page[index].device.addresses = uses[page[index].device.id] ?? [] }
            }
            return DevicePage(rows: page, total: Int(total?.int("n") ?? 0))
        }
    }

    public func device(site: String, id: String) async throws -> DeviceFile? {
        try await database.run { session in
            guard let device = try Self.devices(site: site, ids: [id], session).first else { return nil }
            let incidents = try session.query(
                """
                SELECT * FROM incident WHERE site = $1 AND devices @> ARRAY[$2]
                ORDER BY score DESC, last_time DESC LIMIT 50
                """, [.text(site), .text(id)])
            let users = try session.query(
                "SELECT id, devices FROM account WHERE site = $1 AND devices ? $2 ORDER BY last_seen DESC LIMIT 200",
                [.text(site), .text(id)])
            let hour = try session.query(
                """
                SELECT max(hour) AS hour FROM entity_hour
                WHERE site = $1 AND entity_kind = 'device' AND entity = $2
                """, [.text(site), .text(id)])
            let uses = users.map { ($0.text("id"), Self.times($0.text("devices"))[id] ?? .distantPast) }
            return DeviceFile(
                site: site, device: device, users: Dictionary(uses) { first, _ in first },
                incidents: try Self.complete(incidents.map { (site, Self.incident($0)) }, session),
                lastHour: hour.first?.time("hour"))
        }
    }

    static func devices(site: String, ids: [String], _ session: PostgresSession) throws -> [Device] {
        let rows = try session.query(
            "SELECT * FROM device WHERE site = $1 AND id = ANY ($2) ORDER BY id", [.text(site), .texts(ids)])
        let uses = try addresses(site: site, of: ids, session)
        return rows.map { row in
            var device = device(row)
            device.addresses = uses[device.id] ?? []
            return device
        }
    }

    private static func device(_ row: SQLRow) -> Device {
        var device = Device(
            id: row.text("id"), name: row.text("name"), mac: row.optionalText("mac"), role: row.text("role"),
            firstSeen: row.time("first_seen") ?? .distantPast, lastSeen: row.time("last_seen") ?? .distantPast)
        device.names = texts(row.text("names"))
        return device
    }

    private static func addresses(
        site: String, of ids: [String], _ session: PostgresSession
    ) throws -> [String: [Device.AddressUse]] {
        let rows = try session.query(
            """
            SELECT device, host(address) AS address, first_seen, last_seen FROM device_address
            WHERE site = $1 AND device = ANY ($2) ORDER BY last_seen DESC LIMIT 5000
            """, [.text(site), .texts(ids)])
        return rows.reduce(into: [:]) { uses, row in
            uses[row.text("device"), default: []].append(
                Device.AddressUse(
                    address: row.text("address"), firstSeen: row.time("first_seen") ?? .distantPast,
                    lastSeen: row.time("last_seen") ?? .distantPast))
        }
    }
}
