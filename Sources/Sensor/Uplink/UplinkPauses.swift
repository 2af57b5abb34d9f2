/// How long to wait before the master is called again: from a quarter of a second to half a minute, each time twice as
/// long, and varied, so that a thousand sensors do not come back at the same moment.
struct UplinkPauses: Sendable {
    private static let shortest = 0.25
    private static let longest = 30.0

    /// In seconds, what the next one takes at most.
    private var bound = Self.shortest

    /// - Parameter connectedFor: how long the connection was of use; nil when the master did not welcome it. One that
    ///   ended sooner than the pause before it is as good as none: the master would be called without end.
    mutating func next(connectedFor duration: Duration?) -> Duration {
        if let duration, duration >= .seconds(bound) { bound = Self.shortest }
        defer { bound = min(bound * 2, Self.longest) }
        return .seconds(bound * Double.random(in: 0.5...1))
    }
}
