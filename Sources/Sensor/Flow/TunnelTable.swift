import Shared

/// Tunnels that carried something: who they join, and the identifier that inner connections name.
struct TunnelTable {
    /// Tunnels held at once; further ones are followed but not named.
    static let limit = 65_536

    struct Tunnel {
        var kind: TunnelKind
        var identity: FlowIdentity
        var parent: Int32
    }

    private(set) var tunnels: [Tunnel] = []
    private var pairs: [TunnelPair: Int32] = [:]

    /// Number of the tunnel between two hosts, and whether it is new. -1 when the table is full.
    mutating func number(_ pair: TunnelPair, _ kind: TunnelKind, _ identity: FlowIdentity, parent: Int32) -> (Int32, Bool) {
        if let known = pairs[pair] { return (known, false) }
        guard tunnels.count < Self.limit else { return (-1, false) }
        let number = Int32(tunnels.count)
        tunnels.append(Tunnel(kind: kind, identity: identity, parent: parent))
        pairs[pair] = number
        return (number, true)
    }

    /// Identifiers of a tunnel and those around it, outermost first; nil for none.
    func parents(_ number: Int32) -> [String]? {
        guard number >= 0 else { return nil }
        var found: [String] = []
        var current = number
        for _ in 0..<FlowEngine.maximumTunnelDepth where current >= 0 {
            found.append(tunnels[Int(current)].identity.text(prefix: "C"))
            current = tunnels[Int(current)].parent
        }
        return found.reversed()
    }
}

/// Two ends joined by a tunnel, in either direction.
struct TunnelPair: Hashable {
    var low: IPAddress
    var high: IPAddress
    var ports: UInt32
    var kind: TunnelKind
}
