import Shared

extension FlowEngine {
    /// Follows what an IP packet carries that is neither TCP, UDP nor ICMP. False when it is no tunnel.
    mutating func carry(
        _ bytes: RawSpan, _ packet: DecodedPacket, time: Timestamp, tunnel: Int32, depth: Int
    ) -> Bool { false }

    /// Follows what a UDP datagram carries. False when it is no tunnel.
    mutating func carryUDP(
        _ bytes: RawSpan, _ packet: DecodedPacket, _ number: UInt32, time: Timestamp, depth: Int
    ) -> Bool { false }

    /// Takes a fragment; when it completes its packet, that is followed.
    mutating func reassemble(
        _ bytes: RawSpan, _ packet: DecodedPacket, time: Timestamp, tunnel: Int32, depth: Int
    ) { counters.fragments &+= 1 }

    mutating func closeTunnels() {}
}
