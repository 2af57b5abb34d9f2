import Shared
import Testing

@testable import Sensor

/// Connections that the capture finds in the middle of a long transfer.
@Suite struct PickedUpTests {
    /// What is told of a connection without a beginning on which the server sends `count` segments of `size` bytes
    /// before the client asks for something, in a request of at least `requestSize` bytes.
    private static func records(segments count: Int, size: Int, requestSize: Int = 0) -> RecordBatch {
        var engine = FlowEngine()
        var time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
        func send(_ segment: [UInt8], from: [UInt8], to: [UInt8]) {
            let packet = PacketBytes.ipv4(6, from: from, to: to, segment)
            time = time + .milliseconds(1)
            packet.withUnsafeBytes {
                engine.process(CapturedPacket(time: time, linkType: .raw, bytes: $0, wireLength: packet.count))
            }
        }
        let cookie = String(repeating: "c", count: requestSize)
        let content = [UInt8](repeating: 0xE7, count: size)
        for index in 0..<count {
            send(
                PacketBytes.tcp(
                    from: 8080, to: 4000, sequence: UInt32(1 + index * size), acknowledgement: 1, flags: 0x18, content),
                from: [10, 0, 0, 2], to: [10, 0, 0, 1])
        }
        send(
            PacketBytes.tcp(
                from: 4000, to: 8080, sequence: 1, acknowledgement: UInt32(1 + count * size), flags: 0x18,
                Array("GET /next HTTP/1.1\r\nHost: h\r\nCookie: \(cookie)\r\n\r\n".utf8)),
            from: [10, 0, 0, 1], to: [10, 0, 0, 2])
        engine.finish()
        return engine.takeBatch()
    }

    @Test(arguments: [10, 200], [0, 1300])
    func whatFollowsALongTransferIsKnown(segments: Int, requestSize: Int) throws {
        let batch = Self.records(segments: segments, size: 1400, requestSize: requestSize)
        let index = try #require(batch.tables.firstIndex { $0.kind.name == "http" })
        #expect(RecordView(batch: batch, tableIndex: index, row: 0)[Records.http.uri] == "/next")
    }

    /// What the client has not got when it is first seen, and the server does not send any more, was lost.
    @Test func whatIsLostInFrontOfTheFirstSegmentIsTold() throws {
        var talk = PacketScript()
        talk.client(0x18, 101, 501, "T1")
        talk.client(0x18, 103, 5501, "T2")
        talk.server(0x18, 5501, 105, "a1")
        talk.server(0x18, 5503, 105, "a2")
        let records = talk.end()
        #expect(records.pieces == ["piece:T1", "piece:T2", "hole:5000", "piece:a1", "piece:a2", "end:"])
        // As in Zeek, a side has no beginning to miss that nobody has seen.
        #expect(try #require(records.of("conn").first)[Records.conn.missedBytes] == 0)
    }

    private static let found = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    private static let refused = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"

    /// Of a connection that was open already, the first answer is lost, or its beginning (`rest` is its end).
    @Test(arguments: ["", "the end of an image \u{1}\u{2}\u{3} without a line's", "{\"text\": 1}\r\nmore\r\n"])
    func answersBehindALostBeginningAreTheirRequests(rest: String) {
        var talk = PacketScript(analyzers: AnalyzerRegistry.all)
        var (client, server): (UInt32, UInt32) = (101, 501)
        func ask(_ path: String, _ talk: inout PacketScript) {
            let request = "GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n"
            talk.client(0x18, client, server, request)
            client += UInt32(request.utf8.count)
        }
        func answer(_ text: String, _ talk: inout PacketScript) {
            if !text.isEmpty { talk.server(0x18, server, client, text) }
            server += UInt32(text.utf8.count)
        }
        ask("/lost", &talk)
        server += 1400
        answer(rest, &talk)
        for (path, text) in [("/a", Self.refused), ("/b", Self.found), ("/c", Self.refused)] {
            ask(path, &talk)
            answer(text, &talk)
        }
        let requests = talk.end().of("http")
        #expect(requests.map { $0[Records.http.uri] } == ["/lost", "/a", "/b", "/c"])
        #expect(requests.map { $0[Records.http.statusCode] } == [nil, 403, 200, 403])
    }

    /// A conversation of small messages that nobody knows is not looked at for ever.
    @Test func smallSegmentsUseProbesUp() {
        let batch = Self.records(segments: 200, size: 40)
        #expect(!batch.tables.contains { $0.kind.name == "http" })
    }

    /// Connections that last for days: who opened one that a sensor finds open when it starts is told by its port.
    @Test(
        arguments: [
            (1433, true), (2404, true), (4840, true), (5222, true), (5672, true), (27017, true), (5223, true),
            (44_818, true), (7777, false),
        ] as [(Int, Bool)])
    func whoSpeaksFirstMayBeTheServer(port: Int, isServer: Bool) throws {
        let segment = PacketBytes.tcp(from: port, to: 41_000, sequence: 1, acknowledgement: 1, flags: 0x18, [1, 2, 3])
        let packet = PacketBytes.ipv4(6, from: [10, 0, 0, 2], to: [10, 0, 0, 1], segment)
        let conn = try #require(OnePacket.told(packet).records(ConnRecord.kind).first)
        #expect(conn[Records.conn.respP] == UInt16(isServer ? port : 41_000))
    }

    /// EtherNet/IP and BACnet, whose devices are asked for days.
    @Test(arguments: [(2222, true), (44_818, true), (47_808, true), (7777, false)])
    func whoSendsTheFirstDatagramMayBeTheServer(port: Int, isServer: Bool) throws {
        let datagram = PacketBytes.udp(from: port, to: 41_000, [1, 2, 3])
        let packet = PacketBytes.ipv4(17, from: [10, 0, 0, 2], to: [10, 0, 0, 1], datagram)
        let conn = try #require(OnePacket.told(packet).records(ConnRecord.kind).first)
        #expect(conn[Records.conn.respP] == UInt16(isServer ? port : 41_000))
    }
}
