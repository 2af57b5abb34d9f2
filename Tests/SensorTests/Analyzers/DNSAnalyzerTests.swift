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

    private static func led(_ message: [UInt8]) -> [UInt8] { [0, UInt8(message.count)] + message }

    /// RFC 1035 section 4.2.2: each message has its length in front, also an empty one, one without a header, and one
    /// whose name points out of it.
    @Test(arguments: ["", "00", "0002 0100 0001 0000 0000 0000 c0ff 0001 0001"], [1, 2, 3, 13, 500])
    func overTCPAMalformedMessageHidesNoOther(malformed: String, size: Int) {
        var harness = AnalyzerHarness(DNSAnalyzer.self, responderPort: 53)
        let bad = Self.led(Wire.hex(malformed))
        for (message, side) in [(Self.query, Side.originator), (Self.answer, .responder)] {
            let stream = Self.led(message) + bad + Self.led(message) + bad + bad + Self.led(message)
            for start in stride(from: 0, to: stream.count, by: size) {
                harness.feed(Array(stream[start..<min(start + size, stream.count)]), from: side)
            }
        }
        let records = harness.records(DNSRecord.kind)
        #expect(records.map { $0[Records.dns.query] } == .init(repeating: "www.example.com", count: 3))
        #expect(records.allSatisfy { $0[Records.dns.rcodeName] == "NOERROR" })
        #expect(harness.failure == nil)
    }

    /// A side that begins with nonsense may be in the middle of a message: the next that fills a segment is looked for.
    @Test func overTCPAMessageIsFoundBehindNonsense() {
        var harness = AnalyzerHarness(DNSAnalyzer.self, responderPort: 53)
        harness.feed(Self.led(Self.query), from: .originator)
        harness.feed([0, 3, 1, 2, 3, 0xFF, 0xFF, 7], from: .responder)
        harness.feed(Self.led(Self.answer), from: .responder)
        #expect(harness.records(DNSRecord.kind).map { $0[Records.dns.rcodeName] } == ["NOERROR"])
    }

    @Test func overTCPNonsenseEndsSomeTime() {
        var harness = AnalyzerHarness(DNSAnalyzer.self, responderPort: 53)
        harness.feed(Self.led(Self.query), from: .originator)
        for count in 1...16 {
            #expect(harness.failure == nil, "\(count)")
            harness.feed([0, 1, 7], from: .originator)
        }
        #expect(harness.failure != nil)
        #expect(harness.records(DNSRecord.kind).count == 1)
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

    /// The record of a question for `type`, answered with one record of `data`.
    static func record(type: UInt16, data: [UInt8]) -> RecordView? {
        var harness = Self.harness()
        let number = [UInt8(type >> 8), UInt8(type & 255)]
        let question = Wire.join(Wire.name("a.example"), number, [0, 1])
        harness.feed(Wire.join(Wire.hex("1234 0100 0001 0000 0000 0000"), question), from: .originator)
        harness.feed(
            Wire.join(
                Wire.hex("1234 8580 0001 0001 0000 0000"), question, [0xC0, 0x0C], number,
                Wire.hex("0001 0000003C 00"), [UInt8(data.count)], data),
            from: .responder)
        return harness.records(DNSRecord.kind).first
    }

    /// RFC 3403 section 4.1: order, preference, flags, service, and one of expression and replacement.
    @Test func namingPointersAreWrittenInFull() {
        let other = Wire.join(Wire.hex("0064 0032 01 73 08"), Array("SIPS+D2T".utf8), [0], Wire.name("_sips._tcp.x"))
        #expect(Self.record(type: 35, data: other)?[Records.dns.answers] == ["NAPTR 100 50 s SIPS+D2T _sips._tcp.x"])
        let expression = Wire.join(
            Wire.hex("0064 000A 01 75 07"), Array("E2U+sip".utf8), [10], Array("!^.*$!x@y!".utf8), [0])
        #expect(
            Self.record(type: 35, data: expression)?[Records.dns.answers] == ["NAPTR 100 10 u E2U+sip !^.*$!x@y!"])
        let cut = Wire.hex("0064 000A 05 75")
        #expect(Self.record(type: 35, data: cut)?[Records.dns.answers] == nil)
    }

    /// What BIND keeps in a zone that it signs.
    @Test func recordsOfBINDsSigningAreNamed() {
        let data = Wire.hex("08 1234 00 01")
        #expect(Self.record(type: 65_534, data: data)?[Records.dns.answers] == ["BIND9 signing signal"])
    }

    /// Of these, Zeek tells nothing: not even that they came.
    @Test(
        arguments: [
            (257, Wire.join([0, 5], Array("issueca.example".utf8))), (32, Wire.hex("0000 0A000001")),
        ] as [(UInt16, [UInt8])])
    func recordsThatAreNotShownChangeNothing(type: UInt16, data: [UInt8]) throws {
        let record = try #require(Self.record(type: type, data: data))
        #expect(record[Records.dns.answers] == nil)
        #expect(record[Records.dns.aa] == false)
        #expect(record[Records.dns.ra] == false)
        #expect(record[Records.dns.rtt] == nil)
        #expect(record[Records.dns.rcode] == 0)
    }

    /// RFC 1002 section 4.2.18: the number of SRV, and a table of names; here one that reads as a domain name too.
    @Test func theTableOfANodesNamesIsNoTarget() throws {
        var harness = AnalyzerHarness(DNSAnalyzer.self, transport: .udp, responderPort: 137)
        let name = Wire.name("CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        harness.feed(
            Wire.join(Wire.hex("0001 0000 0001 0000 0000 0000"), name, Wire.hex("0021 0001")), from: .originator)
        harness.feed(
            Wire.join(
                Wire.hex("0001 8400 0000 0001 0000 0000"), name, Wire.hex("0021 0001 00000000 0009"),
                Wire.hex("01 01 01 01 01 01 01 41 00")),
            from: .responder)
        let record = try #require(harness.records(DNSRecord.kind).first)
        #expect(record[Records.dns.answers] == nil)
        #expect(record[Records.dns.qtypeName] == "NBSTAT")
        #expect(record[Records.dns.aa] == false)
    }

    /// RFC 1002 section 4.2.13: who has a name answers with its addresses, each behind two bytes of flags. Whoever
    /// answers for a name that is not his is found by them.
    @Test func whoHasANameOfNetBIOSIsTold() throws {
        var harness = AnalyzerHarness(DNSAnalyzer.self, transport: .udp, responderPort: 137)
        let name = Wire.name("FHFAEBEECACACACACACACACACACACAAA")
        harness.feed(
            Wire.join(
                Wire.hex("0077 8500 0000 0001 0000 0000"), name, Wire.hex("0020 0001 000000A5 000D"),
                Wire.hex("0000 0A4D0142 6000 C0000201 00")),
            from: .responder)
        harness.finish()
        let record = try #require(harness.records(DNSRecord.kind).first)
        #expect(record[Records.dns.query] == "WPAD")
        #expect(record[Records.dns.answers] == ["10.77.1.66", "192.0.2.1"])
        #expect(record[Records.dns.ttls] == [165_000_000_000, 165_000_000_000])
        #expect(record[Records.dns.aa] == false)
    }

    /// RFC 1002 section 4.2.2: opcode 5, the question repeats the name and the record behind it tells its address.
    @Test func registrationsOfNetBIOSAreQuestions() throws {
        var harness = AnalyzerHarness(DNSAnalyzer.self, transport: .udp, responderPort: 137)
        let name = Wire.name("EGFCEFEECACACACACACACACACACACACA")
        let question = Wire.join(name, Wire.hex("0020 0001"))
        let record = Wire.hex("C00C 0020 0001 000493E0 0006 0000 0A000001")
        harness.feed(Wire.join(Wire.hex("0002 2910 0001 0000 0000 0001"), question, record), from: .originator)
        // A release (section 4.2.9) is none.
        harness.feed(Wire.join(Wire.hex("0003 3010 0001 0000 0000 0001"), question, record), from: .originator)
        harness.finish()
        let records = harness.records(DNSRecord.kind)
        #expect(records.map { $0[Records.dns.query] } == ["FRED"])
        #expect(records.first?[Records.dns.opcodeName] == "netbios-registration")
        #expect(records.first?[Records.dns.answers] == nil)
    }

    @Test func typesOfTheIANAsUpperRangeAreNamed() {
        let names = [65_422, 65_521].map { Self.record(type: $0, data: [1])?[Records.dns.qtypeName] }
        #expect(names == ["XPF", "INTEGRITY"])
    }

    /// RFC 2136 sections 2.4 and 2.5, all kinds: class 254 is NONE, 255 ANY, and so is type 255.
    @Test func updatesTellWhatTheyAskForAndChange() throws {
        var harness = Self.harness()
        func record(_ name: String, _ type: UInt8, _ recordClass: UInt8, _ data: [UInt8] = []) -> [UInt8] {
            Wire.join(
                Wire.name(name), [0, type, 0, recordClass, 0, 0, 0, 0, 0, UInt8(data.count)], data)
        }
        let parts = [
            record("p1.x", 255, 254), record("p2.x", 255, 255), record("p3.x", 1, 255), record("p4.x", 5, 254),
            record("u1.x", 255, 255), record("p1.x", 28, 255), record("u2.x", 1, 254, [192, 0, 2, 1]),
            record("u3.x", 12, 1, Wire.name("to.x")), record("u4.x", 16, 1, [5] + Array("hello".utf8)),
            record("u5.x", 1, 1, [192, 0, 2, 7]), record("u6.x", 15, 1, [0, 10] + Wire.name("mail.x")),
            record("u7.x", 33, 1, [0, 1, 0, 2, 0, 80] + Wire.name("srv.x")),
        ]
        let zone = Wire.join(Wire.name("x"), Wire.hex("0006 0001"))
        harness.feed(
            Wire.join(Wire.hex("0007 2800 0001 0004 0008 0000"), zone, parts.flatMap { $0 }), from: .originator)
        harness.feed(Wire.join(Wire.hex("0007 A800 0001 0000 0000 0000"), zone), from: .responder)
        let update = try #require(harness.records(DNSRecord.kind).first)
        #expect(update[Records.dns.query] == "p1.x")
        #expect(
            update[Records.dns.answers] == [
                "pre: NameNotInUse p1.x", "pre: NameInUse p2.x", "pre: RRSetExists A p3.x", "pre: NoRRSet CNAME p4.x",
                "del: RRSet * u1.x", "del: RRSet AAAA", "del: RR A u2.x", "add: to.x", "add: TXT 5 hello",
                "add: A u5.x 192.0.2.7", "add: mail.x", "add: srv.x",
            ])
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
        // Type 0 is reserved (RFC 6895 section 3.1): a question of zeros is another protocol's.
        let zeros = Wire.hex("0008 0000 0001 0000 0000 0000 00 0000 0001")
        #expect(DNSAnalyzer.probe(zeros.span.bytes, from: .originator) == .noMatch)
    }

    /// RFC 1035 section 4.1: a count, a byte of the name or the class came out wrong.
    @Test(
        arguments: [
            ("1234 0100 0001 1000 0000 0000", Wire.name("a.example") + [0, 1, 0, 1], Side.originator, true),
            ("1234 0100 0046 0000 0000 0000", Wire.name("a.example") + [0, 33, 0, 1], .originator, true),
            ("1234 8180 0001 0025 7300 0000", Wire.name("a.example") + [0, 12, 0, 1], .responder, true),
            ("1234 0100 0001 0000 0000 0000", [1, 0x61, 0x87] + Array("example".utf8), .originator, true),
            ("1234 0100 0001 0000 0000 0000", [0xAA, 0xAA, 0xAA, 0xAA, 0xAA], .originator, true),
            ("1234 8183 0001 0000 0001 0000", [1, 0x61, 0x87] + Array("example".utf8), .responder, true),
            // Neither the name nor the flags of most queries.
            ("1234 0000 0001 0000 0000 0000", [0xAA, 0xAA, 0xAA, 0xAA, 0xAA], .originator, false),
            ("1234 0000 0001 0000 0000 0000", [0, 0, 0, 0, 0, 0], .originator, false),
            // A short name, and a bit that is always zero.
            ("1234 0100 0001 1000 0000 0000", [1, 0x61, 0, 0, 1, 0, 1], .originator, false),
            ("1234 8143 0001 0000 0000 0000", [1, 0x61, 0x87] + Array("example".utf8), .responder, false),
        ] as [(String, [UInt8], Side, Bool)])
    func damagedDatagramsAreKnown(header: String, rest: [UInt8], side: Side, isKnown: Bool) {
        let message = Wire.join(Wire.hex(header), rest)
        #expect((DNSAnalyzer.probe(message.span.bytes, from: side) == .match) == isKnown)
    }

    @Test func theFirstQuestionOfADamagedDatagramIsTold() {
        var harness = Self.harness()
        let question = Wire.join(Wire.name("a.example"), [0, 33, 0, 1])
        harness.feed(Wire.join(Wire.hex("1234 0100 0046 0000 0000 0000"), question), from: .originator)
        harness.finish()
        #expect(harness.records(DNSRecord.kind).map { $0[Records.dns.query] } == ["a.example"])
        #expect(harness.records(WeirdRecord.kind).map { $0[Records.weird.name] } == ["DNS_malformed"])
        #expect(harness.failure == nil)
    }

    /// The outcome stands in the header (RFC 1035 section 4.1.1), whatever has become of the name behind it.
    @Test func anAnswerWithADamagedQuestionTellsTheOutcome() {
        var harness = Self.harness()
        harness.feed(Self.query, from: .originator)
        let damaged = Wire.join(
            Wire.hex("1234 8183 0001 0000 0000 0000"), [3, 0x77, 0x77, 0x77, 0x87], Array("xample".utf8),
            Wire.hex("00 0001 0001"))
        harness.feed(damaged, from: .responder)
        let records = harness.records(DNSRecord.kind)
        #expect(records.map { $0[Records.dns.query] } == ["www.example.com"])
        #expect(records.first?[Records.dns.rcodeName] == "NXDOMAIN")
        #expect(records.first?[Records.dns.rejected] == true)
        #expect(harness.records(WeirdRecord.kind).map { $0[Records.weird.name] } == ["DNS_malformed"])
        harness.finish()
        #expect(harness.records(DNSRecord.kind).count == 1)
    }

    /// RFC 1035 section 4.1.1: opcodes 1 and 2, which servers of today refuse (RFC 3425). NetBIOS has neither.
    @Test(arguments: [("09", "89", "iquery"), ("11", "91", "server-status")])
    func inverseQueriesAndStatusAreQuestions(asked: String, answered: String, name: String) {
        let question = Wire.join(Wire.name("192.0.2.4"), [0, 1, 0, 1])
        for port in [53, 137] as [UInt16] {
            var harness = AnalyzerHarness(DNSAnalyzer.self, transport: .udp, responderPort: port)
            harness.feed(Wire.join(Wire.hex("0007 \(asked)00 0001 0000 0000 0000"), question), from: .originator)
            harness.feed(Wire.join(Wire.hex("0007 \(answered)04 0001 0000 0000 0000"), question), from: .responder)
            harness.finish()
            let records = harness.records(DNSRecord.kind)
            #expect(records.map { $0[Records.dns.query] } == (port == 53 ? ["192.0.2.4"] : []))
            #expect(records.first?[Records.dns.rcodeName] == (port == 53 ? "NOTIMP" : nil))
            #expect(records.first?[Records.dns.opcodeName] == (port == 53 ? name : nil))
        }
    }
}
