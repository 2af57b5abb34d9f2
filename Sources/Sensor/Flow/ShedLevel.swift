import Shared

/// What a worker leaves out to keep up, in the order in which it is given up: each level includes those before it.
///
/// Connections and their amounts are the last to go, because most of what is learned rests on them.
public enum ShedLevel: UInt8, Comparable, Sendable {
    case none
    /// Payload beyond the first megabytes of one side of a connection.
    case elephants
    /// Payload beyond the first kilobytes.
    case bulk
    /// All payload: connections are still followed.
    case payload
    /// Connections: packets are only counted.
    case connections

    public static func < (a: ShedLevel, b: ShedLevel) -> Bool { a.rawValue < b.rawValue }

    /// Payload of one side of a connection that is still analysed, in bytes.
    var payloadLimitBytes: Int64 {
        switch self {
        case .none: .max
        case .elephants: 4 << 20
        case .bulk: 64 << 10
        case .payload, .connections: 0
        }
    }
}

/// Decides how much must be left out, from how full the kernel's ring is.
///
/// The ring itself cannot be asked: what waits in it is estimated by how late packets are looked at, times how many
/// bytes arrive in that time.
struct LoadShedder {
    /// Shares of the ring at which the levels begin; the rest is reserve for bursts.
    private static let steps: [(share: Double, level: ShedLevel)] = [
        (0.85, .connections), (0.7, .payload), (0.5, .bulk), (0.3, .elephants),
    ]
    /// Below this share of its own step a level ends, so that it does not flicker.
    private static let release = 0.5

    let ringBytes: Int
    private(set) var level = ShedLevel.none
    private var lastLag = Interval.zero

    init(ringBytes: Int) { self.ringBytes = ringBytes }

    /// Takes one look at the ring.
    /// - Parameters:
    ///   - lag: how long after its arrival the last packet was looked at.
    ///   - bytesPerSecond: rate of arrival of the last packets.
    ///   - isDrained: whether nothing waits.
    mutating func update(lag: Interval, bytesPerSecond: Double, isDrained: Bool) -> ShedLevel {
        let waiting = isDrained ? 0 : max(0, lag.seconds) * bytesPerSecond / Double(max(1, ringBytes))
        var wanted = Self.steps.first { waiting >= $0.share }?.level ?? .none
        // Connections go only when it was not enough to leave out all payload: after a pause the ring is full too.
        let isCatchingUp = lag < lastLag
        if wanted == .connections, level < .payload || level == .payload && isCatchingUp { wanted = .payload }
        lastLag = lag
        if wanted > level {
            level = wanted
        } else if let step = Self.steps.first(where: { $0.level == level }), waiting < step.share * Self.release {
            level = wanted
        }
        return level
    }
}
