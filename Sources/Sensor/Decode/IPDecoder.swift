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
            // Mirrors may cut frames; where the header is damaged as well, its length is what is wrong.
            if total > wireLength - offset, try !isSound(bytes, offset, headerLength) { return .stopped(.badIPHeader) }
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
            // Of a fragment the whole must be there first.
            if packet.ipProtocol == authenticationHeader, !packet.isFragment { passAuthentication(bytes, &packet) }
            return .ip
        } catch { return .stopped(.cutIPHeader) }
    }

    /// Whether a header's checksum is right (RFC 1071), or was left to the network card.
    private static func isSound(_ bytes: RawSpan, _ offset: Int, _ length: Int) throws(DecodeError) -> Bool {
        if try bytes.readBE(at: offset + 10, as: UInt16.self) == 0 { return true }
        var sum: UInt32 = 0
        for index in 0..<(length / 2) { sum += UInt32(try bytes.readBE(at: offset + 2 * index, as: UInt16.self)) }
        sum = sum & 0xFFFF + sum >> 16
        return (sum & 0xFFFF + sum >> 16) == 0xFFFF
    }

    /// IANA's number of it.
    static let authenticationHeader: UInt8 = 51

    /// Passes over an authentication header (RFC 4302 section 2) in front of what is read here.
    static func passAuthentication(_ bytes: RawSpan, _ packet: inout DecodedPacket) {
        let start = packet.payloadOffset
        guard let next = try? bytes.byte(at: start), let units = try? bytes.byte(at: start + 1) else { return }
        let length = (Int(units) + 2) * 4
        guard [1, 4, 6, 17, 41, 47].contains(next), length <= packet.payloadLength else { return }
        packet.ipProtocol = next
        setPayload(bytes, start + length, packet.payloadLength - length, &packet)
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
            packet.source = try address(bytes, offset + 8)
            packet.destination = try address(bytes, offset + 24)
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
                try pass(bytes, &next, &offset, &packet)
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

    /// Passes over one extension header.
    @inline(__always)
    private static func pass(
        _ bytes: RawSpan, _ next: inout UInt8, _ offset: inout Int, _ packet: inout DecodedPacket
    ) throws(DecodeError) {
        let isAuthentication = next == authenticationHeader
        let units = Int(try bytes.byte(at: offset + 1))
        if next == 43 { try route(bytes, offset, units, &packet) }
        if next == 60 { try options(bytes, offset, units, &packet) }
        next = try bytes.byte(at: offset)
        offset += isAuthentication ? (units + 2) * 4 : (units + 1) * 8
    }

    /// Passes over the extension headers that lay in the fragments of a packet, now whole (RFC 8200 section 4.5):
    /// those for the destination may be there, in front of what is read here.
    static func passExtensions(_ bytes: RawSpan, _ packet: inout DecodedPacket) {
        var (next, offset) = (packet.ipProtocol, packet.payloadOffset)
        let end = offset + packet.payloadLength
        for _ in 0..<maximumExtensions {
            guard [0, 43, 51, 60, 135, 139, 140].contains(next) else { break }
            do throws(DecodeError) { try pass(bytes, &next, &offset, &packet) } catch { return }
        }
        guard offset <= end else { return }
        packet.ipProtocol = next
        setPayload(bytes, offset, end - offset, &packet)
    }

    /// A routing header of type 0 (RFC 2460 §4.4) or 2 (RFC 6275 §6.4) that is not used up: its last address is where
    /// the packet goes in the end, and which its checksums are made with.
    private static func route(
        _ bytes: RawSpan, _ start: Int, _ units: Int, _ packet: inout DecodedPacket
    ) throws(DecodeError) {
        let type = try bytes.byte(at: start + 2)
        guard type == 0 && units >= 2 && units.isMultiple(of: 2) || type == 2 && units == 2,
            try bytes.byte(at: start + 3) > 0
        else { return }
        packet.destination = try address(bytes, start + units * 8 - 8)
    }

    /// Options for the destination: a home address (RFC 6275 §6.3) is whom the packet is from, wherever he roams.
    private static func options(
        _ bytes: RawSpan, _ start: Int, _ units: Int, _ packet: inout DecodedPacket
    ) throws(DecodeError) {
        var offset = start + 2
        let end = start + (units + 1) * 8
        while offset + 2 <= end {
            let kind = try bytes.byte(at: offset)
            if kind == 0 {  // one byte of padding
                offset += 1
                continue
            }
            let length = Int(try bytes.byte(at: offset + 1))
            if kind == 201, length == 16, offset + 18 <= end { packet.source = try address(bytes, offset + 2) }
            offset += 2 + length
        }
    }

    private static func address(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> IPAddress {
        IPAddress(high: try bytes.readBE(at: offset), low: try bytes.readBE(at: offset + 8))
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
