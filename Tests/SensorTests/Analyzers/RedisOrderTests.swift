import Shared
import Testing

@testable import Sensor

/// Each reply of Redis stays with its own command: beside messages of subscriptions, behind losses, and where the first
/// line could be another protocol's.
@Suite struct RedisOrderTests {
    private static func list(_ words: String...) -> String {
        "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
    }

    private static func outcomes(_ harness: AnalyzerHarness) -> [String] {
        harness.records(RedisRecord.kind).map {
            "\($0[Records.redis.cmdName] ?? "") \($0[Records.redis.replyValue] ?? "-")"
        }
    }

    // MARK: messages of subscriptions (redis.io/docs/latest/develop/pubsub)

    /// What a list of the data begins with makes no message of it.
    @Test(arguments: [
        RedisOrderTests.list("message", "a", "b"), RedisOrderTests.list("message", "hello", "level", "info"),
        RedisOrderTests.list("messages:1", "x"),
        RedisOrderTests.list("pmessage", "p", "c", "x"), RedisOrderTests.list("subscribe", "a", "b"),
    ])
    func listsOfTheDataAreReplies(reply: String) {
        let found = RedisAnalyzerTests.told([
            (Self.list("LRANGE", "l", "0", "3"), reply), (Self.list("AUTH", "bob", "x"), "-WRONGPASS no\r\n"),
        ])
        #expect(found.map { $0[Records.redis.success] } == [true, false])
        #expect(found.map { $0[Records.redis.cmdName] } == ["LRANGE", "AUTH"])
    }

    /// Of a subscriber, words and numbers of elements that no message has are replies still.
    @Test(arguments: [
        (RedisOrderTests.list("smessage", "ch", "hi"), true), (RedisOrderTests.list("message", "ch", "hi"), true),
        (RedisOrderTests.list("pmessage", "p", "ch", "x"), true),
        ("*3\r\n$12\r\nsunsubscribe\r\n$2\r\nch\r\n:0\r\n", true), (RedisOrderTests.list("messages", "a", "b"), false),
        (RedisOrderTests.list("message", "a", "b", "c"), false), (RedisOrderTests.list("pmessage", "a", "b"), false),
        (RedisOrderTests.list("pong", ""), false),
    ])
    func messagesAreNoReplies(text: String, isMessage: Bool) {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(Self.list("SSUBSCRIBE", "ch"), from: .originator)
        harness.feed("*3\r\n$10\r\nssubscribe\r\n$2\r\nch\r\n:1\r\n", from: .responder)
        harness.feed(Self.list("PING"), from: .originator)
        harness.feed(text, from: .responder)
        harness.feed("-ERR last\r\n", from: .responder)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(found.map { $0[Records.redis.cmdName] } == ["SSUBSCRIBE", "PING"])
        #expect(found.last?[Records.redis.success] == !isMessage)
    }

    /// A subscription that was made before the capture: a message answers nothing, nor do those behind it.
    @Test func messagesOfAnUnseenSubscriptionAreNoReplies() {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(Self.list("message", "ch", "1"), from: .responder)
        harness.feed(Self.list("PING"), from: .originator)
        harness.feed(Self.list("message", "ch", "2") + Self.list("pong", ""), from: .responder)
        #expect(Self.outcomes(harness) == ["PING [pong, ]"])
    }

    // MARK: losses

    /// "GET key" for each of these, answered by the key.
    private static func ask(_ keys: [String], _ harness: inout AnalyzerHarness) {
        for key in keys {
            harness.sink.now = harness.sink.now + .milliseconds(10)
            harness.feed(RedisOrderTests.list("GET", key), from: .originator)
            harness.feed("+\(key)\r\n", from: .responder)
        }
    }

    @Test(arguments: [Side.originator, .responder]) func behindALossRepliesAreToldAgain(side: Side) {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        Self.ask(["a", "b"], &harness)
        let command = Self.list("GET", "c")
        if side == .responder { harness.feed(command, from: .originator) }
        harness.lose(side == .responder ? 4 : command.utf8.count, from: side)
        if side == .originator { harness.feed("+c\r\n", from: .responder) }
        Self.ask(["d", "e"], &harness)
        #expect(harness.failure == nil)
        #expect(!harness.isOver)
        #expect(
            Self.outcomes(harness) == ["GET a", "GET b"] + (side == .responder ? ["GET -"] : []) + ["GET d", "GET e"])
    }

    /// The loss is noticed with what comes behind it: that may answer any of those that wait.
    @Test func whatIsOnItsWayAtALossAnswersNothing() {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        for key in ["a", "b", "c"] { harness.feed(Self.list("GET", key), from: .originator) }
        harness.lose(4, from: .responder)
        harness.feed("+b\r\n", from: .responder)
        harness.feed(Self.list("GET", "d"), from: .originator)
        harness.feed("+c\r\n+d\r\n", from: .responder)
        #expect(Self.outcomes(harness) == ["GET -", "GET -", "GET -", "GET -"])
        Self.ask(["e"], &harness)
        #expect(Self.outcomes(harness).last == "GET e")
    }

    /// Who waits for each reply is never quiet, but takes turns.
    @Test func turnsTellThatNothingIsOnItsWay() {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(Self.list("GET", "a"), from: .originator)
        harness.lose(4, from: .responder)
        for key in 0..<12 {
            harness.feed(Self.list("GET", "\(key)"), from: .originator)
            harness.feed("+\(key)\r\n", from: .responder)
        }
        #expect(Self.outcomes(harness).prefix(5) == ["GET -", "GET -", "GET -", "GET -", "GET -"])
        #expect(Self.outcomes(harness).suffix(3) == ["GET 9", "GET 10", "GET 11"])
    }

    /// The rest of a text whose beginning was lost is passed over.
    @Test func theRestOfALostMessageIsNone() {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        Self.ask(["a"], &harness)
        harness.feed(Self.list("GET", "c"), from: .originator)
        harness.lose(1000, from: .responder)
        harness.feed("of a value\r\n", from: .responder)
        Self.ask(["d"], &harness)
        #expect(harness.failure == nil)
        #expect(Self.outcomes(harness) == ["GET a", "GET -", "GET d"])
    }

    /// Of a long list, more elements come behind the one that lacks bytes.
    @Test func aLossWithinALongValueIsNone() {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(Self.list("LRANGE", "l", "0", "1") + Self.list("PING"), from: .originator)
        harness.feed("*2\r\n$200000\r\n" + String(repeating: "x", count: 100_000), from: .responder)
        harness.lose(100_000, from: .responder)
        harness.feed("\r\n$1\r\ny\r\n+PONG\r\n", from: .responder)
        #expect(Self.outcomes(harness).last == "PING PONG")
    }

    // MARK: lines that others say too

    @Test(arguments: [
        "PING\r\n", "ping\r\n", "PING\n", "PING\r\nPING\r\n", "INFO\r\n", "info server\r\n", "CLIENT LIST\r\n",
        "COMMAND\r\n", "MONITOR\r\n", "AUTH pw\r\n", "PUBLISH ch hi\r\n", "SUBSCRIBE ch\r\n",
    ])
    func theAnswerTellsWhoseALineIs(line: String) {
        let question = Array(line.utf8)
        #expect(RedisAnalyzer.probe(question.span.bytes, from: .originator) == .needMore)
        for answer in [
            "+PONG\r\n", "+OK\r\n", "-NOAUTH no\r\n", ":1\r\n", "$9\r\n# Server\r\n\r\n", "*1\r\n$1\r\na\r\n",
        ] {
            let bytes = Array(answer.utf8)
            let type = Recognition.ofAnswer(bytes.span.bytes, from: .responder, to: question)
            #expect(type?.service.description == "redis")
        }
        for answer in ["PONG\r\n", "-ok\r\n", "+\r\n", ":a 001\r\n", "* OK ready\r\n", "Content-Type: x\n", ""] {
            let bytes = Array(answer.utf8)
            #expect(Recognition.ofAnswer(bytes.span.bytes, from: .responder, to: question) == nil)
        }
    }

    /// What others begin with is not made Redis by an answer.
    @Test(arguments: ["QUIT\r\n", "AUTH LOGIN\r\n", "USER bob\r\n", "SUBSCRIBE sip:a@b SIP/2.0\r\n\r\n"])
    func anAnswerAloneIsNotRedis(line: String) {
        let (question, answer) = (Array(line.utf8), Array("+OK\r\n".utf8))
        #expect(Recognition.ofAnswer(answer.span.bytes, from: .responder, to: question) == nil)
    }

    // MARK: secrets in refusals

    /// Errors of Redis 5 to 7.2, of its networking.c, server.c, acl.c and config.c.
    @Test(arguments: [
        (["AUHT", "hunter2"], "unknown command 'AUHT', with args beginning with: 'hunter2' ", "unknown command"),
        (["AUHT", "hunter2"], "unknown command `AUHT`, with args beginning with: `hunter2`, ", "unknown command"),
        (["ACL", "SETUSER", "bob", "hunter2"], "Error in ACL SETUSER modifier 'hunter2': Syntax error", "modifier"),
        (["CONFIG", "hunter2"], "unknown subcommand 'hunter2'. Try CONFIG HELP.", "unknown subcommand"),
        (
            ["CONFIG", "hunter2"], "Unknown subcommand or wrong number of arguments for 'hunter2'. Try CONFIG HELP.",
            "Unknown subcommand"
        ),
        (
            ["CONFIG", "SET", "requirepas", "hunter2"],
            "Unknown option or number of arguments for CONFIG SET - 'requirepas'", "Unknown option"
        ),
    ])
    func refusalsTellNoPasswords(words: [String], reply: String, shown: String) throws {
        let text = "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(text, from: .originator)
        harness.feed("-ERR \(reply)\r\n", from: .responder)
        let record = try #require(harness.records(RedisRecord.kind).first)
        #expect(record[Records.redis.success] == false)
        #expect(record[Records.redis.replyValue]?.contains(shown) == true)
        #expect(!harness.sink.batch.strings.strings.contains { $0.contains("hunter2") })
    }
}
