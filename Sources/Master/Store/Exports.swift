import Foundation
import Shared

/// Which alerts or incidents to export.
public struct ExportFilter: Sendable {
    public var minimumScore: Double
    /// Nil for all sites.
    public var site: String?

    public init(minimumScore: Double = 0, site: String? = nil) {
        (self.minimumScore, self.site) = (minimumScore, site)
    }

    fileprivate var values: [SQLValue] { [.double(minimumScore), site.map { .text($0) } ?? .null] }
}

/// Alerts and incidents as JSON, one object a line, in the order of site, time and identifier.
public struct Exports: Sendable {
    private let database: Database
    /// Says a model's title about an alert, for people.
    private let title: @Sendable (Alert) -> String

    public init(database: Database, title: @escaping @Sendable (Alert) -> String = Exports.nameOfModel) {
        (self.database, self.title) = (database, title)
    }

    /// The last part of `Category / Name`.
    @Sendable public static func nameOfModel(_ alert: Alert) -> String {
        guard let slash = alert.model.range(of: " / ") else { return alert.model }
        return String(alert.model[slash.upperBound...])
    }

    /// - Throws: ``DatabaseError``, or what is wrong with a stored alert.
    public func alerts(_ filter: ExportFilter) async throws -> [String] {
        let rows = try await database.query(
            """
            SELECT site, content FROM alert WHERE score >= $1 AND ($2::text IS NULL OR site = $2)
            ORDER BY site COLLATE "C", time, id COLLATE "C"
            """, filter.values)
        let names = try await deviceNames()
        return try rows.map { row in
            let alert = try StoredJSON.decode(Alert.self, from: row.text("content"))
            return try StoredJSON.encode(AlertLine(alert, site: row.text("site"), title: title(alert), names: names))
        }
    }

    /// - Throws: ``DatabaseError``
    public func incidents(_ filter: ExportFilter) async throws -> [String] {
        let rows = try await database.query(
            """
            SELECT site, id, first_time, last_time, score, devices, users, destinations, attack, models, alerts
            FROM incident WHERE score >= $1 AND ($2::text IS NULL OR site = $2)
            ORDER BY site COLLATE "C", first_time, id COLLATE "C"
            """, filter.values)
        let names = try await deviceNames()
        return try rows.map { try StoredJSON.encode(IncidentLine($0, names: names)) }
    }

    private func deviceNames() async throws -> DeviceNames {
        let devices = try await database.query("SELECT site, id, name FROM device")
        let addresses = try await database.query(
            """
            SELECT DISTINCT ON (site, device) site, device, host(address) AS address FROM device_address
            ORDER BY site, device, last_seen DESC, address
            """)
        var names = DeviceNames()
        for row in devices { names.names[row.text("site") + "/" + row.text("id")] = row.text("name") }
        for row in addresses { names.addresses[row.text("site") + "/" + row.text("device")] = row.text("address") }
        return names
    }
}

/// What people call a device, and its latest address, by site and identifier.
private struct DeviceNames {
    var names: [String: String] = [:]
    var addresses: [String: String] = [:]

    func name(_ id: String, _ site: String) -> String { names[site + "/" + id] ?? id }
    func address(_ id: String, _ site: String) -> String { addresses[site + "/" + id] ?? "" }
}

private struct AlertLine: Encodable {
    var id, time: String
    var score: Double
    var model, title, site: String
    var devices, device_ids, addresses, users, destinations: [String]
    var incident: String
    var attack: [String]
    var evidence: [PlainEvidence]

    init(_ alert: Alert, site: String, title: String, names: DeviceNames) {
        (id, time, score) = (alert.id, alert.time.rfc3339, (alert.score * 100).rounded() / 100)
        (model, self.title, self.site) = (alert.model, title, site)
        devices = alert.devices.map { names.name($0, site) }
        device_ids = alert.devices
        addresses = alert.devices.map { names.address($0, site) }
        (users, destinations) = (alert.users, alert.destinations)
        (incident, attack) = (alert.incident, alert.attack)
        evidence = alert.observations.flatMap(\.evidence).map(PlainEvidence.init)
    }
}

private struct IncidentLine: Encodable {
    var id, first_time, last_time: String
    var score: Double
    var site: String
    var devices, device_ids, addresses, users, destinations, attack, models, alerts: [String]

    init(_ row: SQLRow, names: DeviceNames) {
        let site = row.text("site")
        id = row.text("id")
        first_time = row.time("first_time")?.rfc3339 ?? ""
        last_time = row.time("last_time")?.rfc3339 ?? ""
        score = (row.double("score") * 100).rounded() / 100
        self.site = site
        device_ids = row.texts("devices")
        devices = device_ids.map { names.name($0, site) }
        addresses = device_ids.map { names.address($0, site) }
        (users, destinations) = (row.texts("users"), row.texts("destinations"))
        (attack, models, alerts) = (row.texts("attack"), row.texts("models"), row.texts("alerts"))
    }
}

/// Evidence with its fields as plain JSON values.
private struct PlainEvidence: Encodable {
    var evidence: Evidence

    init(_ evidence: Evidence) { self.evidence = evidence }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        for (name, value) in evidence.fields {
            switch value {
            case .number(let number), .bytes(let number), .seconds(let number):
                try container.encode(number, forKey: Key(name))
            case .time(let time): try container.encode(time.rfc3339, forKey: Key(name))
            case .text(let text): try container.encode(text, forKey: Key(name))
            case .texts(let texts): try container.encode(texts, forKey: Key(name))
            }
        }
        try container.encode(evidence.kind, forKey: Key("kind"))
        try container.encode(evidence.time.rfc3339, forKey: Key("time"))
        try container.encodeIfPresent(evidence.uid, forKey: Key("uid"))
    }
}
