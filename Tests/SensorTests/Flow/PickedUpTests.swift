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
