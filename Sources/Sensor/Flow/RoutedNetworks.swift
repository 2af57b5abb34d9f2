/// Which virtual networks are one to their hosts, since routers lie between them.
///
/// A router of a fabric hands a packet on in the network of its destination (RFC 9135 section 4.1, asymmetric IRB), and
/// so do the distributed ones of clouds: each direction of a connection has another number then. Networks are taken
/// for one when a SYN in one of them was answered in the other; until then, equal addresses in two of them are others.
struct RoutedNetworks {
    /// Networks that a SYN is looked for in; a sensor sees those of a rack or a site.
    private static let limit = 64

    /// The latest networks that had new connections, without what stands for them.
    private(set) var known: [UInt16] = []
    /// What stands for a network, where that is another one.
    private var others: [UInt16: UInt16] = [:]

    /// What stands for the network in keys.
    func representative(of network: UInt16) -> UInt16 { others[network] ?? network }

    /// A connection has begun in a network.
    mutating func note(_ network: UInt16) {
        if known.contains(network) { return }
        if known.count == Self.limit { known.removeFirst() }
        known.append(network)
    }

    /// From now on `network`, and all that it stands for, is one with `other`.
    mutating func join(_ network: UInt16, to other: UInt16) {
        guard network != other, others.count < Self.limit * Self.limit else { return }
        for (joined, standing) in others where standing == network { others[joined] = other }
        others[network] = other
        known.removeAll { $0 == network }
    }
}
