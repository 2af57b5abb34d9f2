import Shared
import Testing

@testable import Sensor

/// What records of FTP's commands say (RFC 959), as Zeek's do.
@Suite struct FTPAnalyzerTests {
    /// - Parameter lines: `c` or `s` for who says it, a blank, and the line.
    private static func records(_ lines: [String]) -> [RecordView] {
        var harness = AnalyzerHarness(FTPAnalyzer.self, responderPort: 21)
        for line in ["s 220 FTP ready", "c USER u", "s 331 ok", "c PASS x", "s 230 in"] + lines {
            harness.feed(line.dropFirst(2) + "\r\n", from: line.hasPrefix("c") ? .originator : .responder)
        }
        harness.finish()
        return harness.records(FTPRecord.kind)
    }

    private static func arguments(_ lines: [String]) -> [String?] { records(lines).map { $0[Records.ftp.arg] } }

    /// The working directory is followed through all commands that change or tell it.
    @Test func pathsFollowTheWorkingDirectory() {
        let arguments = Self.arguments([
            "c CWD pub/2015", "s 250 ok", "c RETR a.gz", "s 226 done", "c CWD ..", "s 250 ok", "c CWD 2016",
            "s 250 ok", "c RETR b.gz", "s 226 done", "c CDUP", "s 200 ok", "c RETR c.gz", "s 226 done", "c CDUP",
            "s 250 ok", "c CDUP", "s 550 no", "c RETR d.gz", "s 226 done",
        ])
        #expect(
            arguments == [
                "ftp://192.0.2.2/./pub/2015/a.gz", "ftp://192.0.2.2/./pub/2016/b.gz", "ftp://192.0.2.2/./pub/c.gz",
                "ftp://192.0.2.2/./d.gz",
            ])
    }

    /// XPWD is PWD's elder name (RFC 775).
    @Test func thePrintedDirectoryIsTheWorkingOne() {
        #expect(
            Self.arguments(["c XPWD", "s 257 \"/home//u/\" is current", "c DELE ../z", "s 250 ok"])
                == ["ftp://192.0.2.2/home/z"])
    }

    @Test(arguments: [
        ("a//b/./c/", "./a/b/c"), ("../a", "../a"), ("../../a", "../../a"), ("~/../a", "./~/../a"), ("/~/a/..", "/~"),
        ("/a/b/../../c", "/c"), ("/../a", "/../a"), ("/", "/"), ("/./a", "/a"), ("C:/x/../a", "C:/a"),
        ("C:\\x", "C:\\x"), ("a/...", "./a/..."), (".", "."),
    ])
    func detoursAreLeftOut(path: String, expected: String) {
        #expect(FTPText.path(path, in: ".") == expected)
    }

    /// Above a home folder of unknown place nothing is known.
    @Test func nothingIsKnownAboveAHome() { #expect(FTPText.path("..", in: "~") == "~/..") }

    @Test(arguments: [
        ("RETR", "150 Opening BINARY mode data connection for a.gz (39695 bytes).", 39695 as UInt64?),
        ("RETR", "150 a1.gz, 512 bytes", 512), ("RETR", "150 here it comes", nil),
        ("RETR", "150 99999999999999999999 bytes", nil), ("RETR", "150 44.1 kbytes to download", nil),
        ("RETR", "125 a.gz (5 bytes)", nil),
        ("STOR", "150 ok (5 bytes)", nil),
    ])
    func theSizeIsTheLastNumberOfTheReply(verb: String, reply: String, size: UInt64?) {
        let records = Self.records(["c \(verb) a.gz", "s \(reply)", "s 226 done"])
        #expect(records.map { $0[Records.ftp.fileSize] } == [size])
    }

    /// In another folder the same name is another file.
    @Test func aSizeIsThatOfItsFolder() throws {
        let records = Self.records([
            "c SIZE a.gz", "s 213 45138", "c CWD /y", "s 250 ok", "c RETR a.gz", "s 125 open", "s 226 done",
        ])
        #expect(try #require(records.first)[Records.ftp.fileSize] == nil)
    }

    /// What SIZE (RFC 3659 §4) told of the same path, where the transfer itself does not tell.
    @Test(arguments: [
        ("a.gz", "150 44.1 kbytes to download", 45138 as UInt64?), ("a.gz", "125 Transfer starting.", 45138),
        ("a.gz", "150 a.gz (45139 bytes)", 45139), ("b.gz", "125 Transfer starting.", nil),
    ])
    func theSizeIsWhatWasAskedBefore(path: String, reply: String, size: UInt64?) {
        let records = Self.records(["c SIZE a.gz", "s 213 45138", "c RETR \(path)", "s \(reply)", "s 226 done"])
        #expect(records.last?[Records.ftp.fileSize] == size)
    }

    /// Commands without replies at the end of a session show its last reply, whatever that was for.
    @Test func theUnansweredShowTheLastReply() {
        let records = Self.records(["c TYPE I", "s 200 type set", "c RETR a", "c STOR b"])
        #expect(records.map { $0[Records.ftp.command] } == ["RETR", "STOR"])
        #expect(records.map { $0[Records.ftp.replyCode] } == [200, 200])
        #expect(records.map { $0[Records.ftp.replyMsg] } == ["type set", "type set"])
    }

    /// The reply to one command is not told as that to another, when one of both was lost.
    @Test func whatIsLostIsAnsweredByNothingElse() {
        for lost in [Side.originator, .responder] {
            var harness = AnalyzerHarness(FTPAnalyzer.self)
            harness.feed("220 ready\r\n", from: .responder)
            harness.feed("DELE a\r\n", from: .originator)
            if lost == .originator {
                harness.feed("250 done\r\n", from: .responder)
                harness.lose(8, from: .originator)
            } else {
                harness.feed("DELE b\r\n", from: .originator)
                harness.lose(10, from: .responder)
            }
            harness.feed("550 no\r\n", from: .responder)
            harness.finish()
            let codes: [UInt64?] = harness.records(FTPRecord.kind).map { $0[Records.ftp.replyCode] }
            #expect(codes == (lost == .originator ? [250] : [nil, 550]))
        }
    }

    /// The client acknowledges what was lost with its next command.
    @Test func theNextReplyIsThatToTheNextCommand() {
        var harness = AnalyzerHarness(FTPAnalyzer.self)
        harness.feed("220 ready\r\n", from: .responder)
        harness.feed("DELE a\r\n", from: .originator)
        harness.lose(10, from: .responder)
        for name in ["b", "c"] {
            harness.feed("DELE \(name)\r\n", from: .originator)
            harness.feed(name == "b" ? "250 done\r\n" : "550 no\r\n", from: .responder)
        }
        harness.finish()
        let codes: [UInt64?] = harness.records(FTPRecord.kind).map { $0[Records.ftp.replyCode] }
        #expect(codes == [nil, 250, 550])
    }

    @Test func aLostReplyIsNotTheLastOneSeen() {
        var harness = AnalyzerHarness(FTPAnalyzer.self)
        harness.feed("220 ready\r\n", from: .responder)
        harness.feed("USER bob\r\n", from: .originator)
        harness.feed("331 password\r\n", from: .responder)
        harness.feed("PASS x\r\n", from: .originator)
        harness.feed("530 no\r\n", from: .responder)
        harness.feed("QUIT\r\n", from: .originator)
        harness.lose(10, from: .responder)
        harness.finish()
        let found = harness.records(FTPRecord.kind)
        #expect(found.map { $0[Records.ftp.command] } == ["QUIT"])
        #expect(found.map { $0[Records.ftp.replyCode] } == [nil])
    }

    /// A reply of several lines ends with its number and a blank (RFC 959 §4.2).
    @Test func linesWithinAReplyAnswerNothing() {
        var harness = AnalyzerHarness(FTPAnalyzer.self, responderPort: 21)
        harness.feed("220-Welcome\r\n230 files\r\n220 FTP\r\n", from: .responder)
        harness.feed("USER u\r\n", from: .originator)
        harness.feed("331 ok\r\n", from: .responder)
        harness.feed("PASS x\r\n", from: .originator)
        harness.feed("230-Welcome\r\n500 users max\r\n230-more\r\n530 too\r\n230 in\r\n", from: .responder)
        harness.feed("CWD pub\r\n", from: .originator)
        // One that never ends hides no others.
        harness.feed("250-entered\r\n", from: .responder)
        harness.feed("DELE a\r\n", from: .originator)
        harness.feed("550 no\r\n", from: .responder)
        harness.finish()
        let logins = harness.records(LoginRecord.kind)
        #expect(logins.map { $0[Records.login.success] } == [true])
        #expect(logins.map { $0[Records.login.message] } == ["in"])
        #expect(harness.records(FTPRecord.kind).map { $0[Records.ftp.replyCode] } == [550])
    }

    /// Programs have commands of their own that take passwords.
    @Test(arguments: [
        ("SITE PSWD old new", "PSWD <hidden>"), ("SITE\tpswd\told new", "<hidden>"), ("SITE PSWD", "PSWD"),
        ("SITE pswd old", "pswd <hidden>"),
        ("SITE chmod 755 a.sh", "chmod 755 a.sh"), ("SITE CPFR /etc/passwd", "CPFR /etc/passwd"),
        ("PASSWD geheim", "<hidden>"), ("ACCT geheim", "<hidden>"), ("ADAT Z2VoZWlt", "<hidden>"),
        ("CWD pub", "pub"), ("TYPE I", "I"), ("LIST -al", "-al"), ("AUTH TLS", "TLS"), ("MKD new", "new"),
    ])
    func argumentsThatMayBeSecretsAreHidden(command: String, expected: String) {
        #expect(Self.arguments(["c \(command)", "s 500 ok"]) == [expected])
    }

    @Test(arguments: [("PORT 10,0,0,1,4,5", 1029 as UInt16), ("EPRT |1|10.0.0.1|1030|", 1030)])
    func aRefusedPortIsTold(command: String, port: UInt16) {
        let record = Self.records(["c \(command)", "s 500 illegal"]).first
        #expect(record?[Records.ftp.dataChannelPassive] == false)
        #expect(record?[Records.ftp.dataChannelOrigH] == "192.0.2.2")
        #expect(record?[Records.ftp.dataChannelRespH] == "10.0.0.1")
        #expect(record?[Records.ftp.dataChannelRespP] == port)
    }

    /// What was refused is not awaited.
    @Test func noDataConnectionIsAwaitedAfterARefusal() {
        var harness = AnalyzerHarness(FTPAnalyzer.self, responderPort: 21)
        harness.feed("220 FTP ready\r\n", from: .responder)
        harness.feed("PORT 10,0,0,1,4,5\r\n", from: .originator)
        harness.feed("500 illegal\r\n", from: .responder)
        #expect(harness.sink.memories.ftpDataChannels.isEmpty)
        harness.feed("PORT 10,0,0,1,4,5\r\n", from: .originator)
        harness.feed("200 ok\r\n", from: .responder)
        #expect(!harness.sink.memories.ftpDataChannels.isEmpty)
    }
}
