import Shared
import Testing

@testable import Sensor

/// Logins to mail servers, and methods of SASL.
@Suite struct LoginTests {
    private static func logins(
        _ type: any ProtocolAnalyzer.Type, _ talk: [(Side, String)]
    ) -> [RecordView] {
        var harness = AnalyzerHarness(type)
        for (side, text) in talk { harness.feed(text, from: side) }
        harness.finish()
        return harness.records(MailLoginRecord.kind)
    }

    @Test func anIMAPLoginWithLiteralsIsToldWithoutItsPassword() {
        let talk: [(Side, String)] = [
            (.responder, "* OK ready\r\n"), (.originator, "a LOGIN {3}\r\n"), (.responder, "+ go\r\n"),
            (.originator, "eve {6}\r\n"), (.responder, "+ go\r\n"), (.originator, "secret\r\n"),
            (.responder, "a NO [AUTHENTICATIONFAILED] wrong\r\n"), (.originator, "b LOGIN \"a \\\"b\" \"x y\"\r\n"),
            (.responder, "b OK done\r\n"),
        ]
        let found = Self.logins(IMAPAnalyzer.self, talk)
        #expect(found.map { $0[Records.mailLogin.user] } == ["eve", "a \"b"])
        #expect(found.map { $0[Records.mailLogin.success] } == [false, true])
        #expect(found.first?[Records.mailLogin.reply] == "NO [AUTHENTICATIONFAILED] wrong")
    }

    @Test func pipelinedPOP3LoginsWaitForTheAnswerOfThePassword() {
        let talk: [(Side, String)] = [
            (.responder, "+OK ready\r\n"), (.originator, "USER eve\r\nPASS secret\r\n"),
            (.responder, "+OK\r\n-ERR no\r\n"), (.originator, "APOP bob c4c9334bac560ecc979e58001b3e22fb\r\n"),
            (.responder, "+OK maildrop has 1 message\r\n"),
        ]
        let found = Self.logins(POP3Analyzer.self, talk)
        #expect(found.map { $0[Records.mailLogin.user] } == ["eve", "bob"])
        #expect(found.map { $0[Records.mailLogin.mechanism] } == ["USER", "APOP"])
        #expect(found.map { $0[Records.mailLogin.success] } == [false, true])
    }

    /// What stands in an answer of several lines is none itself, and each command has its own (RFC 2449 §6.6).
    @Test(arguments: [
        ("CAPA\r\n", "+OK caps\r\nUSER\r\n-ERR is no answer\r\n.\r\n"), ("CAPA\r\n", "-ERR what\r\n"),
        ("AUTH\r\n", "+OK\r\nPLAIN\r\n.\r\n"), ("NOOP\r\nSTLS\r\n", "+OK\r\n-ERR no\r\n"), ("", ""),
    ])
    func pipelinedPOP3CommandsHaveTheirOwnAnswers(commands: String, answers: String) {
        for (answer, success) in [("+OK in", true), ("-ERR bad password", false)] {
            let talk: [(Side, String)] = [
                (.responder, "+OK ready\r\n"), (.originator, commands + "USER bob\r\nPASS wrong\r\n"),
                (.responder, answers + "+OK send\r\n\(answer)\r\n"),
            ]
            let found = Self.logins(POP3Analyzer.self, talk)
            #expect(found.map { $0[Records.mailLogin.success] } == [success])
        }
    }

    @Test func aCutLoginIsToldWithoutOutcome() {
        let found = Self.logins(POP3Analyzer.self, [(.originator, "AUTH PLAIN AGV2ZQBzZWNyZXQ=\r\n")])
        #expect(found.map { $0[Records.mailLogin.user] } == ["eve"])
        #expect(found.first?[Records.mailLogin.success] == nil)
    }

    /// Messages of [MS-NLMP] section 2.2.1: `eve` of `SHOP` on `TILL`.
    private static let negotiate = "TlRMTVNTUAABAAAAB4IIAAAAAAAAAAAAAAAAAAAAAAA="
    private static let challenge =
        "TlRMTVNTUAACAAAAAAAAADAAAAAFgggAMTIzNDU2NzgAAAAAAAAAAAAAAAAwAAAA"
    private static let authenticate =
        "TlRMTVNTUAADAAAAGAAYAEAAAAAYABgAWAAAAAgACABwAAAABgAGAHgAAAAIAAgAfgAAAAAA"
        + "AACGAAAABYIIAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQICAgICAgICAgICAgICAgICAgIC"
        + "AgICAlMASABPAFAAZQB2AGUAVABJAEwATAA="

    @Test func ntlmWithinALoginGetsItsOwnRecord() {
        var harness = AnalyzerHarness(SMTPAnalyzer.self)
        harness.feed("220 mail ESMTP\r\n", from: .responder)
        harness.feed("EHLO till\r\n", from: .originator)
        harness.feed("250 AUTH NTLM\r\n", from: .responder)
        harness.feed("AUTH NTLM \(Self.negotiate)\r\n", from: .originator)
        harness.feed("334 \(Self.challenge)\r\n", from: .responder)
        harness.feed("\(Self.authenticate)\r\n", from: .originator)
        harness.feed("535 5.7.3 no\r\n", from: .responder)
        let found = harness.records(NTLMRecord.kind)
        #expect(found.map { $0[Records.ntlm.username] } == ["eve"])
        #expect(found.map { $0[Records.ntlm.success] } == [false])
        let logins = harness.records(MailLoginRecord.kind)
        #expect(logins.map { $0[Records.mailLogin.mechanism] } == ["NTLM"])
        #expect(logins.map { $0[Records.mailLogin.reply] } == ["5.7.3 no"])
    }

    /// A method, what the client sends, and the user in it.
    struct Exchange: Sendable {
        let mechanism: String
        let responses: [String]
        let user: String?
    }

    static let exchanges: [Exchange] = [
        Exchange(mechanism: "plain", responses: ["\0eve\0secret"], user: "eve"),
        Exchange(mechanism: "LOGIN", responses: ["eve", "secret"], user: "eve"),
        Exchange(mechanism: "CRAM-MD5", responses: ["tim b913a602c7eda7a495b4e6e7334d3890"], user: "tim"),
        Exchange(mechanism: "SCRAM-SHA-256", responses: ["n,,n=user,r=rOprNGfw", "c=biws,r=x,p=y"], user: "user"),
        Exchange(mechanism: "XOAUTH2", responses: ["user=e@x.org\u{1}auth=Bearer x\u{1}\u{1}"], user: "e@x.org"),
        Exchange(mechanism: "OAUTHBEARER", responses: ["n,a=e@x.org,\u{1}host=x\u{1}\u{1}"], user: "e@x.org"),
        Exchange(mechanism: "DIGEST-MD5", responses: ["charset=utf-8,username=\"chris\""], user: "chris"),
        Exchange(mechanism: "GSSAPI", responses: ["n=x"], user: nil),
        Exchange(mechanism: "PLAIN", responses: [""], user: nil),
        // What belongs to no method has the password where it does not belong.
        Exchange(mechanism: "PLAIN", responses: ["eve\0secret\0\0"], user: nil),
        Exchange(mechanism: "LOGIN", responses: ["\0eve\0secret"], user: nil),
        Exchange(mechanism: "EXTERNAL", responses: ["\0eve\0secret"], user: nil),
    ]

    @Test(arguments: exchanges) func theUserOfAMethodIsFound(exchange: Exchange) {
        var found = SASLUser(mechanism: exchange.mechanism)
        for response in exchange.responses { found.take(Array(response.utf8)[...]) }
        #expect(found.user == exchange.user)
    }
}
