import Shared

/// Which worker a packet belongs to: the same for both directions between two hosts, and for all their fragments.
enum PacketShare {
    static func worker(of packet: CapturedPacket, among count: Int) -> Int {
        guard count > 1 else { return 0 }
        var decoded = DecodedPacket()
        let outcome = LinkDecoder.decode(
            packet.bytes.bytes, wireLength: packet.wireLength, from: 0, layer: .link(packet.linkType), into: &decoded)
        if case .aggregate = outcome {
            // The frames of an aggregate go between the same two stations: the first tells the worker of all.
            let start = decoded.nextSubframe
            guard let first = LinkDecoder.packet(inSubframe: start, packet.bytes.bytes) else { return 0 }
            decoded = first
        } else if case .stopped = outcome {
            return 0
        }
        if isHanded(decoded, packet.bytes) { return 0 }
        let sum = mix(decoded.source) &+ mix(decoded.destination)
        return Int(truncatingIfNeeded: (sum >> 32).multipliedReportingOverflow(by: UInt64(count)).partialValue >> 32)
    }

    /// Addresses are handed out to clients that have none yet, and by relays (RFC 2131 section 4.1, RFC 8415 section
    /// 7.2): the hosts of one exchange are others in each message.
    private static func isHanded(_ packet: DecodedPacket, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard packet.ipProtocol == Transport.udp.rawValue, !packet.isFragment,
            let port: UInt16 = try? bytes.bytes.readBE(at: packet.payloadOffset + 2)
        else { return false }
        return port == 67 || port == 68 || port == 546 || port == 547
    }

    private static func mix(_ address: IPAddress) -> UInt64 {
        var value = (address.low ^ address.high &* 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 29) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 32
    }
}
