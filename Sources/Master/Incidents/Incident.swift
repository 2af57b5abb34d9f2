public import Shared

/// Alerts that tell one story.
public struct Incident: Codable, Equatable, Sendable {
    /// Stable within the site and the same in every run over the same log.
    public var id: String
    public var firstTime: Timestamp
    public var lastTime: Timestamp
    /// Of the story, not the highest of its parts; 0 to 100.
    public var score: Double
    public var devices: [String]
    public var users: [String]
    public var destinations: [String]
    public var attack: [String]
    /// Models that fired, most telling first.
    public var models: [String]
    public var alerts: [String]

    public init(
        id: String, firstTime: Timestamp, lastTime: Timestamp, score: Double, devices: [String], users: [String],
        destinations: [String], attack: [String], models: [String], alerts: [String]
    ) {
        self.id = id
        self.firstTime = firstTime
        self.lastTime = lastTime
        self.score = score
        self.devices = devices
        self.users = users
        self.destinations = destinations
        self.attack = attack
        self.models = models
        self.alerts = alerts
    }
}
