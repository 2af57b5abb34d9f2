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
        ("aggregate", frame(0x88, flags: 1, [0x80, 0] + [UInt8](repeating: 9, count: 12) + [0, 39]), 2, 3),
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
