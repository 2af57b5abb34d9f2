/// What happened to packets and connections; plain numbers, published once an interval.
public struct FlowCounters: Sendable {
    public var packets: UInt64 = 0
    /// Bytes on the wire.
    public var bytes: UInt64 = 0
    /// Packets of which the capture holds only a part.
    public var cutPackets: UInt64 = 0
    public var flows: UInt64 = 0
    /// Packets of connections by their direction: a mirror port that shows only one is noticed by these.
    public var originatorPackets: UInt64 = 0
    public var responderPackets: UInt64 = 0
    /// Connections ended before their time because the table was full.
    public var evictedFlows: UInt64 = 0
    public var interimReports: UInt64 = 0
    public var fragments: UInt64 = 0
    public var reassembledPackets: UInt64 = 0
    /// Packets found inside of tunnels.
    public var innerPackets: UInt64 = 0
    /// Packets that are nothing but a tunnel's shell (GRE, IP in IP) and belong to no connection.
    public var carrierPackets: UInt64 = 0
    public var missedBytes: UInt64 = 0
    /// Segments not kept, for reassembly or until they are recognised, because the budget was used up.
    public var refusedSegments: UInt64 = 0
    public var analyzerErrors: UInt64 = 0
    /// Packets that were only counted to keep up; they are among ``packets``.
    public var shedPackets: UInt64 = 0
    /// Packets whose payload was not analysed to keep up, and that payload.
    public var shedSegments: UInt64 = 0
    public var shedBytes: UInt64 = 0
    /// By ``DecodeReason``.
    var stopped = [16 of UInt64](repeating: 0)

    public init() {}

    /// Adds what another worker counted.
    mutating func add(_ other: FlowCounters) {
        let sums: [WritableKeyPath<FlowCounters, UInt64>] = [
            \.packets, \.bytes, \.cutPackets, \.flows, \.originatorPackets, \.responderPackets, \.evictedFlows,
            \.interimReports, \.fragments, \.reassembledPackets, \.innerPackets, \.carrierPackets, \.missedBytes,
            \.refusedSegments, \.analyzerErrors, \.shedPackets, \.shedSegments, \.shedBytes,
        ]
        for counter in sums { self[keyPath: counter] &+= other[keyPath: counter] }
        for index in stopped.indices { stopped[index] &+= other.stopped[index] }
    }

    /// A packet of which nothing is looked at.
    mutating func shed(_ packet: CapturedPacket) {
        packets &+= 1
        bytes &+= UInt64(packet.wireLength)
        shedPackets &+= 1
    }

    /// Packets that no connection was made of.
    public var skipped: UInt64 { DecodeReason.allCases.reduce(0) { $0 &+ stopped($1) } }

    mutating func stop(_ reason: DecodeReason) { stopped[reason.rawValue] &+= 1 }

    /// Packets, those inside of tunnels, and those put together from fragments.
    public var begun: UInt64 { packets &+ innerPackets &+ reassembledPackets }

    /// Of ``begun``: those of connections, tunnels' shells, fragments, and those that were stopped. Always equal to it.
    public var accounted: UInt64 {
        let followed = originatorPackets &+ responderPackets &+ carrierPackets &+ fragments &+ shedPackets
        // A refused fragment is among the fragments, an unknown transport among the connections.
        return DecodeReason.allCases.filter { $0 != .fragmentRefused && $0 != .unknownTransport }
            .reduce(followed) { $0 &+ stopped($1) }
    }

    /// Packets (or inner packets) that were not followed, by reason.
    public func stopped(_ reason: DecodeReason) -> UInt64 { stopped[reason.rawValue] }
}
