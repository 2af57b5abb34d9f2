/// How much the spool holds, and how soon it is safe.
public struct SpoolSettings: Sendable, Codable, Equatable {
    /// Longest time that a batch waits for fsync, in milliseconds: what a power cut may cost.
    public var syncIntervalMs = 1000
    /// Bytes on disk above which no more is taken.
    public var limitBytes = 20 << 30
    /// Bytes after which a new segment is begun.
    public var segmentBytes = 32 << 20

    public init() {}
}
