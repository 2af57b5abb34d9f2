public import Shared

/// A measured surprise about an entity: what an observer saw, what was normal, and how many bits lie between.
public struct Observation: Codable, Equatable, Sendable {
    /// Stable within the site and the same in every run over the same log.
    public var id: String
    /// The observer's stable name (`amount.external_out`, `novelty.destination`, ...).
    public var observer: String
    public var entity: EntityID
    public var time: Timestamp
    /// -log2 of the predictive probability of what was seen or anything more extreme.
    public var bits: Double
    /// What was seen and what was normal, for models, sentences and the console (`bytes`, `normal_high`, `domain`,
    /// ...).
    public var values: [String: Value]
    public var evidence: [Evidence]

    public init(
        id: String, observer: String, entity: EntityID, time: Timestamp, bits: Double,
        values: [String: Value] = [:], evidence: [Evidence] = []
    ) {
        self.id = id
        self.observer = observer
        self.entity = entity
        self.time = time
        self.bits = bits
        self.values = values
        self.evidence = evidence
    }
}

/// A value in an observation, alert or sentence.
public enum Value: Codable, Equatable, Sendable {
    case number(Double)
    case bytes(Double)
    /// Seconds.
    case seconds(Double)
    case time(Timestamp)
    case text(String)
    case texts([String])
}

/// One thing that an analyst can look at: a file that was read, a connection, a login, a name that was asked for.
public struct Evidence: Codable, Equatable, Sendable {
    /// `conn`, `file`, `dns`, `login`, `http`, `ssl`, ...
    public var kind: String
    public var time: Timestamp
    /// Connection that shows it.
    public var uid: String?
    /// Fields by Zeek's names (`id.orig_h`, `name`, `bytes_read`, `host`, ...).
    public var fields: [String: Value]

    public init(kind: String, time: Timestamp, uid: String? = nil, fields: [String: Value]) {
        (self.kind, self.time, self.uid, self.fields) = (kind, time, uid, fields)
    }
}
