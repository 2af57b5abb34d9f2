import Shared
import Testing

@testable import Sensor

/// What comes on the connection of a STUN server or of two ends that found each other by STUN.
@Suite struct STUNBesideOthersTests {
    /// The first flight of DTLS 1.2: RFC 6347 sections 4.1 and 4.2.2.
    private static let hello: [UInt8] = {
        let message = TLSWire.clientHello(version: 0xFEFD, cookie: [])
        let body = Array(message.dropFirst(4))
        let fragment =
            Array(message[..<4]) + TLSWire.big(0, bytes: 2) + TLSWire.big(0, bytes: 3)
            + TLSWire.vector(body, lengthBytes: 3)
        return [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0] + TLSWire.vector(fragment, lengthBytes: 2)
    }()

    private static func told(_ records: [RecordView]) -> [[String]] {
        records.of("stun").map {
            let stun = Records.stun
            return [
                $0[stun.method] ?? "", $0[stun.class] ?? "", $0[stun.isFromClient] == true ? "client" : "server",
            ]
        }
    }

    private static func message(_ type: UInt16, _ id: UInt8) -> [UInt8] { STUNAnalyzerTests.message(type, id) }

    /// RFC 8445 section 7: both ends ask, and the first answer is enough for DTLS to begin.
    @Test func requestsThatWaitWhenDTLSBeginsAreAnswered() {
        let records = Talk.udp(
            port: 50_001,
            [
                (.originator, Self.message(0x001, 1)), (.responder, Self.message(0x101, 1)),
                (.responder, Self.message(0x001, 2)), (.originator, Self.hello),
                (.originator, Self.message(0x101, 2)), (.originator, Self.message(0x001, 3)),
                (.responder, Self.message(0x101, 3)), (.responder, Self.message(0x001, 4)),
            ])
        #expect(
            Self.told(records) == [
                ["Binding", "success", "client"], ["Binding", "success", "server"], ["Binding", "success", "client"],
                ["Binding", "none", "server"],
            ])
        #expect(records.service.map(Set.init) == ["stun", "ssl"])
        #expect(records.of("ssl").count == 1)
        #expect(records.of("weird").isEmpty)
    }

    /// A request that nobody answers is told by the analyzer of DTLS, and by none of another connection.
    @Test func requestsStayWithTheirConnection() {
        var harness = AnalyzerHarness(STUNAnalyzer.self, transport: .udp, responderPort: 50_001)
        harness.feed(Self.message(0x001, 1), from: .originator)
        harness.feed(Self.hello, from: .originator)
        #expect(harness.isHandedOver && harness.sink.unreadByteCount == Self.hello.count)
        harness.finish()
        #expect(harness.records(STUNRecord.kind).isEmpty)
        for isSame in [true, false] {
            var next = harness
            next.analyzer = DTLSAnalyzer()
            if !isSame { next.sink.connection.identity = FlowIdentity(high: 8, low: 12) }
            next.feed(Self.hello, from: .originator)
            next.finish()
            #expect(next.records(STUNRecord.kind).map { $0[Records.stun.class] } == (isSame ? ["none"] : []))
        }
    }

    /// Of 20 packets behind DTLS, the first alone may still have been something else.
    @Test func mediaBehindDTLSAreCounted() {
        let media = (0..<20).map { number in
            (Side.originator, RTPAnalyzerTests.packet(100 + UInt16(number), time: 3000 * UInt32(number), type: 96))
        }
        let records = Talk.udp(port: 50_001, [(.originator, Self.hello)] + media)
        #expect(records.of("rtp").map { $0[Records.rtp.packets] } == [19])
    }

    /// RFC 6062 section 4.3: behind the answer to ConnectionBind, the connection is the peer's.
    @Test(arguments: 1...50) func whatIsBehindABoundConnectionIsRead(size: Int) {
        let banner = Array("SSH-2.0-Peer_1.0\r\n".utf8)
        let sent = Self.message(0x10B, 1) + banner
        var turns: [(Side, [UInt8])] = [(.originator, Self.message(0x00B, 1))]
        for start in stride(from: 0, to: sent.count, by: size) {
            turns.append((.responder, Array(sent[start..<min(start + size, sent.count)])))
        }
        turns.append((.originator, Array("SSH-2.0-Client_1.0\r\n".utf8)))
        let records = Talk.tcp(port: 3478, turns)
        #expect(records.of("stun").map { $0[Records.stun.class] } == ["success"])
        #expect(records.of("ssh").map { $0[Records.ssh.server] } == ["SSH-2.0-Peer_1.0"])
        #expect(records.of("weird").isEmpty)
    }

    /// Where it is refused, STUN goes on.
    @Test func aConnectionThatIsNotBoundStaysSTUN() {
        let records = Talk.tcp(
            port: 3478,
            [
                (.originator, Self.message(0x00B, 1)), (.responder, Self.message(0x11B, 1)),
                (.originator, Self.message(0x00B, 2)), (.responder, Self.message(0x10B, 2)),
                (.originator, TLSWire.record(22, TLSWire.clientHello())),
            ])
        #expect(records.of("stun").map { $0[Records.stun.class] } == ["error", "success"])
        #expect(records.service.map(Set.init) == ["stun", "ssl"])
        #expect(records.of("weird").isEmpty)
    }
}
