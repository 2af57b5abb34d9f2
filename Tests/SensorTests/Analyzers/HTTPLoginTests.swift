import Shared
import Testing

@testable import Sensor

/// Logins in the headers of HTTP (RFC 4559), and what becomes of them.
@Suite struct HTTPLoginTests {
    /// A request with credentials, and an answer.
    private static func request(_ scheme: String, _ token: [UInt8]) -> String {
        "POST /wsman HTTP/1.1\r\nHost: a\r\nAuthorization: \(scheme) \(Base64.encode(token))\r\n"
            + "Content-Length: 0\r\n\r\n"
    }
    private static func answer(_ status: Int, _ scheme: String, _ token: [UInt8]?) -> String {
        let header = token.map { "WWW-Authenticate: \(scheme) \(Base64.encode($0))\r\n" } ?? ""
        return "HTTP/1.1 \(status) \r\n\(header)Content-Length: 0\r\n\r\n"
    }

    private static func run(_ messages: [String]) -> AnalyzerHarness {
        var harness = HTTPAnalyzerTests.harness()
        for (index, message) in messages.enumerated() {
            harness.feed(message, from: index % 2 == 0 ? .originator : .responder)
        }
        harness.finish()
        #expect(harness.failure == nil)
        return harness
    }

    /// NegTokenResp of RFC 4178 section 4.2.2: a state, and with the first a mechListMIC.
    private static let (accepted, incomplete, rejected) = (
        Wire.hex("A10F 300D A003 0A0100 A306 0404 01020304"), Wire.hex("A107 3005 A003 0A0101"),
        Wire.hex("A107 3005 A003 0A0102")
    )

    typealias Answer = (status: Int, token: [UInt8]?, outcome: Bool?)

    private static let answers: [Answer] = [
        (200, accepted, true), (200, nil, true), (500, accepted, true), (401, rejected, false), (401, nil, false),
        (200, rejected, false), (401, incomplete, nil), (401, accepted, true), (407, rejected, false),
    ]

    /// IIS and remote management end NTLM inside of Negotiate with a token that has no message of NTLM.
    @Test(arguments: answers)
    func theLastAnswerIsTheOutcome(answer: Answer) {
        let harness = Self.run([
            Self.request("Negotiate", SecurityExchangeTests.negotiate),
            Self.answer(401, "Negotiate", SecurityExchangeTests.challenge([(1, "SRV")])),
            Self.request("Negotiate", SecurityExchangeTests.authenticate),
            Self.answer(answer.status, "Negotiate", answer.token),
        ])
        let found = harness.records(NTLMRecord.kind)
        #expect(found.map { $0[Records.ntlm.username] } == ["User"])
        #expect(found.map { $0[Records.ntlm.success] } == [answer.outcome])
    }

    private static let ticketAnswers: [Answer] = [
        (200, accepted, true), (200, KerberosExchangeTests.accepted, true), (401, rejected, false), (200, nil, true),
        (401, incomplete, nil),
    ]

    /// Kerberos has no message of its own in the answer where the client asked for none. Remote management has a
    /// scheme for it alone (MS-WSMV section 2.2.9.1.2.1).
    @Test(arguments: ["Negotiate", "Kerberos"], ticketAnswers)
    func ticketsAreJudgedAlike(scheme: String, answer: Answer) {
        // 1.2.840.113554.1.2.2 and the type of the token stand before it (RFC 4121 section 4.1).
        let ticket = KerberosExchangeTests.presented("HTTP", "a")
        let inside = Wire.hex("0609 2A864886F712010202 0100") + ticket
        let harness = Self.run([
            Self.request(scheme, [0x60, UInt8(inside.count)] + inside),
            Self.answer(answer.status, scheme, answer.token),
        ])
        let found = harness.records(KerberosRecord.kind)
        #expect(found.map { $0[Records.kerberos.service] } == ["HTTP/a"])
        #expect(found.map { $0[Records.kerberos.success] } == [answer.outcome])
    }
}
