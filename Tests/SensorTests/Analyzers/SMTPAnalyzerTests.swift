import Shared
import Testing

@testable import Sensor

/// What records of SMTP say, as Zeek's do.
@Suite struct SMTPAnalyzerTests {
    private static let greeting = ["s 220 x ESMTP", "c EHLO pc", "s 250 OK"]

    /// - Parameter lines: `c` or `s` for who says it, a blank, and the line.
    private static func harness(_ lines: [String]) -> AnalyzerHarness {
        var harness = AnalyzerHarness(SMTPAnalyzer.self, responderPort: 25)
        for line in lines {
            harness.feed(line.dropFirst(2) + "\r\n", from: line.hasPrefix("c") ? .originator : .responder)
        }
        harness.finish()
        return harness
    }

    private static func records(_ lines: [String]) -> [RecordView] { harness(lines).records(SMTPRecord.kind) }

    /// One mail with these headers.
    private static func mail(_ headers: [String], to: [String] = ["<b@x.org>"]) -> [String] {
        greeting + ["c MAIL FROM:<a@x.org>", "s 250 ok"] + to.flatMap { ["c RCPT TO:\($0)", "s 250 ok"] }
            + ["c DATA", "s 354 go"] + headers.map { "c \($0)" } + ["c ", "c hi", "c .", "s 250 queued"]
    }

    /// RFC 2033 §4.1: LHLO takes the place of EHLO.
    @Test func lmtpIsReadAsSMTP() {
        let hello = Array("LHLO relay\r\n".utf8)
        #expect(SMTPAnalyzer.probe(hello.span.bytes, from: .originator) == .match)
        let record = Self.records(["s 220 LMTP", "c LHLO relay", "s 250 ok", "c MAIL FROM:<a@x.org>", "s 250 ok"]).first
        #expect(record?[Records.smtp.helo] == "relay")
    }

    @Test func theFirstRelayWroteTheLastHeader() {
        let record = Self.records(
            Self.mail([
                "Received: from third (third [203.0.113.3]) by x", "Received: from second ([203.0.113.2]) by third",
                "Received: from first", " ([203.0.113.1])",
            ])
        ).first
        #expect(record?[Records.smtp.firstReceived] == "from first ([203.0.113.1])")
        #expect(record?[Records.smtp.secondReceived] == "from second ([203.0.113.2]) by third")
        #expect(
            record?[Records.smtp.path] == ["192.0.2.2", "10.0.0.1", "203.0.113.3", "203.0.113.2", "203.0.113.1"])
    }

    @Test func aHostThatIsToldAgainIsOnThePathOnce() {
        let headers = ["[10.0.0.1]", "[203.0.113.1]", "(203.0.113.1)", "[10.0.0.1]"].map { "Received: from \($0) by x" }
        let record = Self.records(Self.mail(headers)).first
        #expect(record?[Records.smtp.path] == ["192.0.2.2", "10.0.0.1", "203.0.113.1", "10.0.0.1"])
    }

    @Test(arguments: [
        ("from [198.51.100.1] ([203.0.113.5] helo=x) by y", "203.0.113.5" as String?),
        ("from x (x [IPv6:2001:db8::1]) by y", "2001:db8::1"), ("from 203.0.113.5 by y", "203.0.113.5"),
        ("from x (203.0.113.5:25) by y", nil), ("from [203.0.113.5) by y", nil), ("by y", nil),
        ("from {203.0.113.5}", "203.0.113.5"), ("203.0.113.5", nil),
    ])
    func theSecondWrappedAddressIsTheHost(header: String, expected: String?) {
        #expect(MailAddresses.host(ofReceived: header)?.description == expected)
    }

    @Test(arguments: ["[203.0.113.5]", "203.0.113.5", "<203.0.113.5>, 203.0.113.6"])
    func theOriginatingAddressNeedsNoBrackets(header: String) {
        let record = Self.records(Self.mail(["X-Originating-IP: \(header)"])).first
        #expect(record?[Records.smtp.xOriginatingIp] == "203.0.113.5")
    }

    @Test func addressesOfAllHeadersOfAKindAddUp() {
        let record = Self.records(
            Self.mail(
                ["To: \"Doe, John\" <j@x.org>, b@x.org", "Cc: c@x.org", "To: d@x.org,", " b@x.org", "CC: \"a,b"],
                to: ["<b@x.org>", "<j@x.org>", "<b@x.org>"])
        ).first
        #expect(record?[Records.smtp.to] == ["\"Doe, John\" <j@x.org>", "b@x.org", "d@x.org"])
        #expect(record?[Records.smtp.cc] == ["c@x.org", "\"a", "b"])
        #expect(record?[Records.smtp.rcptto] == ["b@x.org", "j@x.org"])
    }

    @Test func listsOfAddressesEnd() {
        let many = (0..<250).map { "a\($0)@x.org" }.joined(separator: ",")
        #expect(MailAddresses.listed(in: [many, "b@x.org"], limit: 100).count == 100)
    }

    @Test(arguments: [
        ("FROM: bob@x.org SIZE=3", "bob@x.org"), ("FROM:<bob@x.org> SIZE=3", "bob@x.org"), ("FROM:<>", ""),
        ("FROM:<@relay.org,@b.org:bob@x.org>", "bob@x.org"), ("FROM:<\"a b\"@x.org>", "\"a b\"@x.org"),
    ])
    func theSenderIsTheAddressAlone(argument: String, expected: String) {
        let records = Self.records(Self.greeting + ["c MAIL \(argument)", "s 250 ok"])
        #expect(records.map { $0[Records.smtp.mailfrom] } == [expected])
    }

    @Test(arguments: [
        (["X-Mailer: A", "User-Agent: B"], "B"), (["User-Agent: B", "X-Mailer: A"], "A"),
        (["User-Agent: B", "X-User-Agent: C"], "C"), (["X-Mailer: A", " 1"], "A 1"),
    ])
    func theLastNameOfTheProgramCounts(headers: [String], expected: String) {
        #expect(Self.records(Self.mail(headers)).map { $0[Records.smtp.userAgent] } == [expected])
    }

    /// As in Zeek's test of invalid transactions: only an answered text makes the next mail another number.
    @Test func anEnvelopeThatIsGivenUpIsTold() {
        let records = Self.records(
            Self.mail([]) + [
                "c RCPT TO:<c@x.org>", "s 503 bad", "c MAIL FROM:<d@x.org>", "s 250 ok", "c FOO", "s 500 what",
                "c MAIL FROM:<e@x.org>", "s 250 ok", "c RCPT TO:<f@x.org>", "s 250 ok", "c DATA", "s 354 go", "c x",
                "c .", "s 250 two", "c QUIT", "s 221 bye",
            ])
        #expect(records.map { $0[Records.smtp.transDepth] } == [1, 2, 2, 2])
        #expect(records.map { $0[Records.smtp.mailfrom] } == ["a@x.org", nil, "d@x.org", "e@x.org"])
        #expect(records.map { $0[Records.smtp.rcptto] } == [["b@x.org"], ["c@x.org"], nil, ["f@x.org"]])
        #expect(records.map { $0[Records.smtp.lastReply] } == ["250 queued", "503 bad", "500 what", "250 two"])
    }

    /// A reset transaction was one: what is tried after it is another.
    @Test func aResetMailIsTold() {
        let tried = ["s 250 ok", "c RCPT TO:<b@x.org>", "s 550 no", "c RSET", "s 250 reset"]
        let records = Self.records(
            Self.greeting + ["c MAIL FROM:<a@x.org>"] + tried + ["c MAIL FROM:<c@x.org>"] + tried
                + ["c QUIT", "s 221 bye"])
        #expect(records.map { $0[Records.smtp.mailfrom] } == ["a@x.org", "c@x.org"])
        #expect(records.map { $0[Records.smtp.rcptto] } == [["b@x.org"], ["b@x.org"]])
        #expect(records.map { $0[Records.smtp.transDepth] } == [1, 1])
        #expect(records.map { $0[Records.smtp.lastReply] } == ["250 reset", "221 bye"])
    }

    @Test(arguments: [["c QUIT", "s 221 bye"], ["c STARTTLS", "s 454 no", "c QUIT", "s 221 bye"], []])
    func aSessionWithoutMailHasNoRecord(lines: [String]) {
        #expect(Self.records(Self.greeting + lines).isEmpty)
    }

    @Test func acceptedTLSIsTold() {
        let harness = Self.harness(Self.greeting + ["c STARTTLS", "s 220 go ahead"])
        let records = harness.records(SMTPRecord.kind)
        #expect(harness.isHandedOver && records.map { $0[Records.smtp.tls] } == [true])
        #expect(records.map { $0[Records.smtp.lastReply] } == ["220 go ahead"])
    }

    private static let halfMail = [
        "c DATA", "c From: a@x.org", "c To: b@x.org", "c Subject: one", "c ", "c MAIL FROM:<no@x.org>", "c .",
    ]

    /// As in Zeek's test of a session of which only the client's half was seen.
    @Test func mailsAreToldWithoutTheServer() {
        let harness = Self.harness(
            ["c EHLO pc", "c MAIL FROM:<a@x.org>", "c RCPT TO:<b@x.org>"] + Self.halfMail
                + ["c MAIL FROM:<c@x.org>", "c RCPT TO:<d@x.org>"] + Self.halfMail + ["c QUIT"])
        let records = harness.records(SMTPRecord.kind)
        #expect(records.map { $0[Records.smtp.mailfrom] } == ["a@x.org", "c@x.org"])
        #expect(records.map { $0[Records.smtp.subject] } == ["one", "one"])
        #expect(records.map { $0[Records.smtp.transDepth] } == [1, 1])
        #expect(records.map { $0[Records.smtp.fuids]?.count } == [1, 1])
        #expect(harness.records(FilesRecord.kind).count == 2)
    }

    /// The beginning was not seen, and the server refuses the text: what follows are commands.
    @Test func aRefusedTextIsNone() {
        let records = Self.records(["c DATA", "s 503 no", "c MAIL FROM:<a@x.org>", "s 250 ok"])
        #expect(records.map { $0[Records.smtp.mailfrom] } == ["a@x.org"])
    }
}
