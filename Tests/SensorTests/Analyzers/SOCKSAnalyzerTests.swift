import Shared
import Testing

@testable import Sensor

/// RFC 1928 and RFC 1929.
@Suite struct SOCKSAnalyzerTests {
    private static func run(_ messages: (Side, [UInt8])...) -> AnalyzerHarness {
        var harness = AnalyzerHarness(SOCKSAnalyzer.self)
        for (side, bytes) in messages { harness.feed(bytes, from: side) }
        harness.finish()
        return harness
    }

    /// "anna" and a password, as RFC 1929 section 2 has them.
    private static let login: [UInt8] = [1, 4] + Array("anna".utf8) + [6] + Array("geheim".utf8)

    /// The proxy closes behind it: no request follows. Zeek has the words of a request's answer for it.
    @Test func aRefusedLoginIsTold() throws {
        let harness = Self.run(
            (.originator, [5, 1, 2]), (.responder, [5, 2]), (.originator, Self.login), (.responder, [1, 1]))
        let record = try #require(harness.records(SOCKSRecord.kind).first)
        #expect(record[Records.socks.version] == 5)
        #expect(record[Records.socks.user] == "anna")
        #expect(record[Records.socks.status] == "general SOCKS server failure")
        #expect(record[Records.socks.requestPort] == nil)
        #expect(harness.records(SOCKSRecord.kind).count == 1)
        #expect(harness.failure == nil)
    }

    @Test func anAcceptedLoginIsToldWithItsRequest() throws {
        let harness = Self.run(
            (.originator, [5, 2, 0, 2]), (.responder, [5, 2]), (.originator, Self.login), (.responder, [1, 0]),
            (.originator, [5, 1, 0, 1, 10, 0, 0, 1, 0, 80]), (.responder, [5, 5, 0, 1, 0, 0, 0, 0, 0, 0]))
        let records = harness.records(SOCKSRecord.kind)
        #expect(records.map { $0[Records.socks.user] } == ["anna"])
        #expect(records.map { $0[Records.socks.status] } == ["Connection refused"])
    }

    /// Section 3: none of the methods is acceptable, which is an answer like others.
    @Test func whoWantsAnotherMethodBreaksNoRule() {
        let harness = Self.run((.originator, [5, 1, 0]), (.responder, [5, 0xFF]))
        #expect(harness.failure == nil)
        #expect(harness.records(SOCKSRecord.kind).isEmpty)
    }

    /// Who needs no login may send the request with the greeting; a greeting that goes on otherwise is none.
    @Test(
        arguments: [
            ([5, 1, 0, 5, 1, 0, 1, 10, 0, 0, 1, 0, 80], true), ([5, 2, 0, 2, 5, 1, 0, 3, 1, 0x61, 0, 80, 1, 2], true),
            ([5, 1, 0], true), ([5, 1, 0, 5], false), ([5, 1, 0, 5, 1, 0, 1, 10, 0, 0, 1, 0], false),
            ([5, 1, 0, 5, 4, 0, 1, 10, 0, 0, 1, 0, 80], false), ([5, 1, 0, 5, 1, 0, 2, 10, 0, 0, 1, 0, 80], false),
            ([5, 0, 5, 1, 0, 1, 10, 0, 0, 1, 0, 80], false),
        ] as [([UInt8], Bool)])
    func aRequestMayComeWithTheGreeting(bytes: [UInt8], isKnown: Bool) {
        #expect((SOCKSAnalyzer.probe(bytes.span.bytes, from: .originator) == .match) == isKnown)
    }

    /// What is for the other end waits for the proxy's answer, up to a limit: behind that nothing is handed on, since
    /// the beginning alone would be taken for the whole.
    @Test(arguments: [(3000, 1), (3000, 7), (16_000, 1400), (20_000, 1400)])
    func earlyBytesAreBounded(byteCount: Int, segment: Int) {
        var harness = AnalyzerHarness(SOCKSAnalyzer.self)
        harness.feed([5, 1, 0], from: .originator)
        harness.feed([5, 0], from: .responder)
        let early = (0..<byteCount).map { UInt8($0 & 0x7F) }
        let sent: [UInt8] = [5, 1, 0, 1, 10, 0, 0, 1, 0, 80] + early
        for start in stride(from: 0, to: sent.count, by: segment) {
            harness.feed(Array(sent[start..<min(start + segment, sent.count)]), from: .originator)
            #expect(harness.analyzer.heldBytes < 64 << 10)
        }
        harness.feed([5, 0, 0, 1, 0, 0, 0, 0, 0, 0], from: .responder)
        #expect(harness.isHandedOver)
        #expect(harness.sink.earlyBytes == (byteCount <= 16_384 ? early : []))
        #expect(harness.records(SOCKSRecord.kind).map { $0[Records.socks.status] } == ["succeeded"])
    }

    /// RFC 1929 section 2: so may a login be sent, where its method is offered, and the request behind it.
    @Test(
        arguments: [
            ([5, 1, 2] + login, true), ([5, 2, 0, 2] + login + [5, 1, 0, 1, 10, 0, 0, 1, 0, 80], true),
            ([5, 1, 2] + login + [5, 1, 0, 1, 10, 0, 0, 1, 0, 80, 0x16, 3, 1], true), ([5, 1, 0] + login, false),
            ([5, 1, 2] + login.dropLast(), false), ([5, 1, 2] + login + [9], false), ([5, 1, 2, 2, 1, 0x61, 0], false),
            ([5, 1, 2, 1, 0, 1, 0x61], false),
        ] as [([UInt8], Bool)])
    func aLoginMayComeWithTheGreeting(bytes: [UInt8], isKnown: Bool) {
        #expect((SOCKSAnalyzer.probe(bytes.span.bytes, from: .originator) == .match) == isKnown)
    }

    @Test func allAtOnceIsRead() {
        let records = Talk.tcp(
            port: 1080,
            [
                (.originator, [5, 1, 2] + Self.login + [5, 1, 0, 1, 10, 0, 0, 1, 0, 80]),
                (.responder, [5, 2]), (.responder, [1, 0]), (.responder, [5, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
                (.originator, Array("GET /x HTTP/1.1\r\nHost: h.example\r\n\r\n".utf8)),
            ])
        #expect(records.of("socks").map { $0[Records.socks.user] } == ["anna"])
        #expect(records.of("socks").map { $0[Records.socks.status] } == ["succeeded"])
        #expect(records.of("http").map { $0[Records.http.host] } == ["h.example"])
        #expect(records.of("weird").isEmpty)
    }

    /// The protocol of version 4 (Ying-Da Lee): a client need not wait to send what is for the other end, here with a
    /// user and with a name (4a).
    @Test(
        arguments: [
            [4, 1, 0, 80, 192, 0, 2, 1, 0], [4, 1, 0, 80, 192, 0, 2, 1] + Array("bob".utf8) + [0],
            [4, 1, 0, 80, 0, 0, 0, 1, 0] + Array("h.example".utf8) + [0],
        ] as [[UInt8]])
    func whatComesWithARequestOfVersion4IsRead(request: [UInt8]) {
        let web = Array("GET /x HTTP/1.1\r\nHost: h.example\r\n\r\n".utf8)
        let hello = TLSWire.record(22, TLSWire.clientHello(TLSWire.fieldOf(21, [UInt8](repeating: 0, count: 600))))
        for (early, service) in [(web, "http"), (hello, "ssl"), (Array("SSH-2.0-a\r\n".utf8), "ssh")] {
            let records = Talk.tcp(
                port: 1080, [(.originator, request + early), (.responder, [0, 90, 0, 0, 0, 0, 0, 0])])
            #expect(records.service.map(Set.init) == ["socks", service])
            #expect(records.of("socks").map { $0[Records.socks.status] } == ["request granted"])
        }
        // OpenFlow 1.3 (section 7.1): what is behind a request's length is nobody's beginning.
        let other = request + [0, 1, 0, 5, 4, 2, 0, 8]
        #expect(SOCKSAnalyzer.probe(other.span.bytes, from: .originator) == .noMatch)
    }
}
