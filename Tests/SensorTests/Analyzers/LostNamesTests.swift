import Shared
import Testing

@testable import Sensor

/// Where packets are missing in a capture, a password is not taken for a name.
@Suite struct LostNamesTests {
    /// "bob" and "secret", as the method LOGIN sends them.
    private static let (user, password) = ("Ym9i\r\n", "c2VjcmV0\r\n")

    @Test(
        arguments: [
            (IMAPAnalyzer.self, "* OK ready\r\n", "a AUTHENTICATE LOGIN\r\n", "a OK in\r\n"),
            (POP3Analyzer.self, "+OK ready\r\n", "AUTH LOGIN\r\n", "+OK in\r\n"),
            (SMTPAnalyzer.self, "220 x ESMTP\r\n", "AUTH LOGIN\r\n", "235 in\r\n"),
            (ManageSieveAnalyzer.self, "\"IMPLEMENTATION\" \"x\"\r\nOK\r\n", "AUTHENTICATE \"LOGIN\"\r\n", "OK\r\n"),
        ] as [(any ProtocolAnalyzer.Type, String, String, String)])
    func thePasswordBehindALostNameIsNoName(
        type: any ProtocolAnalyzer.Type, greeting: String, command: String, answer: String
    ) {
        for isLost in [false, true] {
            var harness = AnalyzerHarness(type)
            harness.feed(greeting, from: .responder)
            harness.feed(command, from: .originator)
            if isLost {
                harness.lose(Self.user.utf8.count, from: .originator)
            } else {
                harness.feed(Self.user, from: .originator)
            }
            harness.feed(Self.password, from: .originator)
            harness.feed(answer, from: .responder)
            harness.finish()
            let logins = harness.records(MailLoginRecord.kind)
            #expect(logins.count == 1)
            #expect(logins.first?[Records.mailLogin.user] == (isLost ? nil : "bob"))
        }
    }

    /// The client asks for the user's literal, and the next line that is seen is the password's.
    @Test func thePasswordBehindALostLiteralIsNoName() {
        var harness = AnalyzerHarness(IMAPAnalyzer.self)
        harness.feed("* OK ready\r\n", from: .responder)
        harness.feed("a LOGIN {3}\r\n", from: .originator)
        harness.lose(9, from: .originator)
        harness.feed("secret\r\n", from: .originator)
        harness.feed("a OK in\r\n", from: .responder)
        harness.finish()
        #expect(harness.records(MailLoginRecord.kind).allSatisfy { $0[Records.mailLogin.user] == nil })
    }

    /// The prompt for the password is among what is lost, with the name or behind it.
    @Test(arguments: [Side.originator, .responder]) func whatIsTypedBehindALossIsNoName(side: Side) {
        var harness = AnalyzerHarness(TelnetAnalyzer.self)
        harness.feed(LoginAnalyzerTests.negotiation + Array("login: ".utf8), from: .responder)
        harness.lose(10, from: side)
        harness.feed("secret\r\n", from: .originator)
        harness.feed("\r\nLogin incorrect\r\nlogin: ", from: .responder)
        harness.feed("bob\r\n", from: .originator)
        harness.feed("Password: ", from: .responder)
        harness.feed("secret\r\n", from: .originator)
        harness.feed("\r\nLogin incorrect\r\n", from: .responder)
        harness.finish()
        let logins = harness.records(LoginRecord.kind)
        #expect(logins.last?[Records.login.user] == "bob")
        #expect(logins.allSatisfy { $0[Records.login.user] != "secret" })
    }
}
