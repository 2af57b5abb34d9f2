import Shared
import Testing

@testable import Sensor

@Suite struct RedisAnalyzerTests {
    /// A server passes over an array of no words, or of -1, without an answer (RESP specification, "Null arrays").
    @Test(arguments: ["*-1\r\n", "*0\r\n", "*-9223372036854775808\r\n"])
    func anArrayOfNoWordsIsNoCommand(text: String) {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed("*2\r\n$3\r\nGET\r\n$1\r\na\r\n", from: .originator)
        harness.feed("$1\r\n1\r\n", from: .responder)
        harness.feed(text, from: .originator)
        harness.feed("*2\r\n$3\r\nGET\r\n$1\r\nb\r\n", from: .originator)
        harness.feed("$-1\r\n", from: .responder)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(found.first?[Records.redis.cmdKey] == "a")
        // Longer numbers than any count or length are not this protocol.
        #expect(found.map { $0[Records.redis.cmdKey] } == (text.utf8.count > 12 ? ["a"] : ["a", "b"]))
        #expect((harness.failure == .invalid(.length)) == (text.utf8.count > 12))
    }

    /// A command as an array of bulk strings.
    static func command(_ words: String...) -> String {
        "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
    }

    /// What is told of commands and the replies to them.
    static func told(_ talk: [(String, String)]) -> [RecordView] {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        for (command, reply) in talk {
            harness.feed(command, from: .originator)
            harness.feed(reply, from: .responder)
        }
        harness.finish()
        return harness.records(RedisRecord.kind)
    }

    /// RESP specification: aggregates of version 2 and 3, attributes, and what has no text.
    @Test(
        arguments: [
            ("*3\r\n:1\r\n:2\r\n:3\r\n", "[1, 2, 3]"), ("*0\r\n", "[]"), ("*-1\r\n", nil), ("$-1\r\n", nil),
            ("_\r\n", nil),
            ("%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n+proto\r\n:3\r\n", "{server: redis, proto: 3}"),
            ("*2\r\n*1\r\n$1\r\na\r\n%1\r\n+k\r\n*0\r\n", "[[a], {k: []}]"),
            (
                "|1\r\n+popularity\r\n%2\r\n+a\r\n,0.1923\r\n+b\r\n,0.0012\r\n*2\r\n:2039123\r\n:9543892\r\n",
                "[2039123, 9543892]"
            ),
            ("~2\r\n+x\r\n+y\r\n", "{x, y}"), (",1.5\r\n", "1.5"),
            ("(34928903284093850924\r\n", "34928903284093850924"),
            ("=7\r\ntxt:abc\r\n", "abc"), ("#t\r\n", "true"),
        ] as [(String, String?)])
    func repliesOfManyValuesAreTold(reply: String, text: String?) {
        let record = Self.told([(Self.command("X"), reply)]).first
        #expect(record?[Records.redis.replyValue] == text)
        #expect(record?[Records.redis.success] == true)
    }

    /// A connection that was picked up in its middle, by what the server sent, counts as the server's.
    @Test func repliesAreNoCommandsWhoeverBegan() {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(Self.command("GET", "a"), from: .responder)
        harness.feed("+PONG\r\n", from: .originator)
        harness.feed(Self.command("SET", "k", "v"), from: .responder)
        harness.feed("-ERR no\r\n", from: .originator)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(found.map { $0[Records.redis.cmdName] } == ["SET"])
        #expect(found.map { $0[Records.redis.success] } == [false])
    }

    /// Copying that was picked up in its middle, whoever counts as the client.
    @Test(arguments: [Side.originator, .responder]) func copyingIsNoConversation(replica: Side) {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(Self.command("PING"), from: replica.other)
        harness.feed(Self.command("REPLCONF", "ACK", "2002"), from: replica)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(found.map { $0[Records.redis.cmdName] } == (replica == .originator ? [] : ["PING"]))
        #expect(found.allSatisfy { $0[Records.redis.success] == nil })
    }

    /// What a replica says is neither a word that hides what follows, nor is a list that says it.
    @Test func nobodyHidesBehindAReplicasWords() {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(Self.command("REPLCONF", "ACK", "0"), from: .originator)
        harness.feed(Self.command("LRANGE", "k", "0", "-1"), from: .originator)
        harness.feed(Self.command("REPLCONF", "ACK", "0"), from: .responder)
        harness.feed(Self.command("FLUSHALL"), from: .originator)
        harness.feed("+OK\r\n", from: .responder)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(found.map { $0[Records.redis.cmdName] } == ["LRANGE", "FLUSHALL"])
        #expect(found.map { $0[Records.redis.success] } == [nil, true])
    }

    /// With EXEC a wish for no replies counts, in the middle of the answer to it; where the transaction was refused, at
    /// once.
    @Test(arguments: [
        "MULTI|+OK|CLIENT REPLY OFF|+QUEUED|EXEC|*1", "MULTI|+OK|CLIENT REPLY SKIP|+QUEUED|EXEC|-EXECABORT no",
        "MULTI|-NOPERM no|CLIENT REPLY SKIP|",
    ])
    func wishesOfTransactionsLeaveNoOutcomes(talk: String) {
        let lines = talk.split(separator: "|", omittingEmptySubsequences: false)
        let replies = lines.indices.filter { $0 % 2 == 1 }.map { lines[$0] }
        let commands = lines.indices.filter { $0 % 2 == 0 }.map { lines[$0] }
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        for command in commands + ["PING", "FLUSHALL"] { harness.feed(command + "\r\n", from: .originator) }
        for reply in replies where !reply.isEmpty { harness.feed(reply + "\r\n", from: .responder) }
        harness.feed("-ERR no\r\n", from: .responder)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(Set(found.map { $0[Records.redis.cmdName] }).isSuperset(of: ["MULTI", "CLIENT", "PING", "FLUSHALL"]))
        for record in found where ["PING", "FLUSHALL"].contains(record[Records.redis.cmdName]) {
            #expect(record[Records.redis.success] == nil)
        }
    }

    /// Redis 6 and 7 refuse what a user may not give, and what they would not answer too.
    @Test(arguments: [
        ("-NOPERM this user has no permissions to run the 'replconf' command or its subcommand", false),
        ("-NOPERM User app has no permissions to run the 'replconf' command", false),
        ("-NOPERM User app has no permissions to access the 'run the 'replconf'' key", true),
    ])
    func refusedReplicasTakeNobodysReply(refusal: String, isOfCommand: Bool) {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(
            Self.command("REPLCONF", "ACK", "1") + Self.command("GET", "a") + Self.command("FLUSHALL"),
            from: .originator)
        harness.feed("\(refusal)\r\n+OK\r\n" + (isOfCommand ? "" : "-ERR no\r\n"), from: .responder)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(found.map { $0[Records.redis.cmdName] } == ["GET", "FLUSHALL"])
        #expect(found.map { $0[Records.redis.success] } == (isOfCommand ? [false, true] : [true, false]))
    }

    /// Where it depends on the server whether there is an answer, nothing is said of those that follow.
    @Test(arguments: [
        ["REPLCONF", "version", "8", "ACK", "1"], ["REPLCONF", "listening-port", "x", "ACK", "1"],
        ["REPLCONF", "listening-port", "01", "GETACK", "1"],
        ["REPLCONF", "capa", String(repeating: "x", count: 70_000), "ACK", "1"],
        ["REPLCONF"] + [[String]](repeating: ["capa", "x"], count: 600).flatMap { $0 } + ["ACK", "1"],
    ])
    func outcomesThatAreNotKnownAreNotTold(words: [String]) {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(Self.command("PING"), from: .originator)
        let text = words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
        harness.feed("*\(words.count)\r\n" + text, from: .originator)
        harness.feed(Self.command("FLUSHALL"), from: .originator)
        harness.feed("+PONG\r\n-ERR Unrecognized REPLCONF option: version\r\n+OK\r\n", from: .responder)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(Set(found.map { $0[Records.redis.cmdName] }) == ["PING", "REPLCONF", "FLUSHALL"])
        for record in found {
            #expect(record[Records.redis.success] == (record[Records.redis.cmdName] == "PING" ? true : nil))
        }
    }

    /// The server refuses most commands beside subscriptions, those of replicas too.
    @Test func besideSubscriptionsTheOrderIsNotKnown() {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(
            Self.command("SUBSCRIBE", "a") + Self.command("REPLCONF", "ACK", "1") + Self.command("UNSUBSCRIBE")
                + Self.command("CONFIG", "SET", "dir", "/"), from: .originator)
        harness.feed(
            "*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n-ERR Can't execute 'replconf'\r\n"
                + "*3\r\n$11\r\nunsubscribe\r\n$1\r\na\r\n:0\r\n+OK\r\n", from: .responder)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(found.last?[Records.redis.cmdName] == "CONFIG")
        #expect(found.allSatisfy { $0[Records.redis.success] == nil })
    }

    /// A list of users is hidden though a reply too many or too few has shifted the order.
    @Test(arguments: [0, 1, 2]) func digestsAreHiddenWhateverTheOrder(place: Int) {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        var commands = ["GET a", "GET b"]
        commands.insert("ACL LIST", at: place)
        harness.feed(commands.map { $0 + "\r\n" }.joined(), from: .originator)
        harness.feed("$1\r\nx\r\n*1\r\n$20\r\nuser default #secret\r\n$1\r\ny\r\n", from: .responder)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(found.count == 3)
        #expect(!found.contains { $0[Records.redis.replyValue]?.contains("secret") == true })
    }

    /// Picked up within a text of the client's, of which `$3` is a part.
    @Test func theRestOfACommandIsNoAnswer() {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed("$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n", from: .originator)
        harness.feed("+OK\r\n", from: .responder)
        harness.feed(Self.command("FLUSHALL"), from: .originator)
        harness.feed("+OK\r\n", from: .responder)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(found.last?[Records.redis.cmdName] == "FLUSHALL")
        #expect(!found.contains { $0[Records.redis.cmdName] == "+OK" })
    }

    @Test func errorsAreNoSuccess() {
        let found = Self.told([(Self.command("X"), "-ERR no\r\n"), (Self.command("X"), "!6\r\nERR no\r\n")])
        #expect(found.map { $0[Records.redis.success] } == [false, false])
        #expect(found.map { $0[Records.redis.replyValue] } == ["ERR no", "ERR no"])
    }

    /// Lists of lists without end take no more than what is shown of them.
    @Test func repliesAreShownInPart() {
        let deep = String(repeating: "*1\r\n", count: 5000) + ":1\r\n"
        let long = "*4000\r\n" + String(repeating: "$3\r\nabc\r\n", count: 4000)
        let text = "$3000\r\n" + String(repeating: "x", count: 3000) + "\r\n"
        let found = Self.told([(Self.command("X"), deep), (Self.command("X"), long), (Self.command("X"), text)])
        #expect(found.count == 3)
        #expect(found.allSatisfy { ($0[Records.redis.replyValue] ?? "").utf8.count <= 1100 })
        #expect(found.last?[Records.redis.replyValue]?.utf8.count == 1024)
    }

    @Test func passwordsInRepliesAreHidden() {
        let found = Self.told([
            (Self.command("CONFIG", "GET", "*"), "*4\r\n+requirepass\r\n+s3cret\r\n+port\r\n+6379\r\n"),
            (Self.command("ACL", "LIST"), "*1\r\n+user default on #5e884898da28\r\n"),
            (Self.command("ACL", "GENPASS"), "$4\r\ndd72\r\n"),
        ])
        #expect(
            found.map { $0[Records.redis.replyValue] } == ["[requirepass, <hidden>, port, 6379]", nil, nil])
        #expect(found.allSatisfy { $0[Records.redis.success] == true })
    }

    /// The server's own splitting of lines: blanks between quotation marks belong to the word.
    @Test func wordsOfALineMayBeQuoted() {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed("SET key \"my value with spaces\"\r\nSET key2 'single quotes here'\r\n", from: .originator)
        harness.feed("set k \"a\\x41\\n\\\"b\"\r\nSET k 'it\\'s'\r\nSET k \"open end\r\n", from: .originator)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(found.allSatisfy { $0[Records.redis.cmdName] == "SET" })
        #expect(
            found.map { $0[Records.redis.cmdValue] } == [
                "my value with spaces", "single quotes here", "aA\\x0a\"b", "it's",
                "open end",
            ])
    }

    @Test(
        arguments: [
            (["HGET", "h", "f"], "h", "f"), (["EXPIRE", "k", "10"], "k", "10"),
            (["MSET", "a", "1", "b", "2"], "a", "1"),
            (["RENAME", "a", "b"], "a", "b"), (["BITOP", "AND", "dst", "s1"], "dst", nil),
            (["BLMPOP", "0", "2", "k1", "k2"], "k1", nil), (["GET", "k"], "k", nil), (["BITOP"], nil, nil),
            (["AUTH", "s3cret"], nil, nil), (["AUTH", "anna", "s3cret"], "anna", nil),
            (["HELLO", "3", "AUTH", "anna", "s3cret"], "anna", nil), (["HELLO", "3"], nil, nil),
            (["HELLO", "3", "SETNAME", "AUTH", "AUTH", "anna", "s3cret"], "anna", nil),
            (["HELLO", "3", "AUTH", "s3cret"], nil, nil), (["CONFIG", "requirepass", "s3cret"], nil, nil),
            (["CONFIG", "GET", "dir"], "dir", nil), (["CONFIG", "SET", "dir", "/tmp"], "dir", "/tmp"),
            (["CONFIG", "SET", "requirepass", "s3cret"], "requirepass", nil),
            (["CONFIG", "SET", "masterauth", "s3cret"], "masterauth", nil),
            (["ACL", "SETUSER", "bob", ">s3cret"], "bob", nil), (["MODULE", "LOAD", "/tmp/m.so"], "LOAD", "/tmp/m.so"),
            (["REPLICAOF", "10.0.0.1", "6379"], "10.0.0.1", "6379"),
        ] as [([String], String?, String?)])
    func keysAndValuesStandWhereTheCommandHasThem(words: [String], key: String?, value: String?) {
        let text = "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
        let record = Self.told([(text, ":1\r\n")]).first
        #expect(record?[Records.redis.cmdKey] == key)
        #expect(record?[Records.redis.cmdValue] == value)
    }

    /// The list of all commands with their explanations, which redis-cli asks for first, has more than 64 KiB.
    @Test(arguments: [1, 500, 1400, 70_000])
    func longRepliesAreNotTheEnd(segment: Int) {
        let large = String(repeating: "v", count: 100_000)
        var reply = "*40002\r\n$100000\r\n\(large)\r\n*1\r\n$3\r\nabc\r\n"
        for number in 0..<40_000 { reply += number % 2 == 0 ? "$3\r\nabc\r\n" : ":\(number)\r\n" }
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(Self.command("SMEMBERS", "s") + Self.command("PING"), from: .originator)
        let bytes = Array((reply + "+PONG\r\n").utf8)
        for start in stride(from: 0, to: bytes.count, by: segment) {
            harness.feed(Array(bytes[start..<Swift.min(start + segment, bytes.count)]), from: .responder)
        }
        #expect(harness.failure == nil)
        let found = harness.records(RedisRecord.kind)
        #expect(found.map { $0[Records.redis.cmdName] } == ["SMEMBERS", "PING"])
        #expect(found.last?[Records.redis.replyValue] == "PONG")
        #expect(found.first?[Records.redis.replyValue]?.hasPrefix("[vvv") == true)
    }

    /// Bulk strings of RESP: an empty one has both ends of line.
    @Test func emptyTextsAreTextsToo() {
        let found = Self.told([
            (Self.command("SET", "k", ""), "+OK\r\n"), (Self.command("GET", "k"), "$0\r\n\r\n"),
            (Self.command("LRANGE", "l", "0", "1"), "*3\r\n$0\r\n\r\n$1\r\na\r\n$-1\r\n"),
            (Self.command("HGETALL", "h"), "%0\r\n"), (Self.command("PING"), "|0\r\n+PONG\r\n"),
        ])
        let replies = found.map { $0[Records.redis.replyValue] }
        #expect(replies == ["OK", "", "[, a, null]", "{}", "PONG"])
        #expect(found.map { $0[Records.redis.cmdName] } == ["SET", "GET", "LRANGE", "HGETALL", "PING"])
    }

    /// A command may have as many words as it likes.
    @Test func longCommandsAreNotTheEnd() {
        let words = ["RPUSH", "l"] + (0..<30_000).map { "value\($0)" }
        let text = "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
        let found = Self.told([(text, ":30000\r\n"), (Self.command("GET", "k"), "$1\r\nv\r\n")])
        #expect(found.map { $0[Records.redis.cmdName] } == ["RPUSH", "GET"])
        #expect(found.map { $0[Records.redis.replyValue] } == ["30000", "v"])
    }

    /// redis.io/docs/latest/operate/oss_and_stack/management/replication: a copy of all data is no answer.
    @Test func aReplicaEndsTheAnalysis() {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(Self.command("PSYNC", "?", "-1"), from: .originator)
        harness.feed("\n", from: .responder)
        harness.feed("\n+FULLRESYNC 8371445ee47f24bc 0\r\n$9\r\nREDIS0010", from: .responder)
        #expect(harness.failure == nil)
        let found = harness.records(RedisRecord.kind)
        #expect(found.map { $0[Records.redis.replyValue] } == ["FULLRESYNC 8371445ee47f24bc 0"])
        let refused = Self.told([
            (Self.command("PSYNC", "?", "-1"), "-NOAUTH Authentication required.\r\n"),
            (Self.command("PING"), "+PONG\r\n"),
        ])
        #expect(refused.map { $0[Records.redis.success] } == [false, true])
    }

    /// A stream that is no RESP any more answers nothing.
    @Test func whatIsNoReplyEndsTheAnalysis() {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(Self.command("PING"), from: .originator)
        harness.feed("+PONG\r\n", from: .responder)
        harness.feed("PING\r\n", from: .originator)
        harness.feed("not RESP\r\nStill not RESP\r\n", from: .responder)
        #expect(harness.failure == .invalid(.type))
        let found = harness.records(RedisRecord.kind)
        #expect(found.map { $0[Records.redis.cmdName] } == ["PING", "PING"])
        #expect(found.map { $0[Records.redis.success] } == [true, nil])
    }

    @Test(arguments: [
        "GET foo\r\n", "DEL a b\r\n", "exists x\r\n", "HELLO 3\r\n", "set foo bar\r\n", "Set foo \"b c d e\"\r\n",
        "CONFIG GET *\r\n", "FLUSHALL\r\n", "AUTH pw\r\nCONFIG SET dir /tmp\r\n", "SET k v1.0\r\n",
    ])
    func linesOfCommandsAreRecognised(text: String) {
        let payload = Array(text.utf8)
        #expect(Self.recognised(payload, from: .originator) == "redis")
    }

    @Test(arguments: [
        "QUIT\r\n", "set foo 0 0 3\r\nbar\r\n", "AUTH TLS\r\n", "AUTH LOGIN\r\n", "AUTH CRAM-MD5\r\n",
        "HELLO there\r\n",
        "PING :irc.example\r\n", "INFO sip:a@b SIP/2.0\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "PING", "get foo\r\n",
        "SET \u{1}\u{2} x\r\n", "incr x 1\r\n", "CONFIG x y\r\n", "SUBSCRIBE sip:a@b SIP/2.0\r\nVia: x\r\n\r\n",
        "PUBLISH sip:a@b SIP/2.0\r\n\r\n", "SUBSCRIBE /evt HTTP/1.1\r\n", "MONITOR\n \u{1}",
    ])
    func linesOfOthersAreNot(text: String) {
        let payload = Array(text.utf8)
        #expect(RedisAnalyzer.probe(payload.span.bytes, from: .originator) == .noMatch)
    }

    /// `get` and a key is memcached's too: the answer tells.
    @Test func theAnswerTellsWhoseTheCommandWas() {
        #expect(Self.recognised(Array("get foo\r\n".utf8), from: .originator) == nil)
        #expect(Self.recognised(Array("$3\r\nbar\r\n".utf8), from: .responder) == "redis")
        #expect(Self.recognised(Array("$-1\r\n".utf8), from: .responder) == "redis")
        #expect(Self.recognised(Array("VALUE foo 0 3\r\nbar\r\nEND\r\n".utf8), from: .responder) == "memcached")
        #expect(Self.recognised(Array("END\r\n".utf8), from: .responder) == "memcached")
        #expect(Self.recognised(Array("get foo bar\r\n".utf8), from: .originator) == "memcached")
        #expect(Self.recognised(Array("VALUE for money\r\n".utf8), from: .responder) == nil)
        #expect(Self.recognised(Array("$3\r\nbarbar\r\n".utf8), from: .responder) == nil)
    }

    /// A mail server speaks first; a client that says so is none.
    @Test func onlyServersOfMailSayOK() {
        #expect(Self.recognised(Array("+OK ready\r\n".utf8), from: .responder) == "pop3")
        #expect(Self.recognised(Array("+OK ready\r\n".utf8), from: .originator) == nil)
    }

    /// The service that the registry finds in a stream's first bytes.
    static func recognised(_ payload: [UInt8], from side: Side) -> String? {
        let analyzers = AnalyzerRegistry.all.filter { $0.transports.contains(.tcp) }
        let bytes = payload.span.bytes
        guard case .match(let type) = Recognition(bytes, from: side, by: analyzers) else { return nil }
        return "\(type.service)"
    }

    /// Settings and digests of passwords that lists would show.
    @Test(arguments: [
        (["SENTINEL", "CONFIG"], "*4\r\n$13\r\nsentinel-user\r\n$1\r\nu\r\n$13\r\nsentinel-pass\r\n$7\r\nsecret1\r\n"),
        (["CONFIG", "GET"], "*2\r\n$11\r\nprimaryauth\r\n$7\r\nsecret1\r\n"),
        (["EXEC"], "*1\r\n*1\r\n$27\r\nuser default on #secret1 ~*x\r\n"),
        (["ACL", "LIST"], "*1\r\n$27\r\nuser default on #secret1 ~*x\r\n"),
    ])
    func passwordsInListsAreNotTold(words: [String], reply: String) throws {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        let command = "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
        harness.feed(command, from: .originator)
        harness.feed(reply, from: .responder)
        let record = try #require(harness.records(RedisRecord.kind).first)
        #expect(record[Records.redis.replyValue]?.contains("secret1") != true)
        #expect(record[Records.redis.success] == true)
    }

    /// Attributes stand in front of a reply, one behind the other, and may be empty.
    @Test func attributesAreNoPartOfTheReply() throws {
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed("*1\r\n$4\r\nPING\r\n", from: .originator)
        for piece in ["|0\r\n|1\r\n+ttl\r\n", ":36", "00\r\n+PO", "NG\r\n"] { harness.feed(piece, from: .responder) }
        let record = try #require(harness.records(RedisRecord.kind).first)
        #expect(record[Records.redis.replyValue] == "PONG")
    }
}
