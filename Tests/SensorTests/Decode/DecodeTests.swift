import Shared
import Testing

@testable import Sensor

/// Packets made byte by byte.
enum PacketBytes {
    static func ethernet(_ type: UInt16, _ rest: [UInt8]) -> [UInt8] {
        [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, UInt8(type >> 8), UInt8(type & 255)] + rest
    }

    static func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }

    static func ipv4(
        _ ipProtocol: UInt8, from: [UInt8] = [10, 0, 0, 1], to: [UInt8] = [10, 0, 0, 2], totalLength: Int? = nil,
        identification: Int = 1, fragment: Int = 0, _ payload: [UInt8]
    ) -> [UInt8] {
        [0x45, 0] + word(totalLength ?? payload.count + 20) + word(identification) + word(fragment)
            + [64, ipProtocol, 0, 0] + from + to + payload
    }

    static func ipv6(next: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let address: [UInt8] = [0xFD] + [UInt8](repeating: 0, count: 14)
        return [0x60, 0, 0, 0] + word(payload.count) + [next, 64] + address + [1] + address + [2] + payload
    }

    static func udp(from: Int, to: Int, _ data: [UInt8]) -> [UInt8] {
        word(from) + word(to) + word(data.count + 8) + [0, 0] + data
    }

    static func tcp(
        from: Int, to: Int, sequence: UInt32, acknowledgement: UInt32 = 0, flags: UInt8, window: Int = 1000,
        _ data: [UInt8] = []
    ) -> [UInt8] {
        func long(_ value: UInt32) -> [UInt8] { word(Int(value >> 16)) + word(Int(value & 0xFFFF)) }
        return word(from) + word(to) + long(sequence) + long(acknowledgement) + [0x50, flags] + word(window)
            + [0, 0, 0, 0] + data
    }
}

@Suite struct DecodeTests {
    private func decode(
        _ bytes: [UInt8], _ type: LinkType = .ethernet, wireLength: Int? = nil
    ) -> (DecodedPacket, DecodeReason?) {
        var packet = DecodedPacket()
        let outcome = LinkDecoder.decode(
            bytes.span.bytes, wireLength: wireLength ?? bytes.count, from: 0, layer: .link(type), into: &packet)
        switch outcome {
        case .stopped(let reason): return (packet, reason)
        case .aggregate: return (packet, nil)
        case .ip:
            let reason = packet.isFragment ? nil : TransportDecoder.decode(bytes.span.bytes, &packet)
            return (packet, reason)
        }
    }

    static let datagram = PacketBytes.ipv4(17, PacketBytes.udp(from: 1000, to: 53, [1, 2, 3]))

    private static func address(_ last: UInt8) -> [UInt8] { [0x20, 1] + [UInt8](repeating: 0, count: 13) + [last] }

    /// Routing headers of type 0 (RFC 2460 §4.4) and 2 (RFC 6275 §6.4), and a home address (RFC 6275 §6.3): whom the
    /// packet is for in the end, and whom it is from.
    @Test(
        arguments: [
            (43, [17, 4, 0, 2, 0, 0, 0, 0] + address(7) + address(8), 2, 8),
            (43, [17, 2, 2, 1, 0, 0, 0, 0] + address(9), 2, 9),
            // Used up, of another type, and of a length that it cannot have.
            (43, [17, 2, 2, 0, 0, 0, 0, 0] + address(9), 2, 2), (43, [17, 2, 4, 1, 0, 0, 0, 0] + address(9), 2, 2),
            (43, [17, 1, 0, 1, 0, 0, 0, 0] + address(9).prefix(8), 2, 2),
            (60, [17, 2, 1, 2, 0, 0, 201, 16] + address(6), 6, 2),
            (60, [17, 2, 1, 2, 0, 0, 200, 16] + address(6), 2, 2),
            (60, [17, 0, 0, 0, 0, 0, 201, 16], 2, 2),
        ] as [(UInt8, [UInt8], UInt8, UInt8)])
    func extensionsTellTheEnds(next: UInt8, header: [UInt8], source: UInt8, destination: UInt8) {
        let (packet, reason) = decode(
            PacketBytes.ethernet(0x86DD, PacketBytes.ipv6(next: next, header + PacketBytes.udp(from: 5, to: 6, [1]))))
        #expect(reason == nil)
        // The header's own addresses end in 1 and 2.
        #expect(packet.source.low == (source == 2 ? 1 : UInt64(source)))
        #expect(packet.destination.low == UInt64(destination))
        #expect(packet.destinationPort == 6)
    }

    static let wrapped: [(String, [UInt8], LinkType)] = [
        ("Ethernet", PacketBytes.ethernet(0x0800, datagram), .ethernet),
        ("VLAN", PacketBytes.ethernet(0x8100, [0, 7, 8, 0] + datagram), .ethernet),
        ("QinQ", PacketBytes.ethernet(0x88A8, [0, 7, 0x81, 0, 0, 8, 8, 0] + datagram), .ethernet),
        ("MPLS", PacketBytes.ethernet(0x8847, [0, 0, 0x10, 64, 0, 0, 0x11, 64] + datagram), .ethernet),
        ("PPPoE", PacketBytes.ethernet(0x8864, [0x11, 0, 0, 1, 0, 33, 0, 0x21] + datagram), .ethernet),
        ("SNAP", PacketBytes.ethernet(39, [0xAA, 0xAA, 3, 0, 0, 0, 8, 0] + datagram), .ethernet),
        ("raw", datagram, .raw),
        ("null", [2, 0, 0, 0] + datagram, .null),
        ("cooked", [UInt8](repeating: 0, count: 14) + [8, 0] + datagram, .linuxCooked),
        ("cooked 2", [8, 0] + [UInt8](repeating: 0, count: 18) + datagram, .linuxCooked2),
        ("PPP", [0xFF, 3, 0, 0x21] + datagram, .ppp),
        ("Cisco HDLC", [0x0F, 0, 8, 0] + datagram, .ciscoHDLC),
        ("Cisco HDLC as PPP", [0x8F, 0, 8, 0] + datagram, .ppp),
        ("frame relay, Cisco", [0x18, 0x41, 8, 0] + datagram, .frameRelay),
        ("frame relay, IETF", [0x18, 0x41, 3, 0xCC] + datagram, .frameRelay),
        ("frame relay, SNAP", [0x18, 0x40, 0, 1, 3, 0, 0x80, 0, 0, 0, 8, 0] + datagram, .frameRelay),
        ("backbone", PacketBytes.ethernet(0x88E7, [0, 0, 0, 9] + PacketBytes.ethernet(0x0800, datagram)), .ethernet),
        ("VN-Tag", PacketBytes.ethernet(0x8926, [0, 1, 0, 2, 8, 0] + datagram), .ethernet),
        ("redundancy tag", PacketBytes.ethernet(0xF1C1, [0, 0, 0, 7, 8, 0] + datagram), .ethernet),
        ("seamless redundancy", PacketBytes.ethernet(0x892F, [0, 40, 0, 7, 8, 0] + datagram), .ethernet),
        ("Cisco's metadata", PacketBytes.ethernet(0x8909, [1, 1, 0, 1, 0, 5, 8, 0] + datagram), .ethernet),
        (
            "cooked, with LLC",
            [UInt8](repeating: 0, count: 14) + [0, 4, 0xAA, 0xAA, 3, 0, 0, 0, 8, 0] + datagram, .linuxCooked
        ),
        (
            "Arista's time, 64 bits",
            PacketBytes.ethernet(0xD28B, [0, 1, 0, 0x10, 1, 2, 3, 4, 5, 6, 7, 8, 8, 0] + datagram), .ethernet
        ),
        (
            "Arista's time, 48 bits, with VLAN",
            PacketBytes.ethernet(0xD28B, [0, 1, 1, 0x21, 1, 2, 3, 4, 5, 6, 0x81, 0, 0, 7, 8, 0] + datagram), .ethernet
        ),
        ("E-Tag", PacketBytes.ethernet(0x893F, [0, 0, 0, 1, 0, 0, 8, 0] + datagram), .ethernet),
        (
            "service header", PacketBytes.ethernet(0x894F, [0, 6, 1, 1] + [UInt8](repeating: 9, count: 20) + datagram),
            .ethernet
        ),
        (
            "service header, Ethernet",
            PacketBytes.ethernet(
                0x894F, [0, 2, 2, 3, 0, 0, 0, 1] + PacketBytes.ethernet(0x0800, datagram)), .ethernet
        ),
        ("MACsec", PacketBytes.ethernet(0x88E5, [0, 0, 0, 0, 0, 1, 8, 0] + datagram), .ethernet),
        (
            "MACsec with its channel",
            PacketBytes.ethernet(
                0x88E5, [0x20, 0, 0, 0, 0, 1] + [UInt8](repeating: 9, count: 8) + [8, 0] + datagram), .ethernet
        ),
        ("enc", [2, 0, 0, 0] + [UInt8](repeating: 0, count: 8) + datagram, .encapsulated),
        ("pflog", [61, 2] + [UInt8](repeating: 0, count: 62) + datagram, .openBSDFilterLog),
        ("PPP with direction", [1, 0xFF, 3, 0, 0x21] + datagram, .pppWithDirection),
        ("PPI", [0, 0, 12, 0, 1, 0, 0, 0, 9, 9, 9, 9] + PacketBytes.ethernet(0x0800, datagram), .perPacketInformation),
        ("PKTAP", [12, 0, 0, 0, 1, 0, 0, 0, 101, 0, 0, 0] + datagram, .packetTap),
        ("NFLOG", [2, 0, 0, 0, 4, 0, 3, 0, 35, 0, 9, 0] + datagram, .nflog),
    ]

    @Test(arguments: wrapped) func theDatagramIsFoundBehindEveryLinkHeader(
        name: String, bytes: [UInt8], type: LinkType
    ) {
        let (packet, reason) = decode(bytes, type)
        #expect(reason == nil)
        #expect(packet.source == IPAddress("10.0.0.1"))
        #expect(packet.destinationPort == 53)
        #expect(packet.dataLength == 3)
        #expect(bytes[packet.dataOffset] == 1)
    }

    /// What is not there, not known, or in itself again.
    @Test(
        arguments: [
            (
                PacketBytes.ethernet(0x88E5, [0x0C, 0, 0, 0, 0, 1, 8, 0] + datagram), LinkType.ethernet,
                .unknownEtherType
            ),
            (PacketBytes.ethernet(0x894F, [0, 2, 2, 9, 0, 0, 0, 1] + datagram), .ethernet, .unknownEtherType),
            (PacketBytes.ethernet(0x894F, [0, 0, 2, 1, 0, 0, 0, 1] + datagram), .ethernet, .badLinkHeader),
            ([0, 0, 8, 0, 192, 0, 0, 0] + datagram, .perPacketInformation, .unknownLinkType),
            ([0, 0, 0, 0, 1, 0, 0, 0] + datagram, .perPacketInformation, .badLinkHeader),
            ([0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 1, 0, 0, 0] + datagram, .packetTap, .cutLinkHeader),
        ] as [([UInt8], LinkType, DecodeReason)])
    func headersThatMakeNoSenseAreCounted(bytes: [UInt8], type: LinkType, reason: DecodeReason) {
        #expect(decode(bytes, type).1 == reason)
    }

    @Test func outerAndInnerVLANAreTold() {
        let (packet, _) = decode(Self.wrapped[2].1)
        #expect(packet.vlan == 7)
        #expect(packet.innerVLAN == 8)
    }

    @Test(arguments: wrapped) func everyTruncationIsCountedAndHarmless(
        name: String, bytes: [UInt8], type: LinkType
    ) {
        for length in 0..<bytes.count {
            let (packet, reason) = decode(Array(bytes[..<length]), type, wireLength: bytes.count)
            if reason == nil {
                #expect(packet.dataLength == 3)
                #expect(packet.dataCaptured < 3)
            }
        }
    }

    @Test func paddingOfTheFrameIsNoPayload() {
        let (packet, _) = decode(PacketBytes.ethernet(0x0800, Self.datagram + [0, 0, 0, 0, 0, 0]))
        #expect(packet.dataLength == 3)
        #expect(packet.ipLength == 31)
    }

    @Test func anEmptyIPv4LengthOfSegmentationOffloadTakesTheFramesOwn() {
        let bytes = PacketBytes.ethernet(
            0x0800, PacketBytes.ipv4(17, totalLength: 0, PacketBytes.udp(from: 1, to: 2, [1, 2, 3, 4])))
        let (packet, reason) = decode(bytes)
        #expect(reason == nil)
        #expect(packet.dataLength == 4)
    }

    @Test func extensionHeadersArePassedOver() {
        let payload: [UInt8] =
            [60, 0, 1, 4, 0, 0, 0, 0] + [17, 0, 1, 4, 0, 0, 0, 0]
            + PacketBytes.udp(from: 9, to: 53, [5])
        let (packet, reason) = decode(PacketBytes.ethernet(0x86DD, PacketBytes.ipv6(next: 0, payload)))
        #expect(reason == nil)
        #expect(packet.destinationPort == 53)
        #expect(packet.source == IPAddress("fd00::1"))
    }

    @Test func endlessExtensionHeadersAreGivenUp() {
        let payload = [UInt8](repeating: 0, count: 400)
        #expect(decode(PacketBytes.ethernet(0x86DD, PacketBytes.ipv6(next: 0, payload))).1 == .tooManyLayers)
    }

    @Test func endlessTagsAreGivenUp() {
        let tags = (0..<100).flatMap { _ in [UInt8]([0, 1, 0x81, 0]) }
        #expect(decode(PacketBytes.ethernet(0x8100, tags)).1 == .tooManyLayers)
    }
}
