import Shared
import Testing

@testable import Sensor

/// Logins to brokers of messages.
@Suite struct MessagingLoginTests {
    private static let greeting = "INFO {\"server_id\":\"NA\",\"version\":\"2.9.10\",\"auth_required\":true} \r\n"

    private static func nats(_ connect: String, _ answer: String) -> AnalyzerHarness {
        var harness = AnalyzerHarness(NATSAnalyzer.self, responderPort: 4222)
        harness.feed(greeting, from: .responder)
        harness.feed("CONNECT {\(connect)}\r\nPING\r\n", from: .originator)
        harness.feed(answer, from: .responder)
        harness.finish()
        return harness
    }

    /// docs.nats.io, "Client Protocol": CONNECT is answered by +OK when it is verbose, else the PING behind it is.
    @Test(arguments: ["+OK\r\nPONG\r\n", "PONG\r\n"])
    func aLoginToNATSIsLetIn(answer: String) throws {
        let harness = Self.nats("\"verbose\":true,\"user\":\"alice\",\"pass\":\"s3cret\"", answer)
        let login = try #require(harness.records(LoginRecord.kind).first)
        #expect(login[Records.login.service] == "nats")
        #expect(login[Records.login.user] == "alice")
        #expect(login[Records.login.success] == true)
        #expect(harness.isOver)
    }

    @Test func aLoginToNATSIsRefused() throws {
        let harness = Self.nats("\"user\":\"alice\",\"pass\":\"s3cret\"", "-ERR 'Authorization Violation'\r\n")
        let login = try #require(harness.records(LoginRecord.kind).first)
        #expect(login[Records.login.user] == "alice")
        #expect(login[Records.login.success] == false)
        #expect(login[Records.login.message] == "'Authorization Violation'")
    }

    /// Captures may keep the beginning of a packet alone, and the greeting is long.
    @Test(arguments: [(false, true), (true, nil)])
    func whatWasLostIsNotGuessed(isAnswerLost: Bool, success: Bool?) throws {
        var harness = AnalyzerHarness(NATSAnalyzer.self, responderPort: 4222)
        harness.feed("INFO {\"server_id\":\"NA\",", from: .responder)
        harness.lose(200, from: .responder)
        harness.feed("CONNECT {\"user\":\"alice\",\"pass\":\"s3cret\"}\r\nPING\r\n", from: .originator)
        if isAnswerLost { harness.lose(6, from: .responder) } else { harness.feed("PONG\r\n", from: .responder) }
        harness.finish()
        let login = try #require(harness.records(LoginRecord.kind).first)
        #expect(login[Records.login.user] == "alice")
        #expect(login[Records.login.success] == success)
    }

    /// A cluster's greeting names all its servers, and what is published behind the login may be long.
    @Test func longLinesHideNoLogin() throws {
        var harness = AnalyzerHarness(NATSAnalyzer.self, responderPort: 4222)
        let servers = String(repeating: "\"192.0.2.1:4222\",", count: 1000)
        harness.feed("INFO {\"server_id\":\"NA\",\"connect_urls\":[\(servers)]}\r\n", from: .responder)
        harness.feed("CONNECT {\"user\":\"alice\",\"pass\":\"s3cret\"}\r\nPUB a 20000\r\n", from: .originator)
        harness.feed(String(repeating: "x", count: 20_000), from: .originator)
        harness.feed("PONG\r\n", from: .responder)
        harness.finish()
        #expect(harness.failure == nil)
        let login = try #require(harness.records(LoginRecord.kind).first)
        #expect(login[Records.login.user] == "alice")
        #expect(login[Records.login.success] == true)
    }

    /// A token may be longer than lines are read.
    @Test func aLongPasscodeIsALogin() throws {
        var harness = AnalyzerHarness(STOMPAnalyzer.self, responderPort: 61613)
        let token = String(repeating: "t", count: 9000)
        harness.feed("CONNECT\nlogin:alice\npasscode:\(token)\n\n\0", from: .originator)
        harness.feed("CONNECTED\nversion:1.2\n\n\0", from: .responder)
        harness.finish()
        let login = try #require(harness.records(LoginRecord.kind).first)
        #expect(login[Records.login.user] == "alice")
        #expect(login[Records.login.success] == true)
    }

    /// RFC 8259: a value may be spelled as a key is, and letters as numbers.
    @Test(arguments: [
        ("{\"name\":\"user\",\"user\":\"alice\",\"pass\":\"s3cret\"}", "alice"),
        ("\t{\"user\" : \"alice\",\"pass\":\"s3cret\"}", "alice"), ("{\"pass\":\"s3cret\"}", nil),
        ("{\"us\\u0065r\":\"alice\",\"p\\u0061ss\":\"s3cret\"}", nil),
    ])
    func spellingsHideNoLoginToNATS(connect: String, user: String?) throws {
        var harness = AnalyzerHarness(NATSAnalyzer.self, responderPort: 4222)
        harness.feed(Self.greeting, from: .responder)
        harness.feed("CONNECT \(connect)\r\nPING\r\n", from: .originator)
        harness.feed("PONG\r\n", from: .responder)
        harness.finish()
        let login = try #require(harness.records(LoginRecord.kind).first)
        #expect(login[Records.login.user] == user)
        #expect(login[Records.login.success] == true)
    }

    /// STOMP 1.2: line ends may stand between frames, and headers in any order.
    @Test(arguments: ["\nCONNECT\nlogin:alice", "\r\n\nSTOMP\r\nx:y\r\nlogin:alice\r", "CONNECT\nx:y\nlogin:alice"])
    func whatStandsInFrontHidesNoLoginBySTOMP(head: String) throws {
        let frame = head + "\npasscode:s3cret\n\n\0"
        let bytes = Array(frame.utf8)
        #expect(STOMPAnalyzer.probe(bytes.span.bytes, from: .originator) == .match)
        var harness = AnalyzerHarness(STOMPAnalyzer.self, responderPort: 61613)
        harness.feed(frame, from: .originator)
        harness.feed("CONNECTED\nversion:1.2\n\n\0", from: .responder)
        harness.finish()
        let login = try #require(harness.records(LoginRecord.kind).first)
        #expect(login[Records.login.user] == "alice")
        #expect(login[Records.login.success] == true)
    }

    @Test func whoShowsNothingHasNoLogin() {
        let harness = Self.nats("\"verbose\":false", "PONG\r\n")
        #expect(harness.records(LoginRecord.kind).isEmpty)
        #expect(harness.isOver)
    }

    @Test func aServerThatWantsTLSIsFollowedByIt() {
        var harness = AnalyzerHarness(NATSAnalyzer.self, responderPort: 4222)
        harness.feed("INFO {\"server_id\":\"NA\",\"tls_required\":true}\r\n", from: .responder)
        #expect(harness.isHandedOver)
    }

    /// Its answers begin as POP3's do: its greeting tells.
    @Test func aGreetingOfNATSIsNobodyElses() {
        let bytes = Array(Self.greeting.utf8)
        for analyzer in AnalyzerRegistry.all {
            let isMatch = analyzer.probe(bytes.span.bytes, from: .responder) == .match
            #expect(isMatch == ("\(analyzer.service)" == "nats"), "\(analyzer.service)")
        }
        let part = Array(bytes[..<9])
        #expect(NATSAnalyzer.probe(part.span.bytes, from: .responder) == .needMore)
    }

    /// In its middle, where a server's `+OK` is not POP3's and `PING` is not Redis'.
    @Test(arguments: [
        ("PUB foo 5\r\nhello\r\n", Side.originator, true), ("PUB foo.bar _INBOX.1 0\r\n\r\n", .originator, true),
        ("PUB foo 500\r\nhel", .originator, true), ("MSG foo 1 5\r\nhello\r\n", .responder, true),
        ("MSG foo 1 reply 5\r\nhell", .responder, true), ("MSG a@b.c A 5\r\nhello", .responder, false),
        ("PUB foo 5\r\nhello you\r\n", .originator, false),
        ("PUB foo\r\n", .originator, false), ("PUB foo five\r\nhello\r\n", .originator, false),
        ("PUB a b c 5\r\nhello\r\n", .originator, false), ("MSG foo 5\r\nhello\r\n", .responder, false),
        ("PUB foo 5", .originator, false), ("PUB foo 99999999999\r\n", .originator, false),
    ])
    func natsIsFoundInItsMiddle(text: String, side: Side, isFound: Bool) {
        let bytes = Array(text.utf8)
        #expect((NATSAnalyzer.probe(bytes.span.bytes, from: side) == .match) == isFound)
        var harness = AnalyzerHarness(NATSAnalyzer.self, responderPort: 4222)
        harness.feed("+OK\r\n", from: .responder)
        harness.feed(text, from: side)
        #expect(harness.isOver && harness.failure == nil)
    }

    /// STOMP 1.2, "Connecting".
    @Test(arguments: [
        ("CONNECTED\nversion:1.2\n\n\0", true, nil),
        ("ERROR\ncontent-type:text/plain\nmessage:Bad CONNECT\n\nAccess refused\0", false, "Bad CONNECT"),
    ])
    func aLoginBySTOMP(answer: String, success: Bool, message: String?) throws {
        let frame = "CONNECT\naccept-version:1.2\nhost:/\nlogin:alice\npasscode:s3cret\n\n\0"
        let bytes = Array(frame.utf8)
        #expect(STOMPAnalyzer.probe(bytes.span.bytes, from: .originator) == .match)
        var harness = AnalyzerHarness(STOMPAnalyzer.self, responderPort: 61613)
        harness.feed(frame, from: .originator)
        harness.feed(answer, from: .responder)
        harness.finish()
        let login = try #require(harness.records(LoginRecord.kind).first)
        #expect(login[Records.login.service] == "stomp")
        #expect(login[Records.login.user] == "alice")
        #expect(login[Records.login.success] == success)
        #expect(login[Records.login.message] == message)
        #expect(harness.isOver)
    }
}
