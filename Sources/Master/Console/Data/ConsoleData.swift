public import Shared

/// What the console and the API read. Every list is limited; every key starts with the site.
public protocol ConsoleData: Sendable {
    func overview() async throws -> Overview
    func incidents(_ query: IncidentQuery) async throws -> IncidentPage
    func incident(site: String, id: String) async throws -> IncidentFile?
    func alerts(minScore: Double, site: String?, limit: Int, offset: Int) async throws -> [SiteAlert]
    /// Hours of an entity in a span, by measure and hour.
    func hours(site: String, entity: EntityID, from: Timestamp, to: Timestamp) async throws -> [EntityHour]
    func devices(_ query: DeviceQuery) async throws -> DevicePage
    func device(site: String, id: String) async throws -> DeviceFile?
    func accounts(text: String, limit: Int) async throws -> [AccountRow]
    func sensors() async throws -> [SensorRow]
    /// Records of a connection identifier or of an address, newest first within each kind.
    func records(matching text: String, site: String?, limit: Int) async throws -> [FoundRecord]
}

/// The state of everything in a few numbers, for the top of the start page.
public struct Overview: Equatable, Sendable {
    /// Sites by name.
    public var sites: [String] = []
    public var deviceCount = 0
    public var accountCount = 0
    public var recordCount = 0
    /// Newest moment that learning has reached.
    public var lastTime: Timestamp?

    public init() {}
}

/// What the list of incidents is asked for.
public struct IncidentQuery: Equatable, Sendable {
    /// 0 to 100.
    public var minScore = 0.0
    public var site: String?
    public var since: Timestamp?
    /// Part of a device, user, destination or model.
    public var text = ""
    public var newestFirst = false
    public var limit = 100
    public var offset = 0

    public init() {}
}

/// An incident and the site that it is of.
public struct SiteIncident: Codable, Equatable, Sendable {
    public var site: String
    public var incident: Incident
    /// The most telling alert's model and values, for the title.
    public var lead: Alert?
    /// Names for people of the devices in it.
    public var deviceNames: [String: String]

    public init(site: String, incident: Incident, lead: Alert?, deviceNames: [String: String]) {
        (self.site, self.incident, self.lead, self.deviceNames) = (site, incident, lead, deviceNames)
    }
}

public struct IncidentPage: Equatable, Sendable {
    public var rows: [SiteIncident]
    /// How many match, on all pages.
    public var total: Int
    /// Incidents per band of five points of score (20 bands), filters but the score's applied.
    public var histogram: [Int]

    /// How many match but for their score.
    public var weaker: Int { histogram.reduce(0, +) - total }

    public init(rows: [SiteIncident], total: Int, histogram: [Int]) {
        (self.rows, self.total, self.histogram) = (rows, total, histogram)
    }
}

/// Everything about one incident.
public struct IncidentFile: Equatable, Sendable {
    public var site: String
    public var incident: Incident
    /// By time.
    public var alerts: [Alert]
    public var devices: [Device]
    /// Names of devices by address, at the time of the incident.
    public var namesByAddress: [String: String]

    public init(
        site: String, incident: Incident, alerts: [Alert], devices: [Device], namesByAddress: [String: String]
    ) {
        self.site = site
        self.incident = incident
        self.alerts = alerts
        self.devices = devices
        self.namesByAddress = namesByAddress
    }
}

public struct SiteAlert: Codable, Equatable, Sendable {
    public var site: String
    public var alert: Alert

    public init(site: String, alert: Alert) { (self.site, self.alert) = (site, alert) }
}
