import Shared
import Testing

@testable import Sensor

@Suite struct VoiceAnalyzerTests {
    /// A request of RFC 3261 section 24.2 with short header names, and a body.
    static let invite = """
        INVITE sip:bob@biloxi.com SIP/2.0\r\nv: SIP/2.0/TCP pc33.atlanta.com;branch=z9hG4bKnashds8\r\n\
        t: Bob <sip:bob@biloxi.com>\r\nf: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n\
        i: a84b4c76e66710\r\nCSeq: 314159 INVITE\r\ns: Lunch\r\nl: 4\r\n\r\nv=0\n
        """
    static let ringing = """
        SIP/2.0 180 Ringing\r\nVia: SIP/2.0/TCP pc33.atlanta.com;branch=z9hG4bKnashds8;received=192.0.2.1\r\n\
        To: Bob <sip:bob@biloxi.com>;tag=a6c85cf\r\nFrom: Alice <sip:alice@atlanta.com>;tag=1928301774\r\n\
        Call-ID: a84b4c76e66710\r\nCSeq: 314159 INVITE\r\nContent-Length: 0\r\n\r\n
        """

    @Test(arguments: [1, 7, 64, 4096]) func callsOverTCPAreReadInPiecesOfAnySize(size: Int) {
        var harness = AnalyzerHarness(SIPAnalyzer.self, responderPort: 5060)
        for (text, side) in [(Self.invite, Side.originator), (Self.ringing, .responder)] {
            let bytes = Array(text.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                harness.feed(Array(bytes[start..<min(start + size, bytes.count)]), from: side)
            }
        }
        let sip = Records.sip
        let records = harness.records(SIPRecord.kind)
        #expect(records.map { $0[sip.statusCode] } == [180])
        #expect(records.first?[sip.requestFrom] == "Alice <sip:alice@atlanta.com>")
        #expect(records.first?[sip.responseTo] == "Bob <sip:bob@biloxi.com>;tag=a6c85cf")
        #expect(records.first?[sip.subject] == "Lunch")
        #expect(records.first?[sip.callId] == "a84b4c76e66710")
        #expect(records.first?[sip.requestBodyLen] == 4)
    }

    @Test(arguments: [
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "NOTIFY * HTTP/1.1\r\n\r\n", "MESSAGE to all\r\n",
        "SIP/2.0 OK\r\n\r\n",
    ])
    func otherTextIsNotSIP(text: String) {
        #expect(SIPAnalyzer.probe(Array(text.utf8).span.bytes, from: .originator) == .noMatch)
    }

    /// The response over IPv4 of RFC 5769 section 2.2.
    static let stunResponse = Wire.hex(
        """
        0101003c 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 746f7220 00200008 0001a147 e112a643
        00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7 80280004 c07d4c96
        """)
    /// The response over IPv6 of RFC 5769 section 2.3.
    static let stunResponse6 = Wire.hex(
        """
        01010048 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 746f7220 00200014 0002a147 0113a9fa
        a5d3f179 bc25f4b5 bed2b9d9 00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41 80280004 c8fb0b4c
        """)

    @Test(arguments: [(stunResponse, "192.0.2.1"), (stunResponse6, "2001:db8:1234:5678:11:2233:4455:6677")])
    func maskedAddressesAreRead(bytes: [UInt8], address: String) {
        #expect(STUNAnalyzer.probe(bytes.span.bytes, from: .responder) == .match)
        var harness = AnalyzerHarness(STUNAnalyzer.self, transport: .udp, responderPort: 3478)
        harness.feed(bytes, from: .responder)
        let records = harness.records(STUNRecord.kind)
        #expect(records.map { $0[Records.stun.mappedH] } == [address])
        #expect(records.map { $0[Records.stun.mappedP] } == [32853])
        #expect(records.map { $0[Records.stun.software] } == ["test vector"])
        #expect(harness.isOver)
    }

    /// A request to change the address, and an answer with one, as RFC 3489 section 11 has them: without a cookie.
    @Test func messagesOfTheOldSTUNAreRead() {
        let request = Wire.hex("00010008 01020304 05060708 090a0b0c 0d0e0f10 00030004 00000006")
        let answer = Wire.hex("0101000c 01020304 05060708 090a0b0c 0d0e0f10 00010008 00018055 c0000201")
        var harness = AnalyzerHarness(STUNAnalyzer.self, transport: .udp, responderPort: 3478)
        harness.feed(request, from: .originator)
        harness.feed(answer, from: .responder)
        let records = harness.records(STUNRecord.kind)
        #expect(records.map { $0[Records.stun.mappedH] } == ["192.0.2.1"])
        #expect(records.map { $0[Records.stun.mappedP] } == [32853])
        #expect(records.map { $0[Records.stun.class] } == ["success"])
        // Attributes that end elsewhere, or none, are another protocol's.
        for other in [
            "00010008 01020304 05060708 090a0b0c 0d0e0f10 00030005 00000006",
            "00010000 00112233 00112233 00112233 00112233",
        ] {
            #expect(STUNAnalyzer.probe(Wire.hex(other).span.bytes, from: .originator) == .noMatch)
        }
    }

    @Test func aReportWithTheWrongLengthIsNotRTCP() {
        var report: [UInt8] = [0x80, 200, 0, 6] + [UInt8](repeating: 7, count: 24)
        #expect(RTCPAnalyzer.probe(report.span.bytes, from: .originator) == .match)
        report.append(0)
        #expect(RTCPAnalyzer.probe(report.span.bytes, from: .originator) == .noMatch)
    }
}
