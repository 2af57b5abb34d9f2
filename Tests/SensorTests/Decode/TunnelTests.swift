import Shared
import Testing

@testable import Sensor

/// Packets in packets, and headers between them.
@Suite struct TunnelTests {
    /// What is told of a packet: its connections, and the tunnels.
    private static func told(_ packet: [UInt8]) -> (conns: [RecordView], tunnels: [String]) {
        let batch = OnePacket.told(packet)
        let tunnels = batch.records(TunnelRecord.kind).filter { $0[Records.tunnel.action] == "Tunnel::DISCOVER" }
        return (batch.records(ConnRecord.kind), tunnels.compactMap { $0[Records.tunnel.tunnelType] })
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

    /// draft-ietf-nvo3-vxlan-gpe section 3.1, RFC 7510, RFC 9300 section 5.3, RFC 2661 section 3.1.
    @Test(
        arguments: [
            (4790, [0x0C, 0, 0, 1, 0, 0, 9, 0] + DecodeTests.datagram, "Tunnel::VXLAN"),
            (4790, [0x0C, 0, 0, 3, 0, 0, 9, 0] + frame, "Tunnel::VXLAN"),
            (6635, [0, 0, 0x11, 64] + DecodeTests.datagram, "Tunnel::MPLS"),
            (4341, [0x80, 1, 2, 3, 0, 0, 0, 1] + DecodeTests.datagram, "Tunnel::LISP"),
            (1701, Wire.hex("0002 05f7 206a ff03 0021") + DecodeTests.datagram, "Tunnel::L2TP"),
            (
                1701, Wire.hex("4a02 0033 05f7 206a 0001 0000 0003 aabbcc 21") + DecodeTests.datagram,
                "Tunnel::L2TP"
            ),
            (1701, Wire.hex("0003 05f7 206a ff03 0021") + DecodeTests.datagram, nil),
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

    /// Control messages and data share a connection, which is named once.
    @Test func aTunnelIsNamedOnce() throws {
        var engine = FlowEngine()
        // A start's request (RFC 2661 section 4.1), then data.
        for content in [
            Wire.hex("c802 0014 0000 0000 0000 0000 8008 0000 0000 0001"),
            Wire.hex("0002 05f7 206a 0021") + DecodeTests.datagram,
        ] {
            let packet = PacketBytes.ipv4(17, from: [192, 0, 2, 1], PacketBytes.udp(from: 1701, to: 1701, content))
            packet.withUnsafeBytes {
                engine.process(
                    CapturedPacket(
                        time: Timestamp(seconds: 1_700_000_000), linkType: .raw, bytes: $0, wireLength: packet.count))
            }
        }
        engine.finish()
        let conns = engine.takeBatch().records(ConnRecord.kind)
        #expect(conns.first { $0[Records.conn.respP] == 1701 }?[Records.conn.service] == ["l2tp"])
    }

    /// RFC 4302 section 2: what is behind an authentication header; encrypted payload is left alone.
    @Test(arguments: [(UInt8(17), "udp"), (50, "unknown_transport")]) func authenticationIsPassedOver(
        next: UInt8, proto: String
    ) {
        let header = [next, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1] + [UInt8](repeating: 9, count: 12)
        let found = Self.told(PacketBytes.ipv4(51, header + PacketBytes.udp(from: 4000, to: 53, [1, 2, 3])))
        #expect(found.conns.map { $0[Records.conn.proto] } == [proto])
    }

    /// RFC 791 section 3.1: no packet is longer than its frame, unless a mirror cut that; then the header is sound.
    @Test(arguments: [("62eb", 1), ("62ec", 0), ("0000", 1)]) func aDamagedLengthIsNone(checksum: String, count: Int) {
        // RFC 1071: the sum of 0x4500, 0x0400, 0x4011, 0x0a00 and 0x0001, 0x0a00 and 0x0002 is 0x9d14.
        let header = Wire.hex("4500 0400 0000 0000 4011 \(checksum) 0a000001 0a000002")
        let found = Self.told(header + PacketBytes.udp(from: 4000, to: 9, [1, 2, 3, 4, 5, 6]))
        #expect(found.conns.count == count)
    }

    /// IEEE 802.11-2020 section 9.3.2.2.2: nothing is inside of a frame of an aggregate but what its length covers, or
    /// each would hold all behind it: here each of the packets claims to reach to the end.
    @Test func framesOfAnAggregateDoNotOverlap() {
        var content: [UInt8] = []
        for _ in 0..<40 {
            // Addresses, a length of 38 bytes, LLC, IPv4, GRE with a wireless aggregate.
            let gre = Wire.hex("0000 8200 8801 0000") + [UInt8](repeating: 2, count: 18) + Wire.hex("0000 8000")
            content =
                [UInt8](repeating: 2, count: 12) + PacketBytes.word(58)
                + Wire.hex("aaaa 0300 0000 0800 4500 \(Self.hex(50 + content.count)) 0000 0000 402f 0000")
                + Wire.hex("0a000001 0a000002") + gre + content
        }
        var engine = FlowEngine()
        let head = Wire.hex("8801 0000") + [UInt8](repeating: 2, count: 18) + Wire.hex("0000 8000")
        let frame = head + content
        frame.withUnsafeBytes {
            engine.process(
                CapturedPacket(time: .init(nanoseconds: 1), linkType: .ieee80211, bytes: $0, wireLength: frame.count))
        }
        #expect(engine.counters.innerPackets <= 40)
    }

    private static func hex(_ value: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    /// RFC 4302 section 3.3.4: fragments are put together first.
    @Test func authenticationInFragmentsIsPassedOver() {
        let header: [UInt8] = [17, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1] + [UInt8](repeating: 9, count: 12)
        let whole = header + PacketBytes.udp(from: 4000, to: 53, [UInt8](repeating: 1, count: 24))
        var engine = FlowEngine()
        for (part, fragment) in [(whole[..<32], 0x2000), (whole[32...], 4)] {
            let packet = PacketBytes.ipv4(51, fragment: fragment, Array(part))
            packet.withUnsafeBytes {
                engine.process(
                    CapturedPacket(time: .init(nanoseconds: 1), linkType: .raw, bytes: $0, wireLength: packet.count))
            }
        }
        engine.finish()
        let batch = engine.takeBatch()
        #expect(batch.table(ConnRecord.kind)?.rowCount == 1)
        #expect(engine.counters.reassembledPackets == 1)
    }

    /// RFC 8200 section 4.5: what is for the destination only may lie in the fragments.
    @Test(
        arguments: [
            [(60, [17, 0, 1, 4, 0, 0, 0, 0])], [(60, [43, 0, 1, 4, 0, 0, 0, 0]), (43, [17, 0, 4, 0, 0, 0, 0, 0])], [],
        ] as [[(UInt8, [UInt8])]])
    func extensionsInFragmentsArePassedOver(headers: [(UInt8, [UInt8])]) {
        let first = headers.first?.0 ?? 17
        let whole = headers.flatMap(\.1) + PacketBytes.udp(from: 4000, to: 53, [UInt8](repeating: 1, count: 40))
        var engine = FlowEngine()
        for (part, field) in [(whole[..<32], 1), (whole[32...], 32)] {
            let header = [first, 0] + PacketBytes.word(field) + [0, 0, 0, 7]
            let packet = PacketBytes.ipv6(next: 44, header + part)
            packet.withUnsafeBytes {
                engine.process(
                    CapturedPacket(time: .init(nanoseconds: 1), linkType: .raw, bytes: $0, wireLength: packet.count))
            }
        }
        engine.finish()
        let conns = engine.takeBatch().records(ConnRecord.kind)
        #expect(conns.map { $0[Records.conn.respP] } == [53])
        #expect(conns.map { $0[Records.conn.origBytes] } == [40])
    }

    /// Clients have the ports of VXLAN and Geneve too, and answers to them may look like these: the first with a bit of
    /// its identifier, the other with one below 0x4000.
    @Test(
        arguments: [
            (4789, Wire.hex("0c34 8183 0001 0000 0000 0000")), (8472, Wire.hex("5f10 8183 0001 0000 0000 0000")),
            (6081, Wire.hex("1234 8180 0001 0001 0000 0000")), (4790, Wire.hex("0c01 8103 0001 0000 0000 0000")),
        ] as [(Int, [UInt8])])
    func anAnswerToThePortOfATunnelIsRead(port: Int, head: [UInt8]) {
        let name: [UInt8] = [1, 0x61, 7] + Array("example".utf8) + [0, 0, 1, 0, 1]
        var engine = FlowEngine()
        let question = head[..<2] + Wire.hex("0100 0001 0000 0000 0000") + name
        let record: [UInt8] = head[7] == 1 ? Wire.hex("c00c 0001 0001 0000 0001 0004 0a000009") : []
        for packet in [
            PacketBytes.ipv4(17, PacketBytes.udp(from: port, to: 53, Array(question))),
            PacketBytes.ipv4(
                17, from: [10, 0, 0, 2], to: [10, 0, 0, 1], PacketBytes.udp(from: 53, to: port, head + name + record)),
        ] {
            packet.withUnsafeBytes {
                engine.process(
                    CapturedPacket(time: .init(nanoseconds: 1), linkType: .raw, bytes: $0, wireLength: packet.count))
            }
        }
        engine.finish()
        let batch = engine.takeBatch()
        #expect(batch.records(ConnRecord.kind).map { $0[Records.conn.service] } == [["dns"]])
        let code = UInt64(head[3] & 15)
        #expect(batch.records(DNSRecord.kind).map { $0[Records.dns.rcode] } == [code])
    }

    /// RFC 4448 section 4.6: the control word may be left out, and addresses begin with any bits.
    @Test(arguments: [[], [0, 0, 0, 0], [0, 0, 0, 9]] as [[UInt8]]) func framesUnderLabels(word: [UInt8]) {
        let inner = Wire.hex("001b 2112 3456 0200 0000 0001 0800") + DecodeTests.datagram
        var engine = FlowEngine()
        let frame = PacketBytes.ethernet(0x8847, [0, 0, 0x11, 64] + word + inner)
        frame.withUnsafeBytes {
            engine.process(
                CapturedPacket(time: .init(nanoseconds: 1), linkType: .ethernet, bytes: $0, wireLength: frame.count))
        }
        engine.finish()
        #expect(engine.takeBatch().records(ConnRecord.kind).map { $0[Records.conn.respP] } == [53])
    }

    /// RFC 9135 section 4.1: a router hands on in the network of the destination, so that answers come in another one.
    /// That routers lie between the two is learnt from the answer to a SYN.
    @Test(arguments: [(5, 7), (5, 5)]) func routedNetworksAreOne(there: UInt8, back: UInt8) {
        func carried(_ network: UInt8, _ packet: [UInt8]) -> [UInt8] {
            PacketBytes.ipv4(
                17, from: [192, 0, 2, 1], to: [192, 0, 2, 9],
                PacketBytes.udp(
                    from: 50_000, to: 4789, [8, 0, 0, 0, 0, 0, network, 0] + PacketBytes.ethernet(0x0800, packet)))
        }
        func client(_ flags: UInt8, _ sequence: UInt32, _ acknowledgement: UInt32) -> [UInt8] {
            carried(
                there,
                PacketBytes.ipv4(
                    6,
                    PacketBytes.tcp(
                        from: 1000, to: 80, sequence: sequence, acknowledgement: acknowledgement, flags: flags)))
        }
        func server(_ flags: UInt8, _ sequence: UInt32, _ acknowledgement: UInt32) -> [UInt8] {
            carried(
                back,
                PacketBytes.ipv4(
                    6, from: [10, 0, 0, 2], to: [10, 0, 0, 1],
                    PacketBytes.tcp(
                        from: 80, to: 1000, sequence: sequence, acknowledgement: acknowledgement, flags: flags)))
        }
        let answer = PacketBytes.ipv4(
            17, from: [10, 0, 0, 2], to: [10, 0, 0, 1], PacketBytes.udp(from: 53, to: 1001, [2]))
        var talk = PacketScript()
        // A third network has the same addresses, and the same numbers but for the answer's.
        talk.send(carried(9, PacketBytes.ipv4(6, PacketBytes.tcp(from: 1000, to: 80, sequence: 700, flags: 2))))
        for packet in [
            client(2, 100, 0), server(0x12, 500, 101), client(0x10, 101, 501), client(0x11, 101, 501),
            server(0x11, 501, 102), client(0x10, 102, 502),
            carried(there, PacketBytes.ipv4(17, PacketBytes.udp(from: 1001, to: 53, [1]))), carried(back, answer),
        ] { talk.send(packet) }
        let conns = talk.end().of("conn")
        #expect(
            conns.filter { $0[Records.conn.respP] == 80 }.compactMap { $0[Records.conn.connState] }.sorted() == [
                "S0", "SF",
            ])
        #expect(conns.filter { $0[Records.conn.respP] == 53 }.map { $0[Records.conn.connState] } == ["SF"])
    }
}
