import Foundation
import Shared

extension PostgresConsoleData {
    /// What a filter asks, but the score: $1 site, $2 since, $3 text, $4 its pattern.
    private static let filter = """
        ($1::text IS NULL OR i.site = $1) AND ($2::timestamptz IS NULL OR i.last_time >= $2)
        AND ($3 = '' OR array_to_string(i.devices || i.users || i.destinations || i.models || i.attack, ' ') ILIKE $4
            OR EXISTS (SELECT 1 FROM device d WHERE d.site = i.site AND d.id = ANY (i.devices) AND d.name ILIKE $4))
        """

    private static func filterValues(_ query: IncidentQuery) -> [SQLValue] {
        let text = query.text.filter { $0 != "\0" }
        return [.optional(query.site), .optional(query.since), .text(text), .text(pattern(text))]
    }

    public func incidents(_ query: IncidentQuery) async throws -> IncidentPage {
        let order = query.newestFirst ? "i.last_time DESC, i.score DESC" : "i.score DESC, i.last_time DESC"
        let paging: [SQLValue] = [.double(query.minScore), .int(Int64(query.limit)), .int(Int64(query.offset))]
        let values = Self.filterValues(query)
        return try await database.run { session in
            let rows = try session.query(
                """
                SELECT i.* FROM incident i WHERE \(Self.filter) AND i.score >= $5
                ORDER BY \(order), i.site, i.id LIMIT $6 OFFSET $7
                """, values + paging)
            let bands = try session.query(
                """
                SELECT least(19, greatest(0, floor(i.score / 5)))::int AS band, count(*) AS count,
                    count(*) FILTER (WHERE i.score >= $5) AS shown
                FROM incident i WHERE \(Self.filter) GROUP BY band
                """, values + [.double(query.minScore)])
            var histogram = [Int](repeating: 0, count: 20)
            for band in bands { histogram[Int(band.int("band"))] = Int(band.int("count")) }
            let total = bands.reduce(0) { $0 + Int($1.int("shown")) }
            return IncidentPage(
                rows: try Self.complete(rows.map { ($0.text("site"), Self.incident($0)) }, session), total: total,
                histogram: histogram)
        }
    }

    /// Adds what a line of a list needs: the leading alert of each incident, and the names of its devices.
    static func complete(
        _ incidents: [(site: String, incident: Incident)], _ session: PostgresSession
    ) throws -> [SiteIncident] {
        let keys: [SQLValue] = [.texts(incidents.map(\.site)), .texts(incidents.map(\.incident.id))]
        let leads = try session.query(
            """
            SELECT DISTINCT ON (a.site, a.incident) a.* FROM unnest($1::text[], $2::text[]) AS k (site, id)
            JOIN alert a ON a.site = k.site AND a.incident = k.id
            ORDER BY a.site, a.incident, a.score DESC, a.time, a.id
            """, keys)
        var leadByKey: [String: Alert] = [:]
        for row in leads { leadByKey["\(row.text("site"))\n\(row.text("incident"))"] = try alert(row) }
        let names = try session.query(
            """
            SELECT d.site, d.id, d.name FROM unnest($1::text[], $2::text[]) AS k (site, id)
            JOIN device d ON d.site = k.site AND d.id = k.id
            """,
            [
                .texts(incidents.flatMap { row in row.incident.devices.map { _ in row.site } }),
                .texts(incidents.flatMap(\.incident.devices)),
            ])
        var nameByKey: [String: String] = [:]
        for row in names { nameByKey["\(row.text("site"))\n\(row.text("id"))"] = row.text("name") }
        return incidents.map { site, incident in
            let pairs = incident.devices.compactMap { id in nameByKey["\(site)\n\(id)"].map { (id, $0) } }
            return SiteIncident(
                site: site, incident: incident, lead: leadByKey["\(site)\n\(incident.id)"],
                deviceNames: Dictionary(pairs) { first, _ in first })
        }
    }

    public func incident(site: String, id: String) async throws -> IncidentFile? {
        try await database.run { session in
            let key: [SQLValue] = [.text(site), .text(id)]
            guard let row = try session.query("SELECT * FROM incident WHERE site = $1 AND id = $2", key).first
            else { return nil }
            let incident = Self.incident(row)
            let alerts = try session.query(
                "SELECT * FROM alert WHERE site = $1 AND incident = $2 ORDER BY time, id LIMIT 500", key
            ).map(Self.alert)
            var file = IncidentFile(
                site: site, incident: incident, alerts: alerts,
                devices: try Self.devices(site: site, ids: incident.devices, session), namesByAddress: [:])
            file.namesByAddress = try Self.names(site: site, of: alerts, at: incident.lastTime, session)
            return file
        }
    }

    /// Names of the devices behind every address in the evidence.
    private static func names(
        site: String, of alerts: [Alert], at time: Timestamp, _ session: PostgresSession
    ) throws -> [String: String] {
        var addresses: Set<String> = []
        for fields in alerts.flatMap(\.observations).flatMap(\.evidence).map(\.fields) {
            for case .text(let text) in fields.values {
                if let address = IPAddress(text), address.isPrivate { addresses.insert(address.description) }
            }
        }
        let rows = try session.query(
            """
            SELECT DISTINCT ON (a.address) host(a.address) AS address, d.name FROM device_address a
            JOIN device d ON d.site = a.site AND d.id = a.device
            WHERE a.site = $1 AND a.address = ANY ($2::text[]::inet[])
            ORDER BY a.address, (a.first_seen <= $3) DESC, a.last_seen DESC
            """, [.text(site), .texts(addresses.sorted()), .time(time)])
        return Dictionary(rows.map { ($0.text("address"), $0.text("name")) }) { first, _ in first }
    }

    static func incident(_ row: SQLRow) -> Incident {
        Incident(
            id: row.text("id"), firstTime: row.time("first_time") ?? .distantPast,
            lastTime: row.time("last_time") ?? .distantPast, score: row.double("score"),
            devices: row.texts("devices"), users: row.texts("users"), destinations: row.texts("destinations"),
            attack: row.texts("attack"), models: row.texts("models"), alerts: row.texts("alerts"))
    }

    /// - Throws: when the content is none that this program wrote.
    static func alert(_ row: SQLRow) throws -> Alert {
        let content = try JSONDecoder().decode(AlertContent.self, from: Data(row.text("content").utf8))
        let kind = EntityID.Kind(rawValue: row.text("entity_kind")) ?? .device
        return Alert(
            id: row.text("id"), time: row.time("time") ?? .distantPast, score: row.double("score"),
            bits: row.double("bits"), model: row.text("model"), entity: EntityID(kind: kind, name: row.text("entity")),
            devices: row.texts("devices"), users: row.texts("users"), destinations: row.texts("destinations"),
            attack: row.texts("attack"), incident: row.text("incident"), values: content.values,
            observations: content.observations)
    }

    /// What column `content` of an alert holds; other keys in it do not matter here.
    private struct AlertContent: Decodable {
        var values: [String: Value]
        var observations: [Observation]
    }
}
