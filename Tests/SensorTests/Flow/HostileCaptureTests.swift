import Shared
import Testing

@testable import Sensor

/// Whole captures made hostile: whatever they become, each packet is accounted for once.
@Suite struct HostileCaptureTests {
    /// Packets of one capture that are cut at every length.
    private static let cutPackets = 12
    /// Of all captures together, each with bits flipped.
    private static let flippedPackets = 20_000

    private static func packets(of path: String) throws -> [(type: LinkType, time: Timestamp, bytes: [UInt8])] {
        var file = try CaptureFile(path: path)
        var packets: [(type: LinkType, time: Timestamp, bytes: [UInt8])] = []
        while let packet = file.next() { packets.append((packet.linkType, packet.time, Array(packet.bytes))) }
        return packets
    }

    private static func give(
        _ bytes: [UInt8], _ type: LinkType, _ time: Timestamp, wireLength: Int, to engine: inout FlowEngine
    ) {
        bytes.withUnsafeBytes {
            engine.process(CapturedPacket(time: time, linkType: type, bytes: $0, wireLength: wireLength))
        }
    }

    private static func expectPeace(_ engine: inout FlowEngine, packets: Int, _ note: String) {
        engine.finish()
        #expect(engine.counters.packets == UInt64(packets), "\(note)")
        #expect(engine.counters.begun == engine.counters.accounted, "\(note)")
        #expect(engine.flowCount == 0 && engine.heldBytes == 0, "\(note)")
        let conns = engine.takeBatch().table(ConnRecord.kind)?.rowCount ?? 0
        #expect(UInt64(conns) == engine.counters.flows, "\(note)")
    }

    @Test(arguments: Fixtures.all) func cutAtEveryLengthEachPacketIsAccountedFor(fixture: Fixtures.Case) throws {
        let packets = try Self.packets(of: fixture.path).prefix(Self.cutPackets)
        for length in 0...(packets.map(\.bytes.count).max() ?? 0) {
            var engine = FlowEngine()
            for packet in packets {
                Self.give(
                    Array(packet.bytes.prefix(length)), packet.type, packet.time, wireLength: packet.bytes.count,
                    to: &engine)
            }
            Self.expectPeace(&engine, packets: packets.count, "\(fixture.path) cut at \(length)")
        }
    }

    @Test func withBitsFlippedEachPacketIsAccountedFor() throws {
        let all = try Fixtures.all.flatMap { try Self.packets(of: $0.path) }.filter { !$0.bytes.isEmpty }
        var engine = FlowEngine()
        var state: UInt64 = 1
        func random(below limit: Int) -> Int {  // Knuth's linear congruential generator
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for number in 0..<Self.flippedPackets {
            let packet = all[number % all.count]
            var bytes = packet.bytes
            for _ in 0...random(below: 8) { bytes[random(below: bytes.count)] ^= 1 << UInt8(random(below: 8)) }
            Self.give(bytes, packet.type, packet.time, wireLength: bytes.count, to: &engine)
        }
        Self.expectPeace(&engine, packets: Self.flippedPackets, "flipped")
    }

    @Test func packetsInsideOfTunnelsAreAccountedFor() {
        let datagram = PacketBytes.ipv4(17, PacketBytes.udp(from: 1000, to: 2000, [1, 2, 3]))
        // GRE in GRE, deeper than is followed, then IPv6 without a next header.
        let nested = (0..<8).reduce(datagram) { inside, _ in PacketBytes.ipv4(47, [0, 0, 8, 0] + inside) }
        var engine = FlowEngine()
        let packets = [nested, PacketBytes.ipv4(4, datagram), PacketBytes.ipv6(next: 59, [])]
        for packet in packets {
            Self.give(packet, .raw, Timestamp(nanoseconds: 1), wireLength: packet.count, to: &engine)
        }
        #expect(engine.counters.carrierPackets == UInt64(FlowEngine.maximumTunnelDepth) + 1)
        #expect(engine.counters.stopped(.noNextHeader) == 1)
        Self.expectPeace(&engine, packets: packets.count, "tunnels")
    }
}
