import Shared

/// Data frames of IEEE 802.11-2020 §9.2.4 that are not encrypted, with and without radiotap in front.
extension LinkDecoder {
    /// Skips a radiotap header, whose length stands in it (radiotap.org).
    static func radiotap(
        _ bytes: RawSpan, _ offset: inout Int, _ packet: inout DecodedPacket
    ) throws(DecodeError) -> UInt16? {
        let length = Int(try bytes.readLE(at: offset + 2, as: UInt16.self))
        guard length >= 8 else { throw .invalid(.length) }
        offset += length
        return try wireless(bytes, &offset, &packet)
    }

    /// Nil for frames without data, for encrypted ones, and for aggregates, of which ``DecodedPacket/nextSubframe``
    /// tells the first.
    /// - Parameter isSwapped: the two bytes of frame control are exchanged.
    static func wireless(
        _ bytes: RawSpan, _ offset: inout Int, isSwapped: Bool = false, _ packet: inout DecodedPacket
    ) throws(DecodeError) -> UInt16? {
        let control = try bytes.byte(at: isSwapped ? offset + 1 : offset)
        let flags = try bytes.byte(at: isSwapped ? offset : offset + 1)
        let hasNoData = control & 0x40 != 0
        // Version 0, type 2.
        guard control & 0x0F == 0x08, !hasNoData, flags & 0x40 == 0 else { return nil }
        let isQoS = control & 0x80 != 0
        let (isToSystem, isFromSystem) = (flags & 1 != 0, flags & 2 != 0)
        let start = offset
        offset += isToSystem && isFromSystem ? 30 : 24
        var isAggregate = false
        if isQoS {
            isAggregate = try bytes.byte(at: offset) & 0x80 != 0
            // With the order bit, four bytes of high throughput control follow.
            offset += flags & 0x80 != 0 ? 6 : 2
        }
        packet.destinationMAC = try address(bytes, isToSystem ? start + 16 : start + 4)
        packet.sourceMAC = try address(
            bytes, isFromSystem ? (isToSystem ? start + 24 : start + 16) : start + 10)
        packet.hasMAC = true
        guard isAggregate else { return try logicalLink(bytes, &offset) }
        packet.nextSubframe = offset
        return nil
    }

    /// Where a frame of an aggregate ends: beyond it, nothing belongs to what it carries.
    static func subframeEnd(_ bytes: RawSpan, _ offset: Int) -> Int {
        let length = (try? bytes.readBE(at: offset + 12, as: UInt16.self)).map { Int($0) } ?? 0
        return min(bytes.byteCount, offset + 14 + length)
    }

    /// The packet in the frame of an aggregate that begins at `start`; nil when it carries no IP.
    static func packet(inSubframe start: Int, _ bytes: RawSpan) -> DecodedPacket? {
        guard start < bytes.byteCount else { return nil }
        var packet = DecodedPacket()
        let end = subframeEnd(bytes, start)
        let outcome = decode(
            bytes.extracting(0..<end), wireLength: end, from: start, layer: .wirelessSubframe, into: &packet)
        if case .ip = outcome { return packet }
        return nil
    }

    /// One frame of an aggregate (IEEE 802.11-2020 section 9.3.2.2.2): addresses and a length of its own.
    static func subframe(
        _ bytes: RawSpan, _ offset: inout Int, _ packet: inout DecodedPacket
    ) throws(DecodeError) -> UInt16 {
        packet.destinationMAC = try address(bytes, offset)
        packet.sourceMAC = try address(bytes, offset + 6)
        packet.hasMAC = true
        offset += 14
        return try logicalLink(bytes, &offset)
    }

    private static func address(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> MACAddress {
        let high: UInt16 = try bytes.readBE(at: offset)
        let low: UInt32 = try bytes.readBE(at: offset + 2)
        return MACAddress(bits: UInt64(high) << 32 | UInt64(low))
    }
}
