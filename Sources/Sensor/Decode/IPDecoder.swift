import Shared

/// IPv4 (RFC 791) and IPv6 (RFC 8200) headers.
enum IPDecoder {
    /// Extension headers of one packet; RFC 8504 §5.3 lets a node refuse more than a few.
    private static let maximumExtensions = 12

    /// What pads the shortest Ethernet frame.
    private static let largestPadding = 64

    @inline(__always)
    static func ipv4(
        _ bytes: RawSpan, _ wireLength: Int, _ offset: Int, _ packet: inout DecodedPacket
    ) -> DecodeOutcome {
        do throws(DecodeError) {
            try bytes.require(20, at: offset)
            let first = try bytes.byte(at: offset)
            let headerLength = Int(first & 15) * 4
            guard first >> 4 == 4, headerLength >= 20 else { return .stopped(.badIPHeader) }
            var total = Int(try bytes.readBE(at: offset + 2, as: UInt16.self))
            // Segmentation offload leaves the length empty: then the frame's own length is the best there is.
            if total == 0 { total = wireLength - offset }
            guard total >= headerLength else { return .stopped(.badIPHeader) }
            packet.source = IPAddress(v4: try bytes.readBE(at: offset + 12))
            packet.destination = IPAddress(v4: try bytes.readBE(at: offset + 16))
            packet.hopLimit = try bytes.byte(at: offset + 8)
            packet.ipProtocol = try bytes.byte(at: offset + 9)
            packet.ipLength = total
            setPayload(bytes, offset + headerLength, total - headerLength, &packet)
            let fragment: UInt16 = try bytes.readBE(at: offset + 6)
            packet.isFragment = fragment & 0x3FFF != 0
            packet.mayNotFragment = fragment & 0x4000 != 0
            if packet.isFragment {
                packet.moreFragments = fragment & 0x2000 != 0
                packet.fragmentOffset = Int(fragment & 0x1FFF) * 8
                packet.fragmentID = UInt32(try bytes.readBE(at: offset + 4, as: UInt16.self))
            }
            return .ip
        } catch { return .stopped(.cutIPHeader) }
    }

    @inline(__always)
    private static func setPayload(
        _ bytes: RawSpan, _ offset: Int, _ length: Int, _ packet: inout DecodedPacket
    ) {
        packet.payloadOffset = min(offset, bytes.byteCount)
        packet.payloadLength = length
        packet.payloadCaptured = max(0, min(length, bytes.byteCount - offset))
    }

    static func ipv6(
        _ bytes: RawSpan, _ wireLength: Int, _ offset: Int, _ packet: inout DecodedPacket
    ) -> DecodeOutcome {
        do throws(DecodeError) {
            try bytes.require(40, at: offset)
            guard try bytes.byte(at: offset) >> 4 == 6 else { return .stopped(.badIPHeader) }
            var length = Int(try bytes.readBE(at: offset + 4, as: UInt16.self))
            // Empty with much behind it: segmentation offload. With little behind it: padding of the frame.
            if length == 0, wireLength - offset - 40 > largestPadding { length = wireLength - offset - 40 }
            packet.source = IPAddress(
                high: try bytes.readBE(at: offset + 8), low: try bytes.readBE(at: offset + 16))
            packet.destination = IPAddress(
                high: try bytes.readBE(at: offset + 24), low: try bytes.readBE(at: offset + 32))
            packet.ipLength = 40 + length
            packet.hopLimit = try bytes.byte(at: offset + 7)
            return try extensions(bytes, offset, length, &packet)
        } catch { return .stopped(.cutIPHeader) }
    }

    private static func extensions(
        _ bytes: RawSpan, _ start: Int, _ length: Int, _ packet: inout DecodedPacket
    ) throws(DecodeError) -> DecodeOutcome {
        var next = try bytes.byte(at: start + 6)
        var offset = start + 40
        packet.isFragment = false
        for _ in 0..<maximumExtensions {
            switch next {
            case 0, 43, 60, 135, 139, 140, 51:  // hop-by-hop, routing, destination, mobility, HIP, shim6, AH
                let isAuthentication = next == 51
                next = try bytes.byte(at: offset)
                let units = Int(try bytes.byte(at: offset + 1))
                offset += isAuthentication ? (units + 2) * 4 : (units + 1) * 8
            case 44:
                next = try bytes.byte(at: offset)
                let field: UInt16 = try bytes.readBE(at: offset + 2)
                packet.fragmentOffset = Int(field & 0xFFF8)
                packet.moreFragments = field & 1 != 0
                packet.fragmentID = try bytes.readBE(at: offset + 4)
                packet.isFragment = packet.fragmentOffset != 0 || packet.moreFragments
                offset += 8
                if packet.isFragment { return finish(bytes, start, offset, length, next, &packet) }
            default: return finish(bytes, start, offset, length, next, &packet)
            }
        }
        return .stopped(.tooManyLayers)
    }

    private static func finish(
        _ bytes: RawSpan, _ start: Int, _ offset: Int, _ length: Int, _ next: UInt8,
        _ packet: inout DecodedPacket
    ) -> DecodeOutcome {
        let left = start + 40 + length - offset
        guard left >= 0 else { return .stopped(.badIPHeader) }
        packet.ipProtocol = next
        setPayload(bytes, offset, left, &packet)
        return .ip
    }
}
