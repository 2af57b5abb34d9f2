import Shared
import Testing

@testable import Sensor

@Suite struct DNSAnalyzerTests {
    /// `www.Example.com` A IN, recursion desired.
    static let query = Wire.join(
        Wire.hex("1234 0100 0001 0000 0000 0000"), Wire.name("www.Example.com"), Wire.hex("0001 0001"))
    /// The answer: CNAME `e.example.com` by compression, A 192.0.2.7.
    static let answer = Wire.join(
        Wire.hex("1234 8580 0001 0002 0000 0000"), Array(query[12...]),
        Wire.hex("C00C 0005 0001 00000E10 0004 0165 C010"),
        Wire.hex("C02D 0001 0001 0000003C 0004 C0000207"))

    static func harness() -> AnalyzerHarness {
        AnalyzerHarness(DNSAnalyzer.self, transport: .udp, responderPort: 53)
    }

    @Test func aQueryAndItsAnswerAreOneRecord() throws {
        var harness = Self.harness()
        harness.feed(Self.query, from: .originator)
        harness.feed(Self.answer, from: .responder)
        let record = try #require(harness.records(DNSRecord.kind).first)
        #expect(record[Records.dns.query] == "www.example.com")
        #expect(record[Records.dns.qtypeName] == "A")
        #expect(record[Records.dns.qclassName] == "C_INTERNET")
        #expect(record[Records.dns.rcodeName] == "NOERROR")
        #expect(record[Records.dns.answers] == ["e.example.com", "192.0.2.7"])
        #expect(record[Records.dns.ttls] == [3_600_000_000_000, 60_000_000_000])
        #expect(record[Records.dns.rtt] == .milliseconds(1))
        #expect(record[Records.dns.aa] == true)
        #expect(record[Records.dns.ra] == true)
        #expect(record[Records.dns.rd] == true)
        #expect(record[Records.dns.transId] == 0x1234)
        harness.finish()
        #expect(harness.records(DNSRecord.kind).count == 1)
    }

    /// RFC 6762 section 5.3: a device that looks around asks for all services in one message.
    @Test func eachQuestionOfAMessageIsARecord() {
        let names = (1...17).map { "_service\($0)._tcp.local" }
        let questions: [UInt8] = names.flatMap { Wire.name($0) + ([0, 12, 0, 1] as [UInt8]) }
        let message = Wire.join(Wire.hex("0000 0000 0011 0000 0000 0000"), questions)
        #expect(DNSAnalyzer.probe(message.span.bytes, from: .originator) == .match)
        var harness = AnalyzerHarness(DNSAnalyzer.self, transport: .udp, responderPort: 5353)
        harness.feed(message, from: .originator)
        harness.finish()
        #expect(harness.records(DNSRecord.kind).map { $0[Records.dns.query] } == names)
    }

    @Test func aQueryWithoutAnswerIsWrittenAtTheEnd() {
        var harness = Self.harness()
        harness.feed(Self.query, from: .originator)
        #expect(harness.records(DNSRecord.kind).isEmpty)
        harness.finish()
        let records = harness.records(DNSRecord.kind)
        #expect(records.count == 1)
        #expect(records.first?[Records.dns.rcode] == nil)
    }

    @Test func anAnswerWithoutQueryIsWrittenAtTheEnd() {
        var harness = Self.harness()
        harness.feed(Self.answer, from: .responder)
        harness.finish()
        let record = harness.records(DNSRecord.kind).first
        #expect(record?[Records.dns.query] == "www.example.com")
        #expect(record?[Records.dns.rtt] == nil)
    }

    @Test func queriesWithOneIdentifierAreAnsweredInOrder() {
        var harness = Self.harness()
        var other = Self.query
        other[other.count - 3] = 28
        harness.feed(Self.query, from: .originator)
        harness.feed(other, from: .originator)
        harness.feed(Self.answer, from: .responder)
        harness.finish()
        let records = harness.records(DNSRecord.kind)
        #expect(records.map { $0[Records.dns.qtypeName] } == ["A", "AAAA"])
        #expect(records.map { $0[Records.dns.rcode] } == [0, nil])
    }

    @Test func overTCPAMessageMayComeInPieces() {
        var harness = AnalyzerHarness(DNSAnalyzer.self, responderPort: 53)
        for byte in Wire.join([0, UInt8(Self.query.count)], Self.query) { harness.feed([byte], from: .originator) }
        harness.feed(Wire.join([0, UInt8(Self.answer.count)], Self.answer), from: .responder)
        #expect(harness.records(DNSRecord.kind).count == 1)
        #expect(harness.failure == nil)
    }

    @Test func aPointerToItselfEndsTheMessage() {
        var harness = Self.harness()
        harness.feed([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, 12, 0, 1, 0, 1], from: .originator)
        #expect(harness.records(DNSRecord.kind).isEmpty)
        #expect(harness.records(WeirdRecord.kind).first?[Records.weird.name] == "DNS_malformed")
    }

    @Test func textRecordsAreWrittenWithTheirLengths() {
        var harness = Self.harness()
        var query = Self.query
        query[query.count - 3] = 16
        harness.feed(query, from: .originator)
        harness.feed(
            Wire.join(
                Wire.hex("1234 8180 0001 0001 0000 0000"), Array(query[12...]),
                Wire.hex("C00C 0010 0001 00000001 0009 05"), Array("hello".utf8), [2], Array("yo".utf8)),
            from: .responder)
        #expect(harness.records(DNSRecord.kind).first?[Records.dns.answers] == ["TXT 5 hello TXT 2 yo"])
    }

    /// RFC 1001 §14.1: "FRED" and 12 spaces is EGFCEFEECACACACACACACACACACACACA.
    @Test func netBIOSNamesAreDecoded() {
        #expect(NetBIOSName.decode("EGFCEFEECACACACACACACACACACACACA") == "FRED")
        #expect(NetBIOSName.decode("www") == nil)
    }

    @Test func probesKnowMessagesAndRefuseText() {
        #expect(DNSAnalyzer.probe(Self.query.span.bytes, from: .originator) == .match)
        #expect(DNSAnalyzer.probe(Self.answer.span.bytes, from: .responder) == .match)
        let framed = Wire.join([0, UInt8(Self.query.count)], Self.query)
        #expect(DNSAnalyzer.probe(framed.span.bytes, from: .originator) == .match)
        let text = Array("GET / HTTP/1.1\r\nHost: www.example.com\r\n\r\n".utf8)
        #expect(DNSAnalyzer.probe(text.span.bytes, from: .originator) == .noMatch)
    }
}
