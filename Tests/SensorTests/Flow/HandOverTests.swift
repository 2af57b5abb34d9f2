import Shared
import Testing

@testable import Sensor

/// One protocol that opens another on the same connection.
@Suite struct HandOverTests {
    private static let start = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    /// What is told of a TCP connection to port 8080 on which both sides send these texts by turns.
    private static func records(client: [String], server: [String]) -> RecordBatch {
        var engine = FlowEngine()
        var sequence = (client: UInt32(1), server: UInt32(1))
        var time = start
        func send(fromClient: Bool, _ text: String) {
            let data = Array(text.utf8)
            let segment =
                fromClient
                ? PacketBytes.tcp(
                    from: 4000, to: 8080, sequence: sequence.client, acknowledgement: sequence.server, flags: 0x18, data
                )
                : PacketBytes.tcp(
                    from: 8080, to: 4000, sequence: sequence.server, acknowledgement: sequence.client, flags: 0x18, data
                )
            let packet =
                fromClient
                ? PacketBytes.ipv4(6, segment)
                : PacketBytes.ipv4(6, from: [10, 0, 0, 2], to: [10, 0, 0, 1], segment)
            if fromClient { sequence.client += UInt32(data.count) } else { sequence.server += UInt32(data.count) }
            time = time + .milliseconds(1)
            packet.withUnsafeBytes {
                engine.process(CapturedPacket(time: time, linkType: .raw, bytes: $0, wireLength: packet.count))
            }
        }
        for turn in 0..<max(client.count, server.count) {
            if turn < client.count { send(fromClient: true, client[turn]) }
            if turn < server.count { send(fromClient: false, server[turn]) }
        }
        engine.finish()
        return engine.takeBatch()
    }

    /// A server that speaks first may do so in the segment that opens the tunnel.
    @Test(arguments: [
        (
            "CONNECT h:22 HTTP/1.1\r\nHost: h:22\r\n\r\n", "HTTP/1.1 200 Connection established\r\n\r\n"
        ),
        (
            "POST /exec HTTP/1.1\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}",
            "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n"
        ),
        ("\u{4}\u{1}\u{0}\u{16}\u{7f}\u{0}\u{0}\u{1}me\u{0}", "\u{0}\u{5A}\u{0}\u{16}\u{7f}\u{0}\u{0}\u{1}"),
    ])
    func whatComesWithTheHandOverIsNotLost(request: String, answer: String) throws {
        let batch = Self.records(
            client: [request, "SSH-2.0-Client\r\n"], server: [answer + "SSH-2.0-Server\r\n"])
        let index = try #require(batch.tables.firstIndex { $0.kind.name == "ssh" })
        let ssh = RecordView(batch: batch, tableIndex: index, row: 0)
        #expect(ssh[Records.ssh.server] == "SSH-2.0-Server")
        #expect(ssh[Records.ssh.client] == "SSH-2.0-Client")
    }

    /// RFC 1928 section 6: a client that hopes for the best sends for the other end before the proxy has answered.
    @Test(arguments: [
        ["\u{5}\u{1}\0", Self.request, "SSH-2.0-Client\r\n"], ["\u{5}\u{1}\0", Self.request + "SSH-2.0-Client\r\n"],
        ["\u{5}\u{1}\0" + Self.request, "SSH-2.0-Client\r\n"],
        ["\u{5}\u{1}\0" + Self.request + "SSH-2.0-Client\r\n"],
    ])
    func whatCameBeforeTheHandOverIsNotLost(client: [String]) throws {
        let answer = "\u{5}\0\0\u{1}\0\0\0\0\0\0"
        for isTogether in [true, false] {
            let waits = [String](repeating: "", count: client.count)
            let server = waits + (isTogether ? ["\u{5}\0" + answer] : ["\u{5}\0", answer])
            let batch = Self.records(client: client, server: server + ["SSH-2.0-Server\r\n"])
            let index = try #require(batch.tables.firstIndex { $0.kind.name == "ssh" })
            let ssh = RecordView(batch: batch, tableIndex: index, row: 0)
            #expect(ssh[Records.ssh.client] == "SSH-2.0-Client")
            #expect(ssh[Records.ssh.server] == "SSH-2.0-Server")
            #expect(batch.tables.contains { $0.kind.name == "socks" })
        }
    }

    /// To connect to port 22 of "a.example".
    private static let request = "\u{5}\u{1}\0\u{3}\u{9}a.example\0\u{16}"
}
