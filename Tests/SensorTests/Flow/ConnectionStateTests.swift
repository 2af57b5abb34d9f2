import Shared
import Testing

@testable import Sensor

/// States, histories and sizes of connections as Zeek gives them, and where one ends and the next begins.
@Suite struct ConnectionStateTests {
    private static let start = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    /// A segment between 10.0.0.1:1000 (`>`) and 10.0.0.2:2000 (`<`), with the flags of its letters.
    struct Segment: Sendable {
        var sender: Character
        var flags: String
        var sequence: UInt32
        var acknowledgement: UInt32 = 0
        var data = 0
        /// Bytes of the data that the capture has not.
        var cut = 0
        var ports = (client: 1000, server: 2000)

        func bytes() -> [UInt8] {
            let bits: [Character: UInt8] = ["F": 1, "S": 2, "R": 4, "P": 8, "A": 16]
            let isClient = sender == ">"
            let tcp = PacketBytes.tcp(
                from: isClient ? ports.client : ports.server, to: isClient ? ports.server : ports.client,
                sequence: sequence, acknowledgement: acknowledgement, flags: flags.reduce(0) { $0 | (bits[$1] ?? 0) },
                [UInt8](repeating: 0x78, count: data))
            return PacketBytes.ipv4(
                6, from: [10, 0, 0, isClient ? 1 : 2], to: [10, 0, 0, isClient ? 2 : 1], tcp)
        }
    }

    /// Connections that were told, in the order in which they ended.
    private static func conns(_ packets: [(bytes: [UInt8], cut: Int, milliseconds: Int64)]) throws -> [RecordView] {
        var engine = FlowEngine()
        for packet in packets {
            packet.bytes.withUnsafeBytes { bytes in
                engine.process(
                    CapturedPacket(
                        time: start + .milliseconds(packet.milliseconds), linkType: .raw,
                        bytes: UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - packet.cut)]),
                        wireLength: bytes.count))
            }
        }
        engine.finish()
        let batch = engine.takeBatch()
        let table = try #require(batch.tables.firstIndex { $0.kind.name == "conn" })
        return (0..<batch.tables[table].rowCount).map { RecordView(batch: batch, tableIndex: table, row: $0) }
    }

    private static func conn(_ segments: [Segment]) throws -> RecordView {
        let packets = segments.enumerated().map { ($1.bytes(), $1.cut, Int64($0) * 10) }
        let conns = try conns(packets)
        #expect(conns.count == 1)
        return try #require(conns.first)
    }

    /// What a RST of the originator means depends on what came before it (Zeek's `conn_state`).
    @Test(arguments: [
        ([Segment(sender: ">", flags: "R", sequence: 5)], "OTH", "R"),
        (
            [Segment(sender: ">", flags: "S", sequence: 5), Segment(sender: ">", flags: "R", sequence: 6)], "RSTOS0",
            "SR"
        ),
        (
            [
                Segment(sender: ">", flags: "S", sequence: 5),
                Segment(sender: "<", flags: "A", sequence: 9, acknowledgement: 3),
                Segment(sender: ">", flags: "R", sequence: 3),
            ], "RSTOS0", "SaR"
        ),
        (
            [
                Segment(sender: ">", flags: "S", sequence: 5),
                Segment(sender: "<", flags: "A", sequence: 9, acknowledgement: 3),
                Segment(sender: ">", flags: "FA", sequence: 6, acknowledgement: 9),
                Segment(sender: ">", flags: "R", sequence: 7),
            ], "OTH", "SaFR"
        ),
    ]) func aResetTellsWhatWasBegun(segments: [Segment], state: String, history: String) throws {
        let conn = try Self.conn(segments)
        #expect(conn[Records.conn.connState] == state)
        #expect(conn[Records.conn.history] == history)
    }

    /// A SYN-ACK is seen first; its sender turns out to be the responder when the connection goes on.
    @Test func whatGoesOnBehindASYNACKIsTurned() throws {
        let conn = try Self.conn([
            Segment(sender: "<", flags: "SA", sequence: 500, acknowledgement: 101),
            Segment(sender: ">", flags: "A", sequence: 101, acknowledgement: 501),
            Segment(sender: ">", flags: "PA", sequence: 101, acknowledgement: 501, data: 7),
            Segment(sender: "<", flags: "PA", sequence: 501, acknowledgement: 108, data: 5),
            Segment(sender: ">", flags: "FA", sequence: 108, acknowledgement: 506),
            Segment(sender: "<", flags: "FA", sequence: 506, acknowledgement: 109),
        ])
        #expect(conn[Records.conn.origP] == 1000)
        #expect(conn[Records.conn.respP] == 2000)
        #expect(conn[Records.conn.history] == "^hADdFf")
        #expect(conn[Records.conn.connState] == "SF")
        #expect(conn[Records.conn.origBytes] == 7)
        #expect(conn[Records.conn.respBytes] == 5)
        #expect(conn[Records.conn.origPkts] == 3)
        #expect(conn[Records.conn.respPkts] == 3)
    }

    /// Mirrors of two ports may show the answer first.
    @Test(arguments: [UInt32(100), 400]) func aSYNBehindItsAnswerIsTheFirst(sequence: UInt32) throws {
        let conn = try Self.conn([
            Segment(sender: "<", flags: "SA", sequence: 500, acknowledgement: 101),
            Segment(sender: ">", flags: "S", sequence: sequence),
            Segment(sender: ">", flags: "A", sequence: sequence + 1, acknowledgement: 501),
            Segment(sender: ">", flags: "PA", sequence: sequence + 1, acknowledgement: 501, data: 7),
        ])
        // Another one begins a connection of its own.
        #expect(conn[Records.conn.origP] == (sequence == 100 ? 1000 : 2000))
        if sequence == 100 { #expect(conn[Records.conn.history] == "^hSAD") }
    }

    /// The same without the client's half.
    @Test func aServerAloneIsTurnedToo() throws {
        let conn = try Self.conn([
            Segment(sender: "<", flags: "SA", sequence: 500, acknowledgement: 101),
            Segment(sender: "<", flags: "A", sequence: 501, acknowledgement: 108),
            Segment(sender: "<", flags: "FA", sequence: 501, acknowledgement: 108),
        ])
        #expect(conn[Records.conn.origP] == 1000)
        #expect(conn[Records.conn.history] == "^haf")
        #expect(conn[Records.conn.origPkts] == 0)
        #expect(conn[Records.conn.respPkts] == 3)
    }

    /// Nobody goes on: a scan with SYN-ACKs, or the echo of one.
    @Test(arguments: [nil, "R"]) func aLoneSYNACKIsNotTurned(answer: String?) throws {
        var segments = [Segment(sender: "<", flags: "SA", sequence: 500, acknowledgement: 101)]
        if let answer { segments.append(Segment(sender: ">", flags: answer, sequence: 101)) }
        let conn = try Self.conn(segments)
        #expect(conn[Records.conn.origP] == 2000)
        #expect(conn[Records.conn.history] == (answer == nil ? "H" : "Hr"))
    }

    /// Acknowledgements of what the capture does not show are no proof of its size.
    @Test func aSideThatWasNeverSeenHasSentNothing() throws {
        let conn = try Self.conn([
            Segment(sender: ">", flags: "S", sequence: 100),
            Segment(sender: ">", flags: "A", sequence: 101, acknowledgement: 501),
            Segment(sender: ">", flags: "A", sequence: 101, acknowledgement: 1501),
            Segment(sender: ">", flags: "A", sequence: 101, acknowledgement: 3501),
        ])
        #expect(conn[Records.conn.respPkts] == 0)
        #expect(conn[Records.conn.respBytes] == 0)
    }

    private static let handshake = [
        Segment(sender: ">", flags: "S", sequence: 100),
        Segment(sender: "<", flags: "SA", sequence: 500, acknowledgement: 101),
        Segment(sender: ">", flags: "A", sequence: 101, acknowledgement: 501),
    ]

    /// A capture with a snap length has not all of a segment: all of it is missed once it is acknowledged.
    @Test(arguments: [false, true]) func cutSegmentsAreMissedWhenTheyAreAcknowledged(isAcknowledged: Bool) throws {
        var segments = Self.handshake
        segments += [
            Segment(sender: ">", flags: "PA", sequence: 101, acknowledgement: 501, data: 300, cut: 200),
            Segment(sender: ">", flags: "PA", sequence: 401, acknowledgement: 501, data: 40, cut: 1),
            // This one is whole.
            Segment(sender: ">", flags: "PA", sequence: 441, acknowledgement: 501, data: 10),
        ]
        if isAcknowledged { segments.append(Segment(sender: "<", flags: "A", sequence: 501, acknowledgement: 451)) }
        let conn = try Self.conn(segments)
        #expect(conn[Records.conn.missedBytes] == (isAcknowledged ? 340 : 0))
        #expect(conn[Records.conn.history] == (isAcknowledged ? "ShADaG" : "ShAD"))
        #expect(conn[Records.conn.origBytes] == 350)
    }

    @Test func cutSegmentsOutOfOrderAreMissedOnce() throws {
        let conn = try Self.conn(
            Self.handshake + [
                Segment(sender: ">", flags: "PA", sequence: 111, acknowledgement: 501, data: 30, cut: 5),
                Segment(sender: ">", flags: "PA", sequence: 101, acknowledgement: 501, data: 10),
                Segment(sender: ">", flags: "PA", sequence: 111, acknowledgement: 501, data: 30, cut: 5),
                Segment(sender: "<", flags: "A", sequence: 501, acknowledgement: 121),
                Segment(sender: "<", flags: "A", sequence: 501, acknowledgement: 141),
            ])
        #expect(conn[Records.conn.missedBytes] == 30)
    }

    /// Zeek keeps the last number of each kind of control segment.
    @Test func controlSegmentsSentAgainAreNotedOnce() throws {
        let conn = try Self.conn([
            Segment(sender: ">", flags: "S", sequence: 100), Segment(sender: ">", flags: "SA", sequence: 100),
            Segment(sender: ">", flags: "FA", sequence: 101, acknowledgement: 7),
            Segment(sender: ">", flags: "R", sequence: 102),
            Segment(sender: ">", flags: "FA", sequence: 101, acknowledgement: 7),
        ])
        #expect(conn[Records.conn.history] == "SFR")
    }

    private static func query(_ id: UInt8, back: Bool = false) -> [UInt8] {
        let message = [0, id, back ? 0x80 : 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 1, 0, 1] as [UInt8]
        return PacketBytes.ipv4(
            17, from: [10, 0, 0, back ? 2 : 1], to: [10, 0, 0, back ? 1 : 2],
            PacketBytes.udp(from: back ? 53 : 4000, to: back ? 4000 : 53, message))
    }

    /// What a capture's snap length cut off is not its sender's fault: only what lacks on the wire is told of.
    @Test(arguments: [false, true]) func whatTheCaptureLacksIsNotMalformed(isCut: Bool) {
        let question = [1, 0x61, 0, 0, 1, 0, 1] as [UInt8]
        let answer = question + [0, 0, 0, 9, 0, 4, 10, 0, 0, 1]
        let message = [0, 1, 0x80, 0, 0, 1, 0, 1, 0, 0, 0, 0] + question + answer
        let sent = isCut ? message : message.dropLast(3)
        let packet = PacketBytes.ipv4(17, PacketBytes.udp(from: 53, to: 4000, Array(sent)))
        let seen = isCut ? Array(packet.dropLast(3)) : packet
        var engine = FlowEngine()
        seen.withUnsafeBytes {
            engine.process(CapturedPacket(time: Self.start, linkType: .raw, bytes: $0, wireLength: packet.count))
        }
        engine.finish()
        let batch = engine.takeBatch()
        #expect(batch.table(DNSRecord.kind)?.rowCount == 1)
        #expect(batch.table(WeirdRecord.kind)?.rowCount ?? 0 == (isCut ? 0 : 1))
    }

    /// Zeek looks at DNS over UDP every ten seconds, and ends what has been silent for nine.
    @Test(arguments: [
        ([0, 100, 9_000], 1), ([0, 100, 9_950], 1), ([0, 100, 10_100], 2), ([0, 12_000, 24_000], 3),
        ([0, 2_000, 10_500, 15_000, 20_600, 25_000], 1), ([0, 2_000, 10_500, 21_000], 2),
    ]) func questionsAreOverSoon(milliseconds: [Int64], count: Int) throws {
        // Another host's packets move the clock.
        let others = (0..<60).map { second in
            (
                bytes: PacketBytes.ipv4(17, from: [10, 9, 9, 9], PacketBytes.udp(from: 9, to: 9, [0])), cut: 0,
                milliseconds: Int64(second) * 500
            )
        }
        let queries = milliseconds.enumerated().map {
            (bytes: Self.query(UInt8($0)), cut: 0, milliseconds: $1)
        }
        let conns = try Self.conns((others + queries).sorted { $0.milliseconds < $1.milliseconds })
        #expect(conns.filter { $0[Records.conn.service] == ["dns"] }.count == count)
        #expect(conns.count == count + 1)
    }

    /// What a tunnel carries must be IP before there is a tunnel: here it is ARP in GRE.
    @Test(arguments: [(0x0806, 0), (0x0800, 1)]) func aTunnelIsToldOfOnceItCarriesIP(type: Int, count: Int) {
        var engine = FlowEngine()
        let inner = PacketBytes.ipv4(17, from: [172, 16, 0, 1], PacketBytes.udp(from: 5, to: 6, [1]))
        let packet = PacketBytes.ipv4(47, [0, 0] + PacketBytes.word(type) + inner)
        packet.withUnsafeBytes {
            engine.process(CapturedPacket(time: Self.start, linkType: .raw, bytes: $0, wireLength: packet.count))
        }
        engine.finish()
        let batch = engine.takeBatch()
        #expect(batch.table(TunnelRecord.kind)?.rowCount ?? 0 == count)
        #expect(batch.table(ConnRecord.kind)?.rowCount ?? 0 == count)
    }

    /// The first datagram of what comes behind STUN is not lost: a hello of DTLS (RFC 6347 section 4.2) comes once.
    @Test func aHelloBehindSTUNIsRead() throws {
        let binding = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42] + [UInt8](repeating: 7, count: 12)
        let body = [0xFE, 0xFD] + [UInt8](repeating: 5, count: 32) + [0, 0, 0, 2, 0, 0x2F, 1, 0]
        let message = [1, 0, 0, UInt8(body.count), 0, 0, 0, 0, 0, 0, 0, UInt8(body.count)] + body
        let hello = [22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, UInt8(message.count)] + message
        let packets = [binding, hello].enumerated().map { index, data in
            (
                bytes: PacketBytes.ipv4(17, PacketBytes.udp(from: 4000, to: 5000, data)), cut: 0,
                milliseconds: Int64(index)
            )
        }
        let conn = try #require(try Self.conns(packets).first)
        #expect(conn[Records.conn.service] == ["stun", "ssl"])
    }

    /// Which ports are servers' depends on the transport.
    @Test(arguments: [(17, 123, 80, true), (17, 80, 4000, false), (6, 5060, 8888, false), (6, 80, 5060, true)])
    func theTransportTellsWhichPortsAreServers(transport: UInt8, source: Int, destination: Int, isTurned: Bool) throws {
        let payload =
            transport == 17
            ? PacketBytes.udp(from: source, to: destination, [9])
            : PacketBytes.tcp(from: source, to: destination, sequence: 1, acknowledgement: 1, flags: 0x18, [9])
        let conn = try #require(
            try Self.conns([(bytes: PacketBytes.ipv4(transport, payload), cut: 0, milliseconds: 0)]).first)
        #expect(conn[Records.conn.origP] == UInt16(isTurned ? destination : source))
    }

    /// A port alone makes no tunnel: questions from the port of CAPWAP, with identifiers and flags like its header. The
    /// first has a binding that there is none of, the other nothing that is IP where Ethernet would be.
    @Test(arguments: [[0, 0x10, 1, 0], [0, 0x10, 0, 0]] as [[UInt8]]) func aPortHidesNoQuestion(head: [UInt8]) throws {
        let question = head + [0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 1, 0, 1]
        let packet = PacketBytes.ipv4(17, PacketBytes.udp(from: 5247, to: 53, question))
        let conn = try #require(try Self.conns([(bytes: packet, cut: 0, milliseconds: 0)]).first)
        #expect(conn[Records.conn.service] == ["dns"])
    }

    /// Anybody can announce any end as a file's in IRC: what goes on there is told as ever.
    @Test(arguments: [["GET / HTTP/1.1\r\nHost: a\r\n\r\n"], ["GE", "T / HTTP/1.1\r\nHost: a\r\n\r\n"]])
    func anOfferHidesNothing(pieces: [String]) throws {
        func tcp(_ port: Int, _ sequence: UInt32, _ flags: UInt8, _ text: String, to server: UInt8) -> [UInt8] {
            PacketBytes.ipv4(
                6, to: [10, 0, 0, server],
                PacketBytes.tcp(
                    from: 3000, to: port, sequence: sequence, acknowledgement: 1, flags: flags, Array(text.utf8)))
        }
        let offer = "NICK a\r\nUSER a 0 * :a\r\nPRIVMSG a :\u{1}DCC SEND f 167772169 8080 9\u{1}\r\n"
        var packets = [tcp(6667, 1, 2, "", to: 2), tcp(6667, 2, 0x18, offer, to: 2), tcp(8080, 1, 2, "", to: 9)]
        var sequence: UInt32 = 2
        for piece in pieces {
            packets.append(tcp(8080, sequence, 0x18, piece, to: 9))
            sequence += UInt32(piece.utf8.count)
        }
        let conns = try Self.conns(packets.enumerated().map { (bytes: $1, cut: 0, milliseconds: Int64($0)) })
        #expect(conns.first { $0[Records.conn.respP] == 8080 }?[Records.conn.service] == ["http"])
        #expect(conns.first { $0[Records.conn.respP] == 6667 }?[Records.conn.service] == ["irc"])
    }
}
