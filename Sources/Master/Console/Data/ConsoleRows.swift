public import Shared

/// What the list of devices is asked for.
public struct DeviceQuery: Equatable, Sendable {
    public var site: String?
    /// Part of a name, address or MAC.
    public var text = ""
    public var limit = 100
    public var offset = 0

    public init() {}
}

public struct DeviceRow: Codable, Equatable, Sendable {
    public var site: String
    public var device: Device
    /// Of the incidents that it is in; nil when there is none.
    public var highestScore: Double?

    public init(site: String, device: Device, highestScore: Double?) {
        (self.site, self.device, self.highestScore) = (site, device, highestScore)
    }
}

public struct DevicePage: Equatable, Sendable {
    public var rows: [DeviceRow]
    public var total: Int

    public init(rows: [DeviceRow], total: Int) { (self.rows, self.total) = (rows, total) }
}

/// Everything about one device.
public struct DeviceFile: Equatable, Sendable {
    public var site: String
    public var device: Device
    /// Accounts that were used on it, with the last time.
    public var users: [String: Timestamp]
    public var incidents: [SiteIncident]
    /// Newest hour that is known, where the chart ends.
    public var lastHour: Timestamp?

    public init(
        site: String, device: Device, users: [String: Timestamp], incidents: [SiteIncident], lastHour: Timestamp?
    ) {
        self.site = site
        self.device = device
        self.users = users
        self.incidents = incidents
        self.lastHour = lastHour
    }
}

public struct AccountRow: Codable, Equatable, Sendable {
    public var site: String
    public var account: Account
    public var highestScore: Double?

    public init(site: String, account: Account, highestScore: Double?) {
        (self.site, self.account, self.highestScore) = (site, account, highestScore)
    }
}

/// A sensor as the master knows it.
public struct SensorRow: Codable, Equatable, Sendable {
    public var site: String
    public var name: String
    public var version: String?
    public var enrolledAt: Timestamp
    public var expiresAt: Timestamp
    public var revokedAt: Timestamp?
    /// Last sign of life, by the master's clock.
    public var lastSeen: Timestamp?
    public var lastSequence: Int
    /// The newest batch: when it came, and the event time that it reaches.
    public var lastBatchReceived: Timestamp?
    public var lastBatchTime: Timestamp?
    /// What the sensor last told about itself, flattened: `capture.dropped_packets` and so on.
    public var health: [String: Double]

    public init(site: String, name: String, enrolledAt: Timestamp, expiresAt: Timestamp) {
        (self.site, self.name, self.enrolledAt, self.expiresAt) = (site, name, enrolledAt, expiresAt)
        lastSequence = 0
        health = [:]
    }
}

/// A record of the search tables.
public struct FoundRecord: Codable, Equatable, Sendable {
    /// `conn`, `dns`, ...
    public var kind: String
    public var site: String
    public var time: Timestamp
    public var uid: String
    /// Set fields in the order of the table, as text.
    public var fields: [Pair]

    public struct Pair: Codable, Equatable, Sendable {
        public var name, value: String

        public init(name: String, value: String) { (self.name, self.value) = (name, value) }
    }

    public init(kind: String, site: String, time: Timestamp, uid: String, fields: [Pair]) {
        (self.kind, self.site, self.time, self.uid, self.fields) = (kind, site, time, uid, fields)
    }
}
