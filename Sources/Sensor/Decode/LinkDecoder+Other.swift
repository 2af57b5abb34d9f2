import Shared

extension LinkDecoder {
    /// Link headers other than Ethernet: the EtherType of what follows, or nil for a type that is not known.
    static func otherLink(
        _ bytes: RawSpan, _ offset: inout Int, _ type: LinkType, _ packet: inout DecodedPacket
    ) throws(DecodeError) -> UInt16? {
        switch type {
        case .raw, .ipv4, .ipv6: return try ipVersion(bytes, offset)
        case .null, .loop:
            // An address family whose number and byte order depend on the system; the IP version tells enough.
            offset += 4
            return try ipVersion(bytes, offset)
        case .linuxCooked:
            return try linuxCooked(bytes, &offset, addressAt: offset + 6, typeAt: offset + 14, size: 16, &packet)
        case .linuxCooked2:
            return try linuxCooked(bytes, &offset, addressAt: offset + 12, typeAt: offset, size: 20, &packet)
        case .ppp, .pppWithHDLC:
            return try isCiscoHDLC(bytes, offset) ? ciscoHDLC(bytes, &offset) : pppProtocol(bytes, &offset)
        case .ciscoHDLC: return try ciscoHDLC(bytes, &offset)
        case .frameRelay: return try frameRelay(bytes, &offset)
        case .ieee80211: return try wireless(bytes, &offset, &packet)
        case .radiotap: return try radiotap(bytes, &offset, &packet)
        case .pppoE:
            offset += 6
            return try pppProtocol(bytes, &offset)
        case .nflog: return try netfilterLog(bytes, &offset)
        default: return isPrefixed(type) ? try prefixed(bytes, &offset, type, &packet) : nil
        }
    }

    /// Cisco's HDLC: an address of its own, zero, and an EtherType. Serial captures call it PPP.
    private static func isCiscoHDLC(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> Bool {
        let head: UInt16 = try bytes.readBE(at: offset)
        return head == 0x0F00 || head == 0x8F00
    }

    private static func ciscoHDLC(_ bytes: RawSpan, _ offset: inout Int) throws(DecodeError) -> UInt16 {
        offset += 4
        return try bytes.readBE(at: offset - 2)
    }

    /// Frame relay: an address of two to four bytes (Q.922 §3.2), then Cisco's EtherType or the header of RFC 2427.
    private static func frameRelay(_ bytes: RawSpan, _ offset: inout Int) throws(DecodeError) -> UInt16? {
        let start = offset
        // The lowest bit tells the last byte of the address.
        repeat { offset += 1 } while try bytes.byte(at: offset - 1) & 1 == 0 && offset - start < 4
        guard try bytes.byte(at: offset) == 3 else {
            offset += 2
            return try bytes.readBE(at: offset - 2)
        }
        offset += 1
        // One byte may fill up to an even offset (§3.1).
        if try bytes.byte(at: offset) == 0 { offset += 1 }
        offset += 1
        switch try bytes.byte(at: offset - 1) {
        case 0xCC: return EtherType.ipv4
        case 0x8E: return EtherType.ipv6
        case 0x80:
            // SNAP without the other three bytes of LLC.
            offset += 5
            return try bytes.readBE(at: offset - 2)
        default: return nil
        }
    }

    static func ipVersion(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> UInt16 {
        switch try bytes.byte(at: offset) >> 4 {
        case 4: return EtherType.ipv4
        case 6: return EtherType.ipv6
        default: throw .invalid(.version)
        }
    }

    /// LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2: the address of the sender only.
    private static func linuxCooked(
        _ bytes: RawSpan, _ offset: inout Int, addressAt: Int, typeAt: Int, size: Int,
        _ packet: inout DecodedPacket
    ) throws(DecodeError) -> UInt16 {
        try bytes.require(size, at: offset)
        let address: UInt64 = try bytes.readBE(at: addressAt)
        packet.sourceMAC = MACAddress(bits: address >> 16)
        let type: UInt16 = try bytes.readBE(at: typeAt)
        offset += size
        // Linux' number for frames with LLC.
        return type == 4 ? try logicalLink(bytes, &offset) : type
    }

    /// LINKTYPE_NFLOG: family, version, resource, then attributes of which number 9 is the packet.
    private static func netfilterLog(_ bytes: RawSpan, _ offset: inout Int) throws(DecodeError) -> UInt16 {
        let family = try bytes.byte(at: offset)
        offset += 4
        for _ in 0..<64 {  // nfnetlink_log knows about twenty attributes
            let length = Int(try bytes.readLE(at: offset, as: UInt16.self))
            let type: UInt16 = try bytes.readLE(at: offset + 2)
            guard length >= 4 else { throw .invalid(.length) }
            if type == 9 {
                offset += 4
                return family == 10 ? EtherType.ipv6 : EtherType.ipv4
            }
            offset += (length + 3) / 4 * 4
        }
        throw .limit(.count)
    }
}
