import Shared

/// Tunnels directly over IP (GRE, IP in IP): each pair of hosts once.
struct TunnelPairs {
    /// Pairs remembered at once. When they are more, all are forgotten, and told of anew.
    static let limit = 65_536

    private struct Pair: Hashable {
        var low: IPAddress
        var high: IPAddress
        var kind: UInt8
    }

    private var known: [Pair: FlowIdentity] = [:]

    /// The tunnel's identity, and whether it was not known before.
    mutating func identity(
        _ kind: TunnelKind, _ a: IPAddress, _ b: IPAddress, _ time: Timestamp
    ) -> (identity: FlowIdentity, isNew: Bool) {
        let pair = Pair(low: min(a, b), high: max(a, b), kind: kind.rawValue)
        if let identity = known[pair] { return (identity, false) }
        if known.count >= Self.limit { known.removeAll() }
        let key = FlowKey(
            lowAddress: pair.low, highAddress: pair.high, ports: 0, ipProtocol: 0xF0 | kind.rawValue)
        let identity = FlowIdentity.make(key, time)
        known[pair] = identity
        return (identity, true)
    }
}

extension FlowIdentity {
    /// No connection.
    static let none = FlowIdentity(high: 0, low: 0)

    /// Deterministic: the same packets give the same identifiers in every run.
    static func make(_ key: FlowKey, _ start: Timestamp) -> FlowIdentity {
        let seed = UInt64(bitPattern: start.nanoseconds)
        return FlowIdentity(
            high: UInt32(truncatingIfNeeded: key.hash(seed: seed, secret: 0) >> 16),
            low: key.hash(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ 0x6D65_6E65_6B69_2121, secret: 0))
    }
}
