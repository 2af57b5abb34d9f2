import Shared
import Testing

@testable import Sensor

/// What mails carry, whatever the length of their lines and however they end.
@Suite struct MailContentTests {
    /// Bytes of any value, line ends of all kinds among them.
    private static let binary =
        (0..<30_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) } + Array("a\nb\r\nc\rd\r\r\n\n".utf8)
    /// Of the pieces that a text comes in.
    private static let sizes = [7, 1400, 8192, 1 << 20]

    /// A session up to the mail, sent with DATA or in two chunks (RFC 3030 §2).
    private static func harness(_ mail: [UInt8], size: Int, inChunks: Bool = false, isWhole: Bool = true)
        -> AnalyzerHarness
    {
        var harness = AnalyzerHarness(SMTPAnalyzer.self, responderPort: 25)
        harness.feed("220 mx ESMTP\r\n", from: .responder)
        harness.feed("EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n", from: .originator)
        harness.feed("250 ok\r\n250 ok\r\n250 ok\r\n", from: .responder)
        var sent = mail
        if inChunks {
            let first = mail.count / 3
            sent = Array("BDAT \(first)\r\n".utf8) + mail[..<first]
            sent += Array("BDAT \(mail.count - first) LAST\r\n".utf8) + mail[first...]
        } else {
            harness.feed("DATA\r\n", from: .originator)
            harness.feed("354 go\r\n", from: .responder)
            if isWhole { sent += Array(".\r\n".utf8) }
        }
        for start in stride(from: 0, to: sent.count, by: size) {
            harness.feed(Array(sent[start..<min(start + size, sent.count)]), from: .originator)
        }
        if isWhole { harness.feed("250 queued\r\n", from: .responder) }
        harness.finish()
        return harness
    }

    private static func files(_ harness: AnalyzerHarness) -> [RecordView] { harness.records(FilesRecord.kind) }

    private static func part(_ encoding: String, _ content: [UInt8]) -> [UInt8] {
        Array("Subject: x\r\nContent-Transfer-Encoding: \(encoding)\r\n\r\n".utf8) + content
    }

    private static let cells = String(repeating: "<td>word</td>", count: 1500)
    private static let dots = String(repeating: ".", count: 20_000)
    private static let quoted = String(repeating: "=3Da ", count: 9000) + "=\r\nend"
    private static let unquoted = String(repeating: "=a ", count: 9000) + "end"
    private static let signs = String(repeating: "=3D", count: 4000) + "   "
    /// Encodings, what is sent, and what that stands for.
    private static let longLines: [(String, String, [UInt8])] = [
        ("base64", Base64.encode(binary), binary),
        ("8bit", cells, Array((cells + "\r\n").utf8)),
        // A dot in front of a line's first (RFC 5321 §4.5.2), and none within.
        ("7bit", "." + dots, Array((dots + "\r\n").utf8)),
        ("quoted-printable", quoted, Array((unquoted + "\r\n").utf8)),
        ("quoted-printable", signs, [UInt8](repeating: 0x3D, count: 4000) + [0x0D, 0x0A]),
    ]

    /// RFC 5321 §4.5.3.1.6 asks servers for lines of 1,000 at least; programs send them of any length.
    @Test(arguments: longLines)
    func linesOfAnyLengthAreContent(encoding: String, text: String, expected: [UInt8]) throws {
        for size in Self.sizes {
            let harness = Self.harness(Self.part(encoding, Array("\(text)\r\n".utf8)), size: size)
            let file = try #require(Self.files(harness).first)
            #expect(file[Records.files.seenBytes] == UInt64(expected.count))
            #expect(file[Records.files.sha256] == Digest.sha256.text(of: expected))
            #expect(harness.records(SMTPRecord.kind).map { $0[Records.smtp.lastReply] } == ["250 queued"])
        }
    }

    /// RFC 2045 §6.8: what is none of the characters is passed over, in every line and without a word of it.
    @Test func foreignCharactersInBase64HideNothing() throws {
        let lines = Base64.encode(Self.binary, padded: false)
        let foreign = ["!", "\u{A0}", "*", "\0", "=", "-- ", "_"]
        var text = ""
        for (index, character) in lines.enumerated() {
            if index % 76 == 10 { text += foreign[index / 76 % foreign.count] }
            text.append(character)
            if index % 76 == 75 { text += "\r\n" }
        }
        for size in Self.sizes {
            let harness = Self.harness(Self.part("base64", Array("\(text)\r\n".utf8)), size: size)
            let file = try #require(Self.files(harness).first)
            #expect(file[Records.files.seenBytes] == UInt64(Self.binary.count))
            #expect(file[Records.files.sha256] == Digest.sha256.text(of: Self.binary))
        }
        // A character alone stands for six bits: something is missing.
        let harness = Self.harness(Self.part("base64", Array("Zm9vY\r\n".utf8)), size: 1400)
        let file = try #require(Self.files(harness).first)
        #expect(file[Records.files.seenBytes] == 3 && file[Records.files.missingBytes] == 1)
        #expect(file[Records.files.sha256] == nil)
    }

    /// RFC 3030 §3: line ends are as they were, and there need be none.
    @Test(arguments: [binary, binary + Array("\r\n".utf8), [UInt8](repeating: 0x0D, count: 9000), [0x0A]])
    func binaryChunksAreContent(content: [UInt8]) throws {
        for size in Self.sizes {
            let harness = Self.harness(Self.part("binary", content), size: size, inChunks: true)
            let file = try #require(Self.files(harness).first)
            #expect(file[Records.files.seenBytes] == UInt64(content.count))
            #expect(file[Records.files.sha256] == Digest.sha256.text(of: content))
        }
    }

    /// Neither a boundary nor the mail's end stands within a line.
    @Test(arguments: ["--b", "--b--", "."]) func nothingBeginsWithinALine(mark: String) throws {
        let line = String(repeating: "x", count: 9000)
        let head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
        var harness = AnalyzerHarness(SMTPAnalyzer.self, responderPort: 25)
        harness.feed("220 mx ESMTP\r\n", from: .responder)
        harness.feed("EHLO c\r\nMAIL FROM:<a@b>\r\nDATA\r\n", from: .originator)
        harness.feed("250 ok\r\n250 ok\r\n354 go\r\n", from: .responder)
        for piece in [head + line, mark, "\r\nend\r\n--b--\r\n.\r\n"] { harness.feed(piece, from: .originator) }
        harness.feed("250 queued\r\n", from: .responder)
        harness.finish()
        let expected = Array("\(line)\(mark)\r\nend".utf8)
        #expect(Self.files(harness).map { $0[Records.files.sha256] } == [Digest.sha256.text(of: expected)])
    }

    @Test func aHeaderTooLongToBeOneHidesNoOthers() {
        let to = (0..<700).map { "user\($0)@example.com" }.joined(separator: ", ")
        for size in Self.sizes {
            let mail = "Subject: m\r\nTo: \(to)\r\nFrom: a@b.org\r\n\r\nhello\r\n"
            let harness = Self.harness(Array(mail.utf8), size: size)
            let record = harness.records(SMTPRecord.kind).first
            #expect(record?[Records.smtp.to]?.count == 100 && record?[Records.smtp.from] == "a@b.org")
            #expect(Self.files(harness).map { $0[Records.files.seenBytes] } == [7])
        }
    }

    // MARK: mails in mails

    private static func forwarded(type: String, encoding: String, _ inner: String) -> [UInt8] {
        Array(
            """
            Content-Type: multipart/mixed; boundary=out

            --out
            Content-Type: text/plain

            see below
            --out
            Content-Type: \(type)
            Content-Transfer-Encoding: \(encoding)
            Content-Disposition: attachment; filename=fwd.eml

            \(inner)
            --out--

            """.replacing("\n", with: "\r\n").utf8)
    }

    /// RFC 2046 §5.2.1: within, they are mails like others.
    @Test(arguments: [("message/rfc822", "7bit"), ("Message/RFC822; x=y", "8bit"), ("message/global", "binary")])
    func attachmentsOfForwardedMailsAreFound(type: String, encoding: String) {
        let inner = """
            Subject: invoice
            Content-Type: multipart/mixed; boundary=in

            --in
            Content-Type: message/rfc822

            Content-Type: application/octet-stream; name=a.exe
            Content-Transfer-Encoding: base64

            \(Base64.encode(Self.binary))
            --in
            Content-Disposition: attachment; filename=b.txt

            hello
            --in--
            """
        let files = Self.files(Self.harness(Self.forwarded(type: type, encoding: encoding, inner), size: 1400))
        #expect(files.map { $0[Records.files.filename] } == [nil, "a.exe", "b.txt"])
        let expected = [Array("see below".utf8), Self.binary, Array("hello".utf8)]
        #expect(files.map { $0[Records.files.sha256] } == expected.map { Digest.sha256.text(of: $0) })
    }

    /// Encoded, and other messages, they are files themselves.
    @Test(arguments: [("message/rfc822", "base64"), ("message/delivery-status", "7bit"), ("message/rfc822x", "7bit")])
    func otherMessagesAreFiles(type: String, encoding: String) {
        let files = Self.files(Self.harness(Self.forwarded(type: type, encoding: encoding, "YWJj"), size: 1400))
        #expect(files.map { $0[Records.files.filename] } == [nil, "fwd.eml"])
        #expect(files.last?[Records.files.seenBytes] == (encoding == "base64" ? 3 : 4))
    }

    // MARK: the end

    /// Without the dot or the last chunk the part that is open lacks its rest; those before it do not.
    @Test func aMailThatIsBrokenOffHasNoDigestOfItsLastPart() {
        let mail = Array("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n".utf8)
        let one = Digest.sha256.text(of: Array("one".utf8))
        var files = Self.files(Self.harness(mail, size: 1400, isWhole: false))
        #expect(files.map { $0[Records.files.sha256] } == [one, nil])
        var harness = AnalyzerHarness(SMTPAnalyzer.self, responderPort: 25)
        harness.feed("220 mx ESMTP\r\n", from: .responder)
        harness.feed("EHLO c\r\nMAIL FROM:<a@b>\r\nBDAT \(mail.count)\r\n", from: .originator)
        harness.feed(mail, from: .originator)
        harness.finish()
        files = Self.files(harness)
        #expect(files.map { $0[Records.files.sha256] } == [one, nil])
        files = Self.files(Self.harness(mail, size: 1400))
        #expect(files.map { $0[Records.files.sha256] } == [one, Digest.sha256.text(of: Array("two\r\n".utf8))])
    }

    /// RFC 2920 §3.1 lets nothing follow DATA before its reply; some send the text all the same.
    @Test(arguments: [true, false]) func aTextThatDoesNotWaitIsText(isRefused: Bool) {
        var harness = AnalyzerHarness(SMTPAnalyzer.self, responderPort: 25)
        harness.feed("220 mx ESMTP\r\n", from: .responder)
        harness.feed("EHLO c\r\n", from: .originator)
        harness.feed("250 ok\r\n", from: .responder)
        harness.feed("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n", from: .originator)
        if !isRefused { harness.feed("Subject: early\r\n\r\nhello\r\n.\r\n", from: .originator) }
        let replies = isRefused ? "550 no\r\n503 no\r\n" : "250 ok\r\n354 go\r\n250 queued\r\n"
        harness.feed("250 ok\r\n" + replies, from: .responder)
        harness.feed("MAIL FROM:<e@f>\r\n", from: .originator)
        harness.feed("250 fine\r\n", from: .responder)
        harness.finish()
        let mails = harness.records(SMTPRecord.kind)
        #expect(mails.map { $0[Records.smtp.mailfrom] } == ["a@b", "e@f"])
        #expect(mails.map { $0[Records.smtp.subject] } == [isRefused ? nil : "early", nil])
        #expect(mails.map { $0[Records.smtp.lastReply] } == [isRefused ? "503 no" : "250 queued", "250 fine"])
    }

    /// A refusal that was lost: what no header begins with is a command.
    @Test(arguments: ["RSET\r\n", ""]) func whatFollowsALostRefusalAreCommands(reset: String) {
        var harness = AnalyzerHarness(SMTPAnalyzer.self, responderPort: 25)
        harness.feed("220 mx ESMTP\r\n", from: .responder)
        harness.feed("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n", from: .originator)
        harness.feed("250 ok\r\n250 ok\r\n", from: .responder)
        harness.lose(12, from: .responder)
        harness.feed(reset + "MAIL FROM:<e@f>\r\nRCPT TO:<c@d>\r\nDATA\r\n", from: .originator)
        harness.feed("250 ok\r\n250 ok\r\n354 go\r\n", from: .responder)
        harness.feed("Subject: s\r\n\r\nhello\r\n.\r\n", from: .originator)
        harness.feed("250 queued\r\n", from: .responder)
        harness.finish()
        let mails = harness.records(SMTPRecord.kind)
        #expect(mails.map { $0[Records.smtp.mailfrom] } == ["a@b", "e@f"])
        #expect(mails.map { $0[Records.smtp.subject] } == [nil, "s"])
    }

    /// RFC 2231 §3 and §4; §5 forbids none of it for boundaries.
    @Test(arguments: [
        "boundary*0=b; boundary*1=c", "boundary*=us-ascii''bc", "boundary*1=\"c\"; boundary*0*=''%62",
        "boundary=bc; boundary*=us-ascii''x", "charset=x;boundary=\"bc\"",
    ])
    func boundariesInPiecesSplit(parameters: String) {
        let mail =
            "Content-Type: multipart/mixed; \(parameters)\r\n\r\nhello\r\n"
            + "--bc\r\n\r\none\r\n--bc\r\n\r\ntwo\r\n--bc--\r\n"
        for size in Self.sizes {
            let files = Self.files(Self.harness(Array(mail.utf8), size: size))
            let expected = ["one", "two"].map { Digest.sha256.text(of: Array($0.utf8)) }
            #expect(files.map { $0[Records.files.sha256] } == expected)
        }
    }

    /// RFC 2231 §3 and §4.1.
    @Test(arguments: [
        ("attachment; filename*0*=UTF-8''very%20long%20; filename*1=\"part two.exe\"", "very long part two.exe"),
        ("attachment; filename*1=\"b.exe\"; filename*0=\"a\"", "ab.exe"), ("attachment; filename*1=b.exe", nil),
        ("attachment; filename*0=a; filename*1*=%2Eexe; filename*3=c", "a.exe"),
        ("attachment; filename*0=a; filename=b", "b"), ("attachment; filename*=UTF-8''a%2Eb", "a.b"),
        ("attachment; filename*x=a; filename*=b", "b"),
    ])
    func namesInPiecesArePutTogether(disposition: String, expected: String?) {
        let mail = "Content-Disposition: \(disposition)\r\n\r\nhello\r\n"
        let files = Self.files(Self.harness(Array(mail.utf8), size: 1400))
        #expect(files.map { $0[Records.files.filename] } == [expected])
    }
}
