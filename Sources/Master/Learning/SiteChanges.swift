public import Shared

/// What one site's engine changed since the last checkpoint: written in one transaction with the position in the log.
public struct SiteChanges: Sendable {
    /// Models' memories that changed, as opaque bytes.
    public var states: [StateKey: [UInt8]] = [:]
    /// Memories that were forgotten.
    public var droppedStates: Set<StateKey> = []
    public var observations: [Observation] = []
    /// New or changed alerts and incidents, by identifier.
    public var alerts: [Alert] = []
    public var incidents: [Incident] = []
    public var devices: [Device] = []
    public var accounts: [Account] = []
    public var hours: [EntityHour] = []

    public init() {}
}

/// Where a state lives: which part of the engine (`inventory`, an observer's id, `calibration`, ...) about which
/// entity.
public struct StateKey: Hashable, Sendable {
    public var part: String
    public var key: String

    public init(part: String, key: String) { (self.part, self.key) = (part, key) }
}

/// What an entity did in one hour on one measure, beside what was normal: the console's chart.
public struct EntityHour: Codable, Equatable, Sendable {
    public var entity: EntityID
    /// `external_out_bytes`, `internal_read_bytes`, ...
    public var measure: String
    /// Beginning of the hour.
    public var hour: Timestamp
    public var value: Double
    /// The range that held what was expected (10 % and 90 % of the prediction made before the hour).
    public var normalLow: Double
    public var normalHigh: Double

    public init(
        entity: EntityID, measure: String, hour: Timestamp, value: Double, normalLow: Double, normalHigh: Double
    ) {
        self.entity = entity
        self.measure = measure
        self.hour = hour
        self.value = value
        self.normalLow = normalLow
        self.normalHigh = normalHigh
    }
}
