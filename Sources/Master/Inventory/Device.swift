public import Shared

/// A machine of a site, as the inventory knows it.
public struct Device: Codable, Equatable, Sendable {
    /// Stable identifier within the site: host name where one is known at first sight, else MAC, else address.
    public var id: String
    /// Best name for people.
    public var name: String
    public var mac: String?
    /// What its traffic says that it is: `client`, `server`, `domain controller`, `printer`, ...
    public var role: String
    public var firstSeen: Timestamp
    public var lastSeen: Timestamp
    public var addresses: [AddressUse]
    /// Host names with their source (`dhcp`, `kerberos`, `ntlm`, `dns`).
    public var names: [String: String]

    /// One address over a span of time.
    public struct AddressUse: Codable, Equatable, Sendable {
        public var address: String
        public var firstSeen: Timestamp
        public var lastSeen: Timestamp

        public init(address: String, firstSeen: Timestamp, lastSeen: Timestamp) {
            (self.address, self.firstSeen, self.lastSeen) = (address, firstSeen, lastSeen)
        }
    }

    public init(id: String, name: String, mac: String?, role: String, firstSeen: Timestamp, lastSeen: Timestamp) {
        self.id = id
        self.name = name
        self.mac = mac
        self.role = role
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
        addresses = []
        names = [:]
    }
}

/// An account that was seen to authenticate.
public struct Account: Codable, Equatable, Sendable {
    public var id: String
    public var firstSeen: Timestamp
    public var lastSeen: Timestamp
    /// Devices it was used on, by identifier, with the time of the last use.
    public var devices: [String: Timestamp]

    public init(id: String, firstSeen: Timestamp, lastSeen: Timestamp) {
        (self.id, self.firstSeen, self.lastSeen) = (id, firstSeen, lastSeen)
        devices = [:]
    }
}
