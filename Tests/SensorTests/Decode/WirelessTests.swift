import Shared
import Testing

@testable import Sensor

/// Frames as they are in the air (IEEE 802.11-2020 §9.2.4), the addresses of whose ends stand in different places.
@Suite struct WirelessTests {
    /// One address each: receiver, transmitter, and the further ones.
    private static let addresses = (1...4).map { [2, 0, 0, 0, 0, UInt8($0)] }
    private static let content = [0xAA, 0xAA, 3, 0, 0, 0, 8, 0] + DecodeTests.datagram

    /// A data frame; `flags` is the second byte of frame control.
    private static func frame(_ control: UInt8, flags: UInt8, _ behind: [UInt8], hasFourth: Bool = false) -> [UInt8] {
        let head = [control, flags, 0, 0] + addresses[0] + addresses[1] + addresses[2] + [0x10, 0]
        return head + (hasFourth ? addresses[3] : []) + behind + content
    }

    private static func decode(_ bytes: [UInt8], _ type: LinkType) -> (DecodedPacket, DecodeReason?) {
        var packet = DecodedPacket()
        let outcome = LinkDecoder.decode(
            bytes.span.bytes, wireLength: bytes.count, from: 0, layer: .link(type), into: &packet)
        if case .stopped(let reason) = outcome { return (packet, reason) }
        let reason = TransportDecoder.decode(bytes.span.bytes, &packet)
        return (packet, reason)
    }

    @Test(arguments: [
        ("to the access point", frame(0x08, flags: 1, []), 2, 3),
        ("from it", frame(0x08, flags: 2, []), 3, 1),
        ("between stations", frame(0x08, flags: 0, []), 2, 1),
        ("between access points", frame(0x08, flags: 3, [], hasFourth: true), 4, 3),
        ("with quality of service", frame(0x88, flags: 1, [0, 0]), 2, 3),
        ("with high throughput", frame(0x88, flags: 0x81, [0, 0, 0, 0, 0, 0]), 2, 3),
    ])
    func dataIsFollowed(name: String, bytes: [UInt8], sender: UInt8, receiver: UInt8) {
        for (type, head) in [(LinkType.ieee80211, []), (.radiotap, [0, 0, 12, 0, 4, 0, 0, 0, 2, 0, 0, 0] as [UInt8])] {
            let (packet, reason) = Self.decode(head + bytes, type)
            #expect(reason == nil)
            #expect(packet.destinationPort == 53)
            #expect(packet.dataLength == 3)
            #expect(packet.hasMAC && packet.sourceMAC.bits == 0x0200_0000_0000 | UInt64(sender))
            #expect(packet.destinationMAC.bits == 0x0200_0000_0000 | UInt64(receiver))
        }
    }

    /// The drivers' own headers in front.
    @Test(
        arguments: [
            (LinkType.prism, [0, 0, 0, 0x44, 0, 0, 0, 144] + [UInt8](repeating: 0, count: 136)),
            (.prism, [0x80, 0x21, 0x10, 1, 0, 0, 0, 64] + [UInt8](repeating: 0, count: 56)),
            (.avs, [0x80, 0x21, 0x10, 1, 0, 0, 0, 64] + [UInt8](repeating: 0, count: 56)),
            (.perPacketInformation, [0, 0, 8, 0, 105, 0, 0, 0]),
        ] as [(LinkType, [UInt8])])
    func dataIsFollowedBehindHeadersOfDrivers(type: LinkType, head: [UInt8]) {
        let (packet, reason) = Self.decode(head + Self.frame(0x88, flags: 1, [0, 0]), type)
        #expect(reason == nil)
        #expect(packet.destinationPort == 53)
        #expect(Self.decode(head + Self.frame(0x80, flags: 0, []), type).1 != nil)
    }

    /// RFC 5415 section 4.3: header length in words of four bytes, then what it carries: 802.11 (T) or Ethernet.
    @Test(
        arguments: [
            ("in the air", [0, 0x10, 3, 0, 0, 0, 0, 0] + frame(0x08, flags: 1, []), 5247, true),
            ("exchanged", [0, 0x10, 3, 0, 0, 0, 0, 0] + exchanged(frame(0x08, flags: 1, [])), 5247, true),
            (
                "longer",
                [0, 0x20, 3, 0, 0, 0, 0, 0] + [UInt8](repeating: 9, count: 8) + frame(0x88, flags: 2, [0, 0]), 5247,
                true
            ),
            ("Ethernet", [0, 0x10, 0, 0, 0, 0, 0, 0] + PacketBytes.ethernet(0x0800, DecodeTests.datagram), 5247, true),
            ("TZSP", [1, 0, 0, 1, 10, 1, 55, 0, 1] + PacketBytes.ethernet(0x0800, DecodeTests.datagram), 37008, true),
            ("TZSP in the air", [1, 0, 0, 0x12, 1] + frame(0x08, flags: 1, []), 37008, true),
            ("encrypted", [1, 0x10, 3, 0, 0, 0, 0, 0] + frame(0x08, flags: 1, []), 5247, false),
            ("a fragment", [0, 0x10, 3, 0x80, 0, 0, 0, 0] + frame(0x08, flags: 1, []), 5247, false),
            ("no header", [0, 0, 3, 0, 0, 0, 0, 0] + frame(0x08, flags: 1, []), 5247, false),
            ("tags without end", [1, 0, 0, 1] + [UInt8](repeating: 0, count: 200), 37008, false),
        ] as [(String, [UInt8], Int, Bool)])
    func accessPointsAndSniffersOfTheAirAreTunnels(name: String, content: [UInt8], port: Int, isTunnel: Bool) {
        var engine = FlowEngine()
        let packet = PacketBytes.ipv4(17, from: [192, 0, 2, 1], PacketBytes.udp(from: 5246, to: port, content))
        packet.withUnsafeBytes {
            engine.process(
                CapturedPacket(time: .init(nanoseconds: 1), linkType: .raw, bytes: $0, wireLength: packet.count))
        }
        engine.finish()
        let batch = engine.takeBatch()
        #expect(batch.table(ConnRecord.kind)?.rowCount == (isTunnel ? 2 : 1))
        #expect(batch.table(TunnelRecord.kind)?.rowCount ?? 0 == (isTunnel ? 2 : 0))
    }

    /// Section 9.3.2.2.2: several packets in one frame, each filled up to four bytes.
    @Test(arguments: [true, false]) func allPacketsOfAnAggregateAreFollowed(isInTunnel: Bool) {
        func subframe(_ port: Int) -> [UInt8] {
            let packet = PacketBytes.ipv4(17, PacketBytes.udp(from: 4000, to: port, [1, 2, 3]))
            return Self.addresses[0] + Self.addresses[1] + PacketBytes.word(8 + packet.count)
                + [0xAA, 0xAA, 3, 0, 0, 0, 8, 0] + packet
        }
        let head = [0x88, 1, 0, 0] + Self.addresses[0] + Self.addresses[1] + Self.addresses[2] + [0x10, 0, 0x80, 0]
        // 14 bytes of head, 8 of LLC, 28 of IP and UDP, 3 of content: 53, and three that fill up.
        let frame = head + subframe(7001) + [0, 0, 0] + subframe(7002) + [0, 0, 0] + subframe(7003)
        let packet = isInTunnel ? PacketBytes.ipv4(47, from: [192, 0, 2, 1], [0, 0, 0x82, 0] + frame) : frame
        let batch = OnePacket.told(packet, linkType: isInTunnel ? .raw : .ieee80211)
        #expect(batch.table(ConnRecord.kind)?.rowCount == 3)
    }

    private static func exchanged(_ frame: [UInt8]) -> [UInt8] { [frame[1], frame[0]] + frame[2...] }

    @Test(arguments: [
        ("beacon", frame(0x80, flags: 0, [])), ("no data", frame(0x48, flags: 1, [])),
        ("encrypted", frame(0x08, flags: 0x41, [])),
    ])
    func otherFramesAreCounted(name: String, bytes: [UInt8]) {
        #expect(Self.decode(bytes, .ieee80211).1 == .wireless)
    }

    @Test func everyTruncationIsHarmless() {
        let bytes = Self.frame(0x88, flags: 0x81, [0, 0, 0, 0, 0, 0])
        for length in 0..<bytes.count - 3 {
            let (packet, reason) = Self.decode(Array(bytes[..<length]), .ieee80211)
            #expect(reason != nil || packet.dataCaptured < 3)
        }
    }
}
