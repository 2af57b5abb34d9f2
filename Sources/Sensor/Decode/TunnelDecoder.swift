import Shared

/// Headers of tunnels: where the packet inside begins, and what it is.
enum TunnelDecoder {
    struct Inner {
        var kind: TunnelKind
        var offset: Int
        var layer: Layer
        /// Number of the virtual network, where the tunnel has one; routed traffic has another in each direction.
        var network: UInt32 = 0

        /// What tells equal addresses in different virtual networks apart: the number, folded.
        func scope(inside outer: UInt16) -> UInt16 {
            guard network != 0 else { return outer }
            let mixed = (network | UInt32(kind.rawValue) << 24) &* 0x9E37_79B1
            return outer &* 31 ^ UInt16(truncatingIfNeeded: mixed >> 16 | 1)
        }

        /// Whether what is inside is of a kind that is read: any datagram to the ports of VXLAN and Geneve may look
        /// like their headers, and clients have such ports too.
        @inline(__always)
        func hasKnownContent(_ bytes: RawSpan, _ outer: DecodedPacket) -> Bool {
            guard kind == .vxlan || kind == .geneve else { return true }
            let end = outer.payloadOffset + outer.payloadCaptured
            guard offset <= end else { return false }
            var packet = DecodedPacket()
            let outcome = LinkDecoder.decode(
                bytes.extracting(0..<end), wireLength: outer.payloadOffset + outer.payloadLength, from: offset,
                layer: layer, into: &packet)
            if case .stopped(let reason) = outcome { return reason == .arp || reason == .cutIPHeader }
            return true
        }
    }

    /// Extension headers of one GTP packet; 3GPP TS 29.281 defines fewer than ten.
    private static let maximumExtensions = 16

    /// Tags of one TZSP packet; about ten kinds are known.
    private static let maximumTags = 64

    /// What an IP packet carries that is itself a packet. Nil when it is none.
    static func ip(_ bytes: RawSpan, _ packet: DecodedPacket) -> Inner? {
        let offset = packet.payloadOffset
        switch packet.ipProtocol {
        case 4: return Inner(kind: .ip, offset: offset, layer: .etherType(EtherType.ipv4))
        case 41: return Inner(kind: .ip, offset: offset, layer: .etherType(EtherType.ipv6))
        case 47: return try? gre(bytes, offset)
        // EtherIP (RFC 3378), MPLS (RFC 4023), and what routers register with PIM (RFC 7761 section 4.9.3).
        case 97: return Inner(kind: .ip, offset: offset + 2, layer: .link(.ethernet))
        case 137: return Inner(kind: .mpls, offset: offset, layer: .etherType(EtherType.mpls))
        case 103: return try? register(bytes, offset)
        default: return nil
        }
    }

    /// GRE (RFC 2784, RFC 2890), its version 1 for PPP (RFC 2637), and ERSPAN in it.
    private static func gre(_ bytes: RawSpan, _ start: Int) throws(DecodeError) -> Inner {
        let flags: UInt16 = try bytes.readBE(at: start)
        let type: UInt16 = try bytes.readBE(at: start + 2)
        var offset = start + 4
        if flags & 0xC000 != 0 { offset += 4 }
        if flags & 0x2000 != 0 { offset += 4 }
        if flags & 0x1000 != 0 { offset += 4 }
        if flags & 7 == 1, flags & 0x0080 != 0 { offset += 4 }
        guard flags & 7 <= 1, flags & 0x4000 == 0 else { throw .invalid(.version) }
        switch type {
        case EtherType.erspan:
            // Type I has neither sequence number nor header of its own; type II has both.
            if flags & 0x1000 != 0 { offset += 8 }
            return Inner(kind: .gre, offset: offset, layer: .link(.ethernet))
        case EtherType.erspan3:
            let hasPlatformHeader = try bytes.byte(at: offset + 11) & 1 == 1
            offset += hasPlatformHeader ? 20 : 12
            return Inner(kind: .gre, offset: offset, layer: .link(.ethernet))
        case 0x8200...0x8210, 0x9000:
            // Access points of Aruba send frames as they were in the air.
            return Inner(kind: .gre, offset: offset, layer: .link(.ieee80211))
        case 0x883E:
            // WCCP redirects with four bytes of its own in front of the packet, or without.
            if try bytes.byte(at: offset) >> 4 != 4 { offset += 4 }
            return Inner(kind: .gre, offset: offset, layer: .etherType(EtherType.ipv4))
        case 0x6559: return Inner(kind: .gre, offset: offset, layer: .link(.frameRelay))
        default: return Inner(kind: .gre, offset: offset, layer: .etherType(type))
        }
    }

    private static func register(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> Inner? {
        // Version 2, type 1, and no bit that says that nothing is inside.
        guard try bytes.byte(at: offset) == 0x21, try bytes.byte(at: offset + 4) & 0x40 == 0 else { return nil }
        return Inner(kind: .ip, offset: offset + 8, layer: .etherType(try LinkDecoder.ipVersion(bytes, offset + 8)))
    }

    /// GRE over UDP (RFC 8086): a header whose reserved bits are zero, before a packet or a frame.
    private static func greOverUDP(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> Inner? {
        let flags: UInt16 = try bytes.readBE(at: offset)
        let type: UInt16 = try bytes.readBE(at: offset + 2)
        guard flags & 0x4FFF == 0 else { return nil }
        switch type {
        case EtherType.ipv4, EtherType.ipv6, EtherType.transparentBridging, EtherType.mpls:
            return try gre(bytes, offset)
        default: return nil
        }
    }

    /// What a UDP datagram carries that is itself a packet. Nil when it is none.
    @inline(__always)
    static func udp(_ bytes: RawSpan, _ packet: DecodedPacket) -> Inner? {
        guard packet.dataCaptured >= 8 else { return nil }
        switch packet.destinationPort {
        case 4789, 8472: return try? vxlan(bytes, packet.dataOffset)
        case 4790: return try? vxlanGPE(bytes, packet.dataOffset)
        case 6081: return try? geneve(bytes, packet.dataOffset)
        case 6635: return Inner(kind: .mpls, offset: packet.dataOffset, layer: .etherType(EtherType.mpls))
        case 4341: return try? lisp(bytes, packet.dataOffset)
        case 2152: return try? gtp(bytes, packet)
        case 4754: return try? greOverUDP(bytes, packet.dataOffset)
        case 5247: return try? capwap(bytes, packet.dataOffset)
        case 37008: return try? tzsp(bytes, packet.dataOffset)
        default: break
        }
        if packet.destinationPort == 1701 || packet.sourcePort == 1701 { return try? l2tp(bytes, packet.dataOffset) }
        if packet.sourcePort == 5247 { return try? capwap(bytes, packet.dataOffset) }
        if packet.sourcePort == 2152 { return try? gtp(bytes, packet) }
        if packet.destinationPort == 5072 || packet.sourcePort == 5072 { return try? ayiya(bytes, packet) }
        return packet.dataCaptured >= 40 ? try? teredo(bytes, packet) : nil
    }

    /// VXLAN (RFC 7348 §5).
    private static func vxlan(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> Inner {
        let flags: UInt32 = try bytes.readBE(at: offset)
        guard flags & 0x0800_0000 != 0, try bytes.byte(at: offset + 7) == 0 else { throw .invalid(.type) }
        return Inner(
            kind: .vxlan, offset: offset + 8, layer: .link(.ethernet),
            network: try bytes.readBE(at: offset + 4, as: UInt32.self) >> 8)
    }

    /// VXLAN with a number of what follows (draft-ietf-nvo3-vxlan-gpe §3.1).
    private static func vxlanGPE(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> Inner {
        let flags = try bytes.byte(at: offset)
        guard flags & 0x30 == 0, flags & 0x04 != 0 else { throw .invalid(.version) }
        let layer: Layer
        switch try bytes.byte(at: offset + 3) {
        case 1: layer = .etherType(EtherType.ipv4)
        case 2: layer = .etherType(EtherType.ipv6)
        case 3: layer = .link(.ethernet)
        case 4: layer = .etherType(EtherType.serviceHeader)
        case 5: layer = .etherType(EtherType.mpls)
        default: throw .invalid(.type)
        }
        return Inner(
            kind: .vxlan, offset: offset + 8, layer: layer,
            network: try bytes.readBE(at: offset + 4, as: UInt32.self) >> 8)
    }

    /// LISP's data (RFC 9300 §5.3): a header of eight bytes, whose lowest bits are reserved, and an IP packet.
    private static func lisp(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> Inner {
        guard try bytes.byte(at: offset) & 0x04 == 0 else { throw .invalid(.type) }
        return Inner(kind: .lisp, offset: offset + 8, layer: .etherType(try LinkDecoder.ipVersion(bytes, offset + 8)))
    }

    /// Geneve (RFC 8926 §3.4).
    private static func geneve(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> Inner {
        let first = try bytes.byte(at: offset)
        guard first >> 6 == 0 else { throw .invalid(.version) }
        let type: UInt16 = try bytes.readBE(at: offset + 2)
        let inner = offset + 8 + Int(first & 0x3F) * 4
        return Inner(
            kind: .geneve, offset: inner, layer: .etherType(type),
            network: try bytes.readBE(at: offset + 4, as: UInt32.self) >> 8)
    }

    /// GTP version 1, user plane (3GPP TS 29.281 §5).
    private static func gtp(_ bytes: RawSpan, _ packet: DecodedPacket) throws(DecodeError) -> Inner {
        var offset = packet.dataOffset
        let flags = try bytes.byte(at: offset)
        guard flags >> 4 == 3, try bytes.byte(at: offset + 1) == 0xFF else { throw .invalid(.type) }
        guard Int(try bytes.readBE(at: offset + 2, as: UInt16.self)) + 8 <= packet.dataLength else {
            throw .invalid(.length)
        }
        offset += 8
        if flags & 7 != 0 {
            var next = flags & 4 != 0 ? try bytes.byte(at: offset + 3) : 0
            offset += 4
            for _ in 0..<maximumExtensions where next != 0 {
                let units = Int(try bytes.byte(at: offset))
                guard units > 0 else { throw .invalid(.length) }
                offset += units * 4
                next = try bytes.byte(at: offset - 1)
            }
        }
        return Inner(kind: .gtp1, offset: offset, layer: .etherType(try LinkDecoder.ipVersion(bytes, offset)))
    }

    /// Data of CAPWAP (RFC 5415 §4.3) between access point and controller, when it is not encrypted: frames as they
    /// were in the air, or Ethernet.
    private static func capwap(_ bytes: RawSpan, _ offset: Int) throws(DecodeError) -> Inner {
        // Version 0, and no DTLS.
        guard try bytes.byte(at: offset) == 0 else { throw .invalid(.version) }
        let word: UInt32 = try bytes.readBE(at: offset)
        let (isNative, isFragment) = (word & 0x100 != 0, word & 0x80 != 0)
        let length = Int(word >> 19 & 0x1F) * 4
        guard length >= 8, !isFragment else { throw .invalid(.length) }
        // 802.11 is the only binding there is, and what is reserved is zero.
        guard word & 7 == 0, !isNative || word >> 9 & 0x1F == 1 else { throw .invalid(.type) }
        let inner = offset + length
        guard isNative else { return Inner(kind: .capwap, offset: inner, layer: .link(.ethernet)) }
        // Cisco's access points exchange the two bytes of frame control: version and type are in the second then.
        let control: UInt16 = try bytes.readBE(at: inner)
        let isSwapped = control & 0x0F00 != 0x0800 && control & 0x000F == 0x0008
        return Inner(kind: .capwap, offset: inner, layer: isSwapped ? .swappedWireless : .link(.ieee80211))
    }

    /// Data of L2TP version 2 (RFC 2661 §3.1): fields that its flags tell of, then PPP.
    private static func l2tp(_ bytes: RawSpan, _ start: Int) throws(DecodeError) -> Inner {
        let flags: UInt16 = try bytes.readBE(at: start)
        // Version 2, no control message, and what is reserved is zero.
        guard flags & 0xB4FF == 2 else { throw .invalid(.version) }
        var offset = start + (flags & 0x4000 != 0 ? 8 : 6)
        if flags & 0x0800 != 0 { offset += 4 }
        if flags & 0x0200 != 0 { offset += 2 + Int(try bytes.readBE(at: offset, as: UInt16.self)) }
        return Inner(kind: .l2tp, offset: offset, layer: .etherType(EtherType.ppp))
    }

    /// TZSP, in which sniffers of the air send what they hear: a header, tags, then the frame.
    private static func tzsp(_ bytes: RawSpan, _ start: Int) throws(DecodeError) -> Inner {
        // Version 1, and a packet that was received or is to be sent.
        guard try bytes.byte(at: start) == 1, try bytes.byte(at: start + 1) <= 1 else { throw .invalid(.version) }
        let link: LinkType
        switch try bytes.readBE(at: start + 2, as: UInt16.self) {
        case 1: link = .ethernet
        case 0x12: link = .ieee80211
        case 0x77: link = .prism
        case 0x7F: link = .avs
        default: throw .invalid(.type)
        }
        var offset = start + 4
        for _ in 0..<maximumTags {
            let tag = try bytes.byte(at: offset)
            offset += 1
            if tag == 1 { return Inner(kind: .tzsp, offset: offset, layer: .link(link)) }
            if tag != 0 { offset += 1 + Int(try bytes.byte(at: offset)) }
        }
        throw .limit(.count)
    }

    /// AYIYA (draft-massar-v6ops-ayiya §2): identity and signature of lengths of their own, then the packet.
    private static func ayiya(_ bytes: RawSpan, _ packet: DecodedPacket) throws(DecodeError) -> Inner {
        let offset = packet.dataOffset
        let lengths: UInt16 = try bytes.readBE(at: offset)
        let isForwarded = try bytes.byte(at: offset + 2) & 0x0F == 1
        let next = try bytes.byte(at: offset + 3)
        guard isForwarded, next == 4 || next == 41 else { throw .invalid(.type) }
        let inner = offset + 8 + (1 << Int(lengths >> 12)) + Int(lengths >> 4 & 15) * 4
        return Inner(kind: .ayiya, offset: inner, layer: .etherType(next == 4 ? EtherType.ipv4 : EtherType.ipv6))
    }

    /// Teredo (RFC 4380 §5.1.1): IPv6, perhaps behind authentication and origin indications.
    ///
    /// The port is the client's choice, so it is recognised by content: a complete IPv6 packet, of which one address is
    /// a Teredo address or the port is the service's own.
    private static func teredo(_ bytes: RawSpan, _ packet: DecodedPacket) throws(DecodeError) -> Inner? {
        var offset = packet.dataOffset
        if try bytes.readBE(at: offset, as: UInt16.self) == 1 {
            let lengths: UInt16 = try bytes.readBE(at: offset + 2)
            offset += 13 + Int(lengths >> 8) + Int(lengths & 255)
        }
        if try bytes.readBE(at: offset, as: UInt16.self) == 0 { offset += 8 }
        guard offset + 40 <= packet.dataOffset + packet.dataCaptured else { return nil }
        let version: UInt32 = try bytes.readBE(at: offset)
        let length = Int(try bytes.readBE(at: offset + 4, as: UInt16.self))
        guard version >> 28 == 6, offset + 40 + length <= packet.dataOffset + packet.dataLength else { return nil }
        let isService = packet.sourcePort == 3544 || packet.destinationPort == 3544
        let source: UInt32 = try bytes.readBE(at: offset + 8)
        let destination: UInt32 = try bytes.readBE(at: offset + 24)
        guard isService || source == 0x2001_0000 || destination == 0x2001_0000 else { return nil }
        return Inner(kind: .teredo, offset: offset, layer: .etherType(EtherType.ipv6))
    }
}
