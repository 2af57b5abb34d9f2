import Shared
import Testing

@testable import Sensor

/// Mails in chunks (RFC 3030) when something is lost or malformed.
@Suite struct MailChunkTests {
    private static func opened() -> AnalyzerHarness {
        var harness = AnalyzerHarness(SMTPAnalyzer.self, responderPort: 25)
        harness.feed("220 mail ESMTP\r\n", from: .responder)
        harness.feed("EHLO x\r\n", from: .originator)
        harness.feed("250 CHUNKING\r\n", from: .responder)
        harness.feed("MAIL FROM:<a@b>\r\n", from: .originator)
        harness.feed("250 ok\r\n", from: .responder)
        return harness
    }

    private static let headers = "Subject: one\r\n\r\n"

    @Test func aHoleInAChunkLeavesTheNextReadable() {
        var harness = Self.opened()
        harness.feed("BDAT 100\r\n" + Self.headers, from: .originator)
        harness.lose(100 - Self.headers.utf8.count - 5, from: .originator)
        harness.feed("tail\n", from: .originator)
        harness.feed("250 100 bytes\r\n", from: .responder)
        harness.feed("BDAT 4 LAST\r\nendeMAIL FROM:<c@d>\r\n", from: .originator)
        harness.feed("250 queued\r\n", from: .responder)
        harness.finish()
        let mails = harness.records(SMTPRecord.kind)
        #expect(mails.map { $0[Records.smtp.mailfrom] } == ["a@b", "c@d"])
        #expect(mails.first?[Records.smtp.subject] == "one")
    }

    /// A size that is none begins no chunk: what follows are commands.
    @Test(arguments: ["", " x", " -5", " 99999999999999999999 LAST"]) func aChunkWithoutASizeIsNone(size: String) {
        var harness = Self.opened()
        harness.feed("BDAT\(size)\r\nRCPT TO:<c@d>\r\n", from: .originator)
        harness.finish()
        #expect(harness.failure == nil)
        #expect(harness.records(SMTPRecord.kind).first?[Records.smtp.rcptto] == ["c@d"])
    }
}
