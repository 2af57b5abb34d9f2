import Shared

/// TCP (RFC 9293 §3.1), UDP (RFC 768), ICMP (RFC 792) and ICMPv6 (RFC 4443) headers.
enum TransportDecoder {
    /// Nil when all went well.
    @inline(__always)
    static func decode(_ bytes: RawSpan, _ packet: inout DecodedPacket) -> DecodeReason? {
        do throws(DecodeError) {
            switch packet.ipProtocol {
            case Transport.tcp.rawValue: return try tcp(bytes, &packet)
            case Transport.udp.rawValue: return try udp(bytes, &packet)
            case Transport.icmp.rawValue, Transport.icmp6.rawValue: return try icmp(bytes, &packet)
            default: return .unknownTransport
            }
        } catch {
            if case .truncated = error { return .cutTransportHeader }
            return .badTransportHeader
        }
    }

    @inline(__always)
    private static func setData(_ headerLength: Int, _ length: Int, _ packet: inout DecodedPacket) {
        packet.dataLength = length
        packet.dataCaptured = max(0, min(length, packet.payloadCaptured - headerLength))
        packet.dataOffset = packet.payloadOffset + min(headerLength, packet.payloadCaptured)
    }

    @inline(__always)
    private static func tcp(_ bytes: RawSpan, _ packet: inout DecodedPacket) throws(DecodeError) -> DecodeReason? {
        let offset = packet.payloadOffset
        guard packet.payloadLength >= 20 else { return .badTransportHeader }
        guard packet.payloadCaptured >= 20 else { return .cutTransportHeader }
        let ports: UInt32 = try bytes.readBE(at: offset)
        packet.sourcePort = UInt16(truncatingIfNeeded: ports >> 16)
        packet.destinationPort = UInt16(truncatingIfNeeded: ports)
        packet.sequence = try bytes.readBE(at: offset + 4)
        packet.acknowledgement = try bytes.readBE(at: offset + 8)
        let headerLength = Int(try bytes.byte(at: offset + 12) >> 4) * 4
        packet.flags = TCPFlags(rawValue: try bytes.byte(at: offset + 13))
        packet.window = try bytes.readBE(at: offset + 14)
        guard headerLength >= 20, headerLength <= packet.payloadLength else { return .badTransportHeader }
        setData(headerLength, packet.payloadLength - headerLength, &packet)
        return nil
    }

    @inline(__always)
    private static func udp(_ bytes: RawSpan, _ packet: inout DecodedPacket) throws(DecodeError) -> DecodeReason? {
        let offset = packet.payloadOffset
        guard packet.payloadLength >= 8 else { return .badTransportHeader }
        guard packet.payloadCaptured >= 8 else { return .cutTransportHeader }
        packet.sourcePort = try bytes.readBE(at: offset)
        packet.destinationPort = try bytes.readBE(at: offset + 2)
        let length = Int(try bytes.readBE(at: offset + 4, as: UInt16.self))
        // Shorter than the IP payload: the rest is padding. Longer or empty (jumbogram, offload): IP is right.
        let data = length >= 8 && length <= packet.payloadLength ? length - 8 : packet.payloadLength - 8
        setData(8, data, &packet)
        return nil
    }

    private static func icmp(_ bytes: RawSpan, _ packet: inout DecodedPacket) throws(DecodeError) -> DecodeReason? {
        let offset = packet.payloadOffset
        guard packet.payloadCaptured >= 4 else { return .cutTransportHeader }
        packet.sourcePort = UInt16(try bytes.byte(at: offset))
        packet.destinationPort = UInt16(try bytes.byte(at: offset + 1))
        setData(8, max(0, packet.payloadLength - 8), &packet)
        return nil
    }
}
