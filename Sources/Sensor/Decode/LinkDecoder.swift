import Shared

/// Numbers of what follows a link header (IEEE 802 numbers, IANA).
enum EtherType {
    static let ipv4: UInt16 = 0x0800
    static let arp: UInt16 = 0x0806
    static let transparentBridging: UInt16 = 0x6558
    static let vlan: UInt16 = 0x8100
    static let ipv6: UInt16 = 0x86DD
    static let ppp: UInt16 = 0x880B
    static let mpls: UInt16 = 0x8847
    static let mplsMulticast: UInt16 = 0x8848
    static let pppoeSession: UInt16 = 0x8864
    static let backboneBridge: UInt16 = 0x88E7
    static let vnTag: UInt16 = 0x8926
    static let macSecurity: UInt16 = 0x88E5
    static let portExtender: UInt16 = 0x893F
    static let serviceHeader: UInt16 = 0x894F
    static let erspan: UInt16 = 0x88BE
    static let erspan3: UInt16 = 0x22EB
    static let providerBridge: UInt16 = 0x88A8
    static let fabricPath: UInt16 = 0x8903
    static let ciscoMetadata: UInt16 = 0x8909
    static let aristaTimestamp: UInt16 = 0xD28B
    static let redundancyTag: UInt16 = 0xF1C1
    static let seamlessRedundancy: UInt16 = 0x892F
    static let oldQinQ: UInt16 = 0x9100
    static let oldQinQ2: UInt16 = 0x9200
}

/// What stands at an offset: the next layer to decode.
enum Layer {
    case link(LinkType)
    case etherType(UInt16)
    /// A wireless frame whose two bytes of frame control are exchanged.
    case swappedWireless
    /// One frame of an aggregate.
    case wirelessSubframe
}

/// Where decoding of one packet led.
enum DecodeOutcome {
    /// The IP header was read; ``DecodedPacket`` tells where its payload lies.
    case ip
    /// Several frames in one: ``DecodedPacket/nextSubframe`` tells where the first begins.
    case aggregate
    /// Not followed, counted under this reason.
    case stopped(DecodeReason)
}

/// Reads link and network headers into a ``DecodedPacket``.
enum LinkDecoder {
    /// Headers of one packet below IP: VLAN stacks of ten and MPLS stacks of a few labels occur; this is a bound, not
    /// a norm.
    static let maximumLayers = 24

    @inline(__always)
    static func decode(
        _ bytes: RawSpan, wireLength: Int, from offset: Int, layer: Layer, into packet: inout DecodedPacket
    ) -> DecodeOutcome {
        do throws(DecodeError) {
            return try follow(bytes, wireLength, offset, layer, &packet)
        } catch {
            if case .truncated = error { return .stopped(.cutLinkHeader) }
            return .stopped(.badLinkHeader)
        }
    }

    @inline(__always)
    private static func follow(
        _ bytes: RawSpan, _ wireLength: Int, _ start: Int, _ layer: Layer, _ packet: inout DecodedPacket
    ) throws(DecodeError) -> DecodeOutcome {
        var offset = start
        var type: UInt16
        switch layer {
        case .link(.ethernet): type = try ethernet(bytes, &offset, &packet)
        case .link(let other):
            guard let next = try otherLink(bytes, &offset, other, &packet) else {
                if packet.nextSubframe > 0 { return .aggregate }
                return .stopped(other == .ieee80211 || other == .radiotap ? .wireless : .unknownLinkType)
            }
            type = next
        case .etherType(let next): type = next
        case .swappedWireless:
            guard let next = try wireless(bytes, &offset, isSwapped: true, &packet) else {
                return packet.nextSubframe > 0 ? .aggregate : .stopped(.wireless)
            }
            type = next
        case .wirelessSubframe: type = try subframe(bytes, &offset, &packet)
        }
        for _ in 0..<maximumLayers {
            switch type {
            case EtherType.ipv4: return IPDecoder.ipv4(bytes, wireLength, offset, &packet)
            case EtherType.ipv6: return IPDecoder.ipv6(bytes, wireLength, offset, &packet)
            case EtherType.arp: return .stopped(.arp)
            default:
                guard let next = try tag(bytes, &offset, type, &packet) else {
                    return .stopped(.unknownEtherType)
                }
                type = next
            }
        }
        return .stopped(.tooManyLayers)
    }

    @inline(__always)
    static func ethernet(
        _ bytes: RawSpan, _ offset: inout Int, _ packet: inout DecodedPacket
    ) throws(DecodeError) -> UInt16 {
        try bytes.require(14, at: offset)
        let first: UInt64 = try bytes.readBE(at: offset)
        let second: UInt32 = try bytes.readBE(at: offset + 8)
        packet.destinationMAC = MACAddress(bits: first >> 16)
        packet.sourceMAC = MACAddress(bits: (first & 0xFFFF) << 32 | UInt64(second))
        packet.hasMAC = true
        let type: UInt16 = try bytes.readBE(at: offset + 12)
        offset += 14
        return type >= 0x600 ? type : try logicalLink(bytes, &offset)
    }

    /// IEEE 802.2 LLC with SNAP (RFC 1042), and bare IP numbers of LLC.
    static func logicalLink(_ bytes: RawSpan, _ offset: inout Int) throws(DecodeError) -> UInt16 {
        let service: UInt16 = try bytes.readBE(at: offset)
        if service == 0xAAAA {
            offset += 8
            return try bytes.readBE(at: offset - 2)
        }
        offset += 3
        return service == 0x0606 ? EtherType.ipv4 : 0
    }

    /// One shim between link and network header. Nil when the type is none of them.
    private static func tag(
        _ bytes: RawSpan, _ offset: inout Int, _ type: UInt16, _ packet: inout DecodedPacket
    ) throws(DecodeError) -> UInt16? {
        switch type {
        case EtherType.vlan, EtherType.providerBridge, EtherType.oldQinQ, EtherType.oldQinQ2:
            let identifier = try bytes.readBE(at: offset, as: UInt16.self) & 0x0FFF
            if packet.vlan == DecodedPacket.noVLAN {
                packet.vlan = identifier
            } else if packet.innerVLAN == DecodedPacket.noVLAN {
                packet.innerVLAN = identifier
            }
            let next: UInt16 = try bytes.readBE(at: offset + 2)
            offset += 4
            return next >= 0x600 ? next : try logicalLink(bytes, &offset)
        case EtherType.mpls, EtherType.mplsMulticast: return try mpls(bytes, &offset, &packet)
        case EtherType.pppoeSession:
            offset += 6
            return try pppProtocol(bytes, &offset)
        case EtherType.ppp: return try pppProtocol(bytes, &offset)
        case EtherType.transparentBridging: return try ethernet(bytes, &offset, &packet)
        case EtherType.backboneBridge:
            // IEEE 802.1ah: four bytes of service instance, then a whole Ethernet frame.
            offset += 4
            return try ethernet(bytes, &offset, &packet)
        case EtherType.vnTag, EtherType.redundancyTag, EtherType.seamlessRedundancy:
            // Virtual interfaces of a switch port, IEEE 802.1CB, IEC 62439-3: four bytes.
            offset += 6
            return try bytes.readBE(at: offset - 2)
        case EtherType.fabricPath:
            // Cisco FabricPath: the outer frame's 16 bytes end after a 2-byte tag; a whole Ethernet frame follows.
            offset += 2
            return try ethernet(bytes, &offset, &packet)
        case EtherType.portExtender, EtherType.ciscoMetadata:
            // E-Tag of IEEE 802.1BR, Cisco's security groups: six bytes.
            offset += 8
            return try bytes.readBE(at: offset - 2)
        case EtherType.aristaTimestamp: return try aristaTimestamp(bytes, &offset)
        case EtherType.macSecurity: return try macSecurity(bytes, &offset)
        case EtherType.serviceHeader: return try serviceHeader(bytes, &offset)
        default: return nil
        }
    }

    /// When a tap's aggregator saw the frame (Arista, "Overview of Arista Timestamps"): a subtype, a version whose low
    /// byte begins with the format, and eight or six bytes of time; the frame's own type follows.
    private static func aristaTimestamp(_ bytes: RawSpan, _ offset: inout Int) throws(DecodeError) -> UInt16? {
        guard try bytes.readBE(at: offset, as: UInt16.self) == 1 else { return nil }
        switch try bytes.byte(at: offset + 3) >> 4 {
        case 1: offset += 14
        case 2: offset += 12
        default: return nil
        }
        return try bytes.readBE(at: offset - 2)
    }

    /// IEEE 802.1AE that protects without encrypting: nil when it is encrypted.
    private static func macSecurity(_ bytes: RawSpan, _ offset: inout Int) throws(DecodeError) -> UInt16? {
        let control = try bytes.byte(at: offset)
        guard control & 0x0C == 0 else { return nil }
        offset += control & 0x20 != 0 ? 16 : 8
        return try bytes.readBE(at: offset - 2)
    }

    /// Network service header (RFC 8300 §2.2); nil when what follows is none that is known.
    private static func serviceHeader(_ bytes: RawSpan, _ offset: inout Int) throws(DecodeError) -> UInt16? {
        let words = Int(try bytes.byte(at: offset + 1) & 0x3F)
        let next = try bytes.byte(at: offset + 3)
        guard words >= 2 else { throw .invalid(.length) }
        offset += words * 4
        switch next {
        case 1: return EtherType.ipv4
        case 2: return EtherType.ipv6
        case 3: return EtherType.transparentBridging
        case 5: return EtherType.mpls
        default: return nil
        }
    }

    /// Label stack (RFC 3032); what lies under it is told by its first nibble.
    private static func mpls(
        _ bytes: RawSpan, _ offset: inout Int, _ packet: inout DecodedPacket
    ) throws(DecodeError) -> UInt16 {
        for _ in 0..<maximumLayers {
            let label: UInt32 = try bytes.readBE(at: offset)
            offset += 4
            guard label & 0x100 != 0 else { continue }
            switch try bytes.byte(at: offset) >> 4 {
            case 4: return EtherType.ipv4
            case 6: return EtherType.ipv6
            case 0:
                // A control word of an Ethernet pseudowire (RFC 4448), which may be left out: then it is an address.
                let isFrame = carriesKnown(bytes, offset) && !carriesKnown(bytes, offset + 4)
                if !isFrame { offset += 4 }
                return try ethernet(bytes, &offset, &packet)
            default: return try ethernet(bytes, &offset, &packet)
            }
        }
        throw .limit(.count)
    }

    /// Whether a frame that would begin here has a type that is read.
    private static func carriesKnown(_ bytes: RawSpan, _ start: Int) -> Bool {
        guard let type: UInt16 = try? bytes.readBE(at: start + 12) else { return false }
        switch type {
        case EtherType.ipv4, EtherType.ipv6, EtherType.arp, EtherType.vlan, EtherType.providerBridge, EtherType.mpls,
            EtherType.pppoeSession:
            return true
        default: return false
        }
    }

    /// PPP protocol field (RFC 1661 §2), also compressed to one byte, also behind HDLC address and control.
    static func pppProtocol(_ bytes: RawSpan, _ offset: inout Int) throws(DecodeError) -> UInt16 {
        if offset + 2 <= bytes.byteCount, try bytes.readBE(at: offset, as: UInt16.self) == 0xFF03 { offset += 2 }
        let first = try bytes.byte(at: offset)
        let number: UInt16
        if first & 1 == 1 {
            number = UInt16(first)
            offset += 1
        } else {
            number = try bytes.readBE(at: offset)
            offset += 2
        }
        switch number {
        case 0x21: return EtherType.ipv4
        case 0x57: return EtherType.ipv6
        case 0x281: return EtherType.mpls
        default: return 0
        }
    }
}
