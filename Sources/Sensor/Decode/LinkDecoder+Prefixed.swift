import Shared

/// Headers that capturing systems put in front of what was on the wire (the link types' pages at tcpdump.org).
extension LinkDecoder {
    /// Skips such a header and decodes what is behind it.
    /// - Returns: the EtherType of what follows; nil for a type that is not known, and for frames without data.
    static func prefixed(
        _ bytes: RawSpan, _ offset: inout Int, _ type: LinkType, _ packet: inout DecodedPacket
    ) throws(DecodeError) -> UInt16? {
        let start = offset
        let length: Int
        var inner = LinkType.ieee80211
        switch type {
        case .prism:
            // Linux' first wireless drivers: 144 bytes, or those of AVS behind a number of its own.
            let isAVS = try bytes.readBE(at: start, as: UInt32.self) & 0xFFFF_F000 == 0x8021_1000
            length = isAVS ? try lengthBE(bytes, start + 4) : 144
        case .avs: length = try lengthBE(bytes, start + 4)
        case .perPacketInformation:
            length = Int(try bytes.readLE(at: start + 2, as: UInt16.self))
            inner = LinkType(fileValue: try bytes.readLE(at: start + 4))
        case .packetTap:
            length = try lengthLE(bytes, start)
            inner = LinkType(fileValue: try bytes.readLE(at: start + 8))
        case .encapsulated:
            // OpenBSD's enc(4): address family, identifier, flags; then IP.
            length = 12
            inner = .raw
        case .openBSDFilterLog:
            // pflog(4): its length without the padding, then IP.
            length = (Int(try bytes.byte(at: start)) + 3) / 4 * 4
            inner = .raw
        case .pppWithDirection:
            length = 1
            inner = .ppp
        default: return nil
        }
        guard length > 0 else { throw .invalid(.length) }
        try bytes.require(length, at: start)
        offset = start + length
        if inner == .ethernet { return try ethernet(bytes, &offset, &packet) }
        return isPrefixed(inner) ? nil : try otherLink(bytes, &offset, inner, &packet)
    }

    /// Whether a link type is such a header: one is enough.
    static func isPrefixed(_ type: LinkType) -> Bool {
        switch type {
        case .prism, .avs, .perPacketInformation, .packetTap, .encapsulated, .openBSDFilterLog, .pppWithDirection: true
        default: false
        }
    }

    private static func lengthBE(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> Int {
        Int(try bytes.readBE(at: offset, as: UInt32.self))
    }

    private static func lengthLE(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> Int {
        Int(try bytes.readLE(at: offset, as: UInt32.self))
    }
}
