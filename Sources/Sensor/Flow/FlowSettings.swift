public import Shared

/// Bounds and timeouts of the flow stage. The timeouts are those that Zeek has by default.
public struct FlowSettings: Sendable {
    /// Connections held at once; each takes 320 bytes, and more while it is analysed.
    public var flowLimit = 262_144
    /// What ``flowLimit`` may be; the table holds no more.
    public static let flowLimits = 1...(1 << 26)
    /// Bytes held for TCP reassembly by all connections of a worker together.
    public var reassemblyLimitBytes = 64 << 20
    /// Bytes held for one side of one connection.
    public var reassemblyLimitPerSideBytes = 1 << 20
    /// Bytes held of connections that no analyzer has recognised yet, by all of a worker together.
    public var unrecognisedLimitBytes = 64 << 20
    /// Bytes that all analyzers of a worker together hold of messages that are not whole.
    public var analyzerLimitBytes = 256 << 20
    /// Bytes held for IP fragments.
    public var fragmentLimitBytes = 16 << 20
    /// A SYN without answer.
    public var attemptTimeout = Interval.seconds(5)
    /// After both ends have closed, or one has reset.
    public var closedTimeout = Interval.seconds(5)
    public var udpTimeout = Interval.minutes(1)
    /// How often questions and answers over UDP are looked at: when they were silent then, they have ended (Zeek's
    /// `dns_session_timeout`).
    public var questionTimeout = Interval.seconds(10)
    public var icmpTimeout = Interval.minutes(1)
    public var tcpTimeout = Interval.minutes(5)
    /// How often a long connection reports what is new.
    public var interimInterval = Interval.minutes(1)
    /// How often a worker tells what it did.
    public var statisticsInterval = Interval.minutes(5)
    /// Digests that files get; each further one costs about as much CPU as the first.
    public var fileDigests = FileDigestAlgorithms.sha256

    /// Whether `conn` has `community_id`. Whoever has the record can work it out, and it is a fifth of the record when
    /// it travels: batches go without.
    public var tellsCommunityID = true

    public init() {}

    /// For records that travel.
    public static var forBatches: FlowSettings {
        var settings = FlowSettings()
        settings.tellsCommunityID = false
        return settings
    }

    /// By how much a record can come later than what it tells of.
    public var longestDelay: Interval {
        max(max(tcpTimeout, udpTimeout), max(icmpTimeout, interimInterval)) + .seconds(1)
    }
}

extension Interval {
    fileprivate static func + (a: Interval, b: Interval) -> Interval {
        Interval(nanoseconds: a.nanoseconds.addingReportingOverflow(b.nanoseconds).partialValue)
    }
}
