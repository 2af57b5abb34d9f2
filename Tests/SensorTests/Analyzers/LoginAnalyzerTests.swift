import Shared
import Testing

@testable import Sensor

@Suite struct LoginAnalyzerTests {
    /// WILL ECHO and WILL SUPPRESS-GO-AHEAD, RFC 857 and RFC 858.
    static let negotiation: [UInt8] = [0xFF, 0xFB, 0x01, 0xFF, 0xFB, 0x03]

    private static func logins(_ harness: AnalyzerHarness) -> [RecordView] {
        harness.records(LoginRecord.kind)
    }

    @Test func aNameTypedLetterByLetterIsPutTogether() {
        var harness = AnalyzerHarness(TelnetAnalyzer.self)
        harness.feed(Self.negotiation, from: .responder)
        harness.feed("\r\nrouter login: ", from: .responder)
        for letter in "alicX\u{8}e" {
            harness.feed(String(letter), from: .originator)
            harness.feed(String(letter), from: .responder)
        }
        harness.feed([0x0D, 0], from: .originator)
        harness.feed("\r\nPassword: ", from: .responder)
        for byte in "s3cret\r\0".utf8 { harness.feed([byte], from: .originator) }
        harness.feed("\r\nrouter# ", from: .responder)
        let logins = Self.logins(harness)
        #expect(logins.map { $0[Records.login.user] } == ["alice"])
        #expect(logins.map { $0[Records.login.success] } == [true])
        #expect(harness.isOver)
    }

    @Test func aPasswordAskedForOnceMoreWasWrong() {
        var harness = AnalyzerHarness(TelnetAnalyzer.self)
        harness.feed(Self.negotiation + Array("\r\nUser Access Verification\r\n\r\nPassword: ".utf8), from: .responder)
        harness.feed("cisco\r\n", from: .originator)
        harness.feed("\r\nPassword: ", from: .responder)
        harness.feed("cisco2\r\n", from: .originator)
        harness.feed("\r\nRouter>", from: .responder)
        #expect(Self.logins(harness).map { $0[Records.login.success] } == [false, true])
        #expect(Self.logins(harness).allSatisfy { $0[Records.login.user] == nil })
    }

    @Test(arguments: [
        ("\r\nThe password needs to be changed. Change now? [Y/N]:n\r\n<R1>", true),
        ("\r\nLogin incorrect\r\n", false), ("\r\nLast failed login: Mon Jan  5 on pts/0\r\n", true),
        ("\r\n% Authentication failed.\r\n\r\nUsername: ", false), ("\r\nC:\\Users\\bob>", true),
        ("\r\nWelcome to the machine\r\nlogin: ", false), ("\r\n[bob@host ~]$ ", true),
    ])
    func whatTheServerSaysTellsWhetherTheLoginWasLetIn(answer: String, success: Bool) {
        var harness = AnalyzerHarness(TelnetAnalyzer.self)
        harness.feed(Self.negotiation, from: .responder)
        harness.feed("login: ", from: .responder)
        harness.feed("bob\r\n", from: .originator)
        harness.feed("Password: ", from: .responder)
        harness.feed("x\r\n", from: .originator)
        harness.feed(answer, from: .responder)
        harness.finish()
        #expect(Self.logins(harness).map { $0[Records.login.success] } == [success])
    }

    /// Servers write a line in as many pieces as they like.
    @Test(arguments: [1, 7])
    func aGreetingMayComeInPieces(size: Int) {
        var harness = AnalyzerHarness(TelnetAnalyzer.self)
        harness.feed(Self.negotiation, from: .responder)
        harness.feed("\r\nhost login: ", from: .responder)
        harness.feed("bob\r\n", from: .originator)
        harness.feed("\r\nPassword: ", from: .responder)
        harness.feed("x\r\n", from: .originator)
        let answer = Array("\r\nLast login: Mon Dec  9 10:00:00\r\n$ ".utf8)
        for start in stride(from: 0, to: answer.count, by: size) {
            harness.feed(Array(answer[start..<min(start + size, answer.count)]), from: .responder)
        }
        #expect(Self.logins(harness).map { $0[Records.login.user] } == ["bob"])
        #expect(Self.logins(harness).map { $0[Records.login.success] } == [true])
    }

    /// The password comes before the server asks for it: the prompt for it is answered already. As a whole, and letter
    /// by letter.
    @Test(arguments: [1, 100]) func aPasswordTypedAheadIsJudged(size: Int) {
        var harness = AnalyzerHarness(TelnetAnalyzer.self)
        harness.feed(Self.negotiation + Array("\r\nhost login: ".utf8), from: .responder)
        for number in 0..<3 {
            let typed = Array("root\r\npw\(number)\r\n".utf8)
            for start in stride(from: 0, to: typed.count, by: size) {
                harness.feed(Array(typed[start..<min(start + size, typed.count)]), from: .originator)
            }
            for answer in ["root\r\n", "Password:", " ", "\r\n"] { harness.feed(answer, from: .responder) }
            let verdict = number < 2 ? "\r\nLogin incorrect\r\nhost login: " : "\r\nLast login: Mon\r\n$ "
            harness.feed(verdict, from: .responder)
        }
        #expect(Self.logins(harness).map { $0[Records.login.user] } == ["root", "root", "root"])
        #expect(Self.logins(harness).map { $0[Records.login.success] } == [false, false, true])
        #expect(!harness.sink.batch.strings.strings.contains { $0.contains("pw") })
    }

    /// A server that throws away what came before its prompt asks for the password all the same.
    @Test func aPasswordTypedTwiceIsJudgedOnce() {
        var harness = AnalyzerHarness(TelnetAnalyzer.self)
        harness.feed(Self.negotiation + Array("login: ".utf8), from: .responder)
        harness.feed("root\r\npw1\r\n", from: .originator)
        harness.feed("Password: ", from: .responder)
        harness.feed("pw2\r\n", from: .originator)
        harness.feed("\r\nLogin incorrect\r\nlogin: ", from: .responder)
        harness.finish()
        #expect(Self.logins(harness).map { $0[Records.login.user] } == ["root"])
        #expect(Self.logins(harness).map { $0[Records.login.success] } == [false])
        #expect(!harness.sink.batch.strings.strings.contains { $0.contains("pw") })
    }

    /// A prompt for a password may end as one for a name does: what is typed then is no name.
    @Test(arguments: ["Password for user: ", "Enter passcode for login: ", "Passwd of account: ", "root's Password: "])
    func aPromptForAPasswordAsksForNoName(prompt: String) {
        var harness = AnalyzerHarness(TelnetAnalyzer.self)
        harness.feed(Self.negotiation + Array("Login for user: ".utf8), from: .responder)
        harness.feed("bob\r\n", from: .originator)
        harness.feed(prompt, from: .responder)
        harness.feed("hunter2\r\n", from: .originator)
        harness.feed("\r\nWelcome\r\n$ ", from: .responder)
        #expect(Self.logins(harness).map { $0[Records.login.user] } == ["bob"])
        #expect(Self.logins(harness).map { $0[Records.login.success] } == [true])
        #expect(!harness.sink.batch.strings.strings.contains { $0.contains("hunter2") })
    }

    /// As others word it, in several languages, with a name before it and without one.
    @Test(
        arguments: [
            "Enter your password to login: ", "Password to access user: ", "Passwort fuer User: ",
            "Kennwort für Login:", "Mot de passe du login: ", "Passcode, please, user: ", "パスワード user: ",
            "PASSWORD (not your user name) of account:",
        ], ["bob", nil])
    func aLineAboutAPasswordAsksForNoName(prompt: String, user: String?) {
        for size in [1, 100] {
            var harness = AnalyzerHarness(TelnetAnalyzer.self)
            harness.feed(Self.negotiation + Array("Welcome\r\n".utf8), from: .responder)
            if let user {
                harness.feed("Login for user: ", from: .responder)
                harness.feed("\(user)\r\n", from: .originator)
            }
            harness.feed(prompt, from: .responder)
            let typed = Array("hunter2\r\n".utf8)
            for start in stride(from: 0, to: typed.count, by: size) {
                harness.feed(Array(typed[start..<min(start + size, typed.count)]), from: .originator)
            }
            harness.feed("\r\nWelcome\r\n$ ", from: .responder)
            #expect(Self.logins(harness).map { $0[Records.login.user] } == [user])
            #expect(Self.logins(harness).map { $0[Records.login.success] } == [true])
            #expect(!harness.sink.batch.strings.strings.contains { $0.contains("hunter2") })
        }
    }

    @Test func noPasswordIsKept() {
        var harness = AnalyzerHarness(TelnetAnalyzer.self)
        harness.feed(Self.negotiation, from: .responder)
        harness.feed("login: ", from: .responder)
        harness.feed("bob\r\n", from: .originator)
        harness.feed("Password: ", from: .responder)
        harness.feed("hunter2\r\n", from: .originator)
        harness.feed("\r\nLogin incorrect\r\nlogin: ", from: .responder)
        harness.finish()
        #expect(Self.logins(harness).count == 1)
        #expect(!harness.sink.batch.strings.strings.contains { $0.contains("hunter2") })
    }

    @Test(
        arguments: [
            // A negotiation of an option that does not exist, a picture, a sound, text and a subnegotiation alone.
            [0xFF, 0xFB, 0x90, 0xFF, 0xFB, 0x03], [0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10, 0x4A],
            [0xFF, 0xFB, 0x30, 0xC4, 0, 1, 2],
            // Of a key that two ends of something else agree on, in pieces of a byte and of two.
            [0xFF, 0xFB, 0x2F, 0x45, 0xAC, 0xFF, 0xBD],
            [0x6C, 0x6F, 0x67, 0x69, 0x6E, 0x3A, 0x20], [0xFF, 0xFA, 0x18, 0x01, 0xFF, 0xF0, 0],
        ] as [[UInt8]])
    func whatIsNotANegotiationIsNotTelnet(bytes: [UInt8]) {
        #expect(TelnetAnalyzer.probe(bytes.span.bytes, from: .responder) == .noMatch)
    }

    @Test func aCommandAloneMayYetBeTelnet() {
        let command: [UInt8] = [0xFF, 0xFB, 0x2F]
        #expect(TelnetAnalyzer.probe(command.span.bytes, from: .responder) == .needMore)
        let prompt = command + Array("login: ".utf8)
        #expect(TelnetAnalyzer.probe(prompt.span.bytes, from: .responder) == .match)
    }

    @Test func anFTPLoginThatIsRefusedIsALogin() {
        var harness = AnalyzerHarness(FTPAnalyzer.self, responderPort: 21)
        harness.feed("220 FTP server\r\n", from: .responder)
        harness.feed("USER bob\r\n", from: .originator)
        harness.feed("331 Password please\r\n", from: .responder)
        harness.feed("PASS hunter2\r\n", from: .originator)
        harness.feed("530 Login incorrect.\r\n", from: .responder)
        harness.feed("QUIT\r\n", from: .originator)
        harness.feed("221 Goodbye.\r\n", from: .responder)
        harness.finish()
        let logins = Self.logins(harness)
        #expect(logins.map { $0[Records.login.service] } == ["ftp"])
        #expect(logins.map { $0[Records.login.user] } == ["bob"])
        #expect(logins.map { $0[Records.login.success] } == [false])
        let commands = harness.records(FTPRecord.kind)
        #expect(commands.map { $0[Records.ftp.command] } == ["QUIT"])
    }

    @Test func anFTPSessionThatEndsWithItsLoginIsToldOnce() {
        var harness = AnalyzerHarness(FTPAnalyzer.self, responderPort: 21)
        harness.feed("220 FTP server\r\n", from: .responder)
        harness.feed("USER bob\r\nPASS hunter2\r\n", from: .originator)
        harness.feed("331 Password please\r\n530 Login incorrect.\r\n", from: .responder)
        harness.finish()
        #expect(Self.logins(harness).isEmpty)
        let commands = harness.records(FTPRecord.kind)
        #expect(commands.map { $0[Records.ftp.arg] } == ["<hidden>"])
        #expect(commands.map { $0[Records.ftp.replyCode] } == [530])
    }
}
