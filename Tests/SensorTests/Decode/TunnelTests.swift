import Shared
import Testing

@testable import Sensor

/// Packets in packets, and headers between them.
@Suite struct TunnelTests {
    /// What is told of a packet: its connections, and the tunnels.
    private static func told(_ packet: [UInt8], wireLength: Int? = nil) -> (conns: [RecordView], tunnels: [String]) {
        var engine = FlowEngine()
        packet.withUnsafeBytes {
            engine.process(
                CapturedPacket(
                    time: .init(nanoseconds: 1), linkType: .raw, bytes: $0, wireLength: wireLength ?? packet.count))
        }
        engine.finish()
        let batch = engine.takeBatch()
        func views(_ kind: RecordKind) -> [RecordView] {
            guard let index = batch.tables.firstIndex(where: { $0.kindIndex == kind.index }) else { return [] }
            return (0..<batch.tables[index].rowCount).map { RecordView(batch: batch, tableIndex: index, row: $0) }
        }
        let tunnels = views(TunnelRecord.kind).filter { $0[Records.tunnel.action] == "Tunnel::DISCOVER" }
        return (views(ConnRecord.kind), tunnels.compactMap { $0[Records.tunnel.tunnelType] })
    }

    private static let frame = PacketBytes.ethernet(0x0800, DecodeTests.datagram)

    /// RFC 3378, RFC 4023, RFC 7761 section 4.9.3, RFC 2784 with the types of WCCP and of frame relay.
    @Test(
        arguments: [
            (97, [0x30, 0] + frame, "Tunnel::IP"), (137, [0, 0, 0x11, 64] + DecodeTests.datagram, "Tunnel::MPLS"),
            (103, [0x21, 0, 0, 0, 0, 0, 0, 0] + DecodeTests.datagram, "Tunnel::IP"),
            (47, [0, 0, 0x88, 0x3E, 0, 0, 0, 0] + DecodeTests.datagram, "Tunnel::GRE"),
            (47, [0, 0, 0x88, 0x3E] + DecodeTests.datagram, "Tunnel::GRE"),
            (47, [0, 0, 0x65, 0x59, 0x18, 0x41, 3, 0xCC] + DecodeTests.datagram, "Tunnel::GRE"),
        ] as [(UInt8, [UInt8], String)])
    func tunnelsBetweenHosts(number: UInt8, content: [UInt8], kind: String) {
        let found = Self.told(PacketBytes.ipv4(number, from: [192, 0, 2, 1], content))
        #expect(found.conns.map { $0[Records.conn.respP] } == [53])
        #expect(found.tunnels == [kind])
    }

    /// draft-ietf-nvo3-vxlan-gpe section 3.1, RFC 7510, RFC 9300 section 5.3.
    @Test(
        arguments: [
            (4790, [0x0C, 0, 0, 1, 0, 0, 9, 0] + DecodeTests.datagram, "Tunnel::VXLAN"),
            (4790, [0x0C, 0, 0, 3, 0, 0, 9, 0] + frame, "Tunnel::VXLAN"),
            (6635, [0, 0, 0x11, 64] + DecodeTests.datagram, "Tunnel::MPLS"),
            (4341, [0x80, 1, 2, 3, 0, 0, 0, 1] + DecodeTests.datagram, "Tunnel::LISP"),
            (4341, Array("no packet of LISP".utf8), nil), (6635, Array("nor of MPLS, but text".utf8), nil),
        ] as [(Int, [UInt8], String?)])
    func tunnelsInDatagrams(port: Int, content: [UInt8], kind: String?) {
        let found = Self.told(
            PacketBytes.ipv4(17, from: [192, 0, 2, 1], PacketBytes.udp(from: 40_000, to: port, content)))
        #expect(
            Set(found.conns.compactMap { $0[Records.conn.respP] })
                == (kind == nil ? [UInt16(port)] : [UInt16(port), 53]))
        #expect(found.tunnels == (kind.map { [$0] } ?? []))
    }

    /// RFC 4302 section 2: what is behind an authentication header; encrypted payload is left alone.
    @Test(arguments: [(UInt8(17), "udp"), (50, "unknown_transport")]) func authenticationIsPassedOver(
        next: UInt8, proto: String
    ) {
        let header = [next, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1] + [UInt8](repeating: 9, count: 12)
        let found = Self.told(PacketBytes.ipv4(51, header + PacketBytes.udp(from: 4000, to: 53, [1, 2, 3])))
        #expect(found.conns.map { $0[Records.conn.proto] } == [proto])
    }

    /// RFC 791 section 3.1: no packet is longer than the frame that carries it; the capture may have cut the frame.
    @Test(arguments: [(0, 1), (-1, 0), (5, 1)]) func aPacketEndsWithItsFrame(excess: Int, count: Int) {
        let packet = PacketBytes.ipv4(17, PacketBytes.udp(from: 4000, to: 9, [1, 2, 3, 4, 5, 6]))
        let isCut = excess > 0
        let found = Self.told(
            Array(packet.dropLast(isCut ? excess : -excess)), wireLength: isCut ? packet.count : packet.count + excess)
        #expect(found.conns.count == count)
    }
}
