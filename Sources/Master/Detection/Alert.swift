public import Shared

/// A model that fired on one entity.
public struct Alert: Codable, Equatable, Sendable {
    /// Stable within the site and the same in every run over the same log.
    public var id: String
    public var time: Timestamp
    /// 0 to 100; 70 and more is high risk (DESIGN.md, "Score").
    public var score: Double
    /// Sum of the model's weighted surprises, before calibration.
    public var bits: Double
    /// Name of the model as in its file: `Anomalous Connection / Data Sent to Rare Domain`.
    public var model: String
    public var entity: EntityID
    /// Identifiers of the inventory.
    public var devices: [String]
    public var users: [String]
    /// Domains or addresses outside.
    public var destinations: [String]
    /// ATT&CK techniques.
    public var attack: [String]
    /// Incident that tells it.
    public var incident: String
    /// Values for the model's sentences, in both languages.
    public var values: [String: Value]
    public var observations: [Observation]

    public init(
        id: String, time: Timestamp, score: Double, bits: Double, model: String, entity: EntityID, devices: [String],
        users: [String], destinations: [String], attack: [String], incident: String, values: [String: Value],
        observations: [Observation]
    ) {
        self.id = id
        self.time = time
        self.score = score
        self.bits = bits
        self.model = model
        self.entity = entity
        self.devices = devices
        self.users = users
        self.destinations = destinations
        self.attack = attack
        self.incident = incident
        self.values = values
        self.observations = observations
    }
}
