import Shared
import Testing

@testable import Sensor

/// Commands to Redis that are not answered, and those behind them: each outcome stays with its own command.
@Suite struct RedisSilenceTests {
    /// What Redis 7.0 answers to REPLCONF (`replconfCommand` in its replication.c), each time a command that it refuses
    /// behind it and one that it takes: those keep their outcomes.
    @Test(
        arguments: [
            (["ACK", "1"], nil), (["GETACK", "*"], nil), (["ack", "x"], nil), (["ACK", "1", "FACK", "1"], nil),
            (["listening-port", "1", "ACK", "0"], nil), (["capa", "eof", "capa", "psync2", "getack", "*"], nil),
            (["capa", "a", "capa", "b", "capa", "c", "capa", "d", "capa", "e", "ACK", "0"], nil),
            (["ACK"], "-ERR syntax error"), (["ACK", "1", "FACK"], "-ERR syntax error"),
            (["capa", "ACK"], "+OK"), (["capa", "ACK", "listening-port", "1"], "+OK"), ([], "+OK"),
            (["foo", "1"], "-ERR Unrecognized REPLCONF option: foo"),
        ] as [([String], String?)])
    func onlySomeWordsOfReplicasAreAnswered(words: [String], answer: String?) {
        let texts = ["REPLCONF"] + words
        let replication = "*\(texts.count)\r\n" + texts.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
        for isPipelined in [true, false] {
            var harness = AnalyzerHarness(RedisAnalyzer.self)
            let commands = [
                RedisAnalyzerTests.command("PING"), replication,
                RedisAnalyzerTests.command("CONFIG", "SET", "dir", "/"), RedisAnalyzerTests.command("FLUSHALL"),
            ]
            let replies = ["+PONG", answer, "-ERR no", "+OK"].map { $0.map { $0 + "\r\n" } ?? "" }
            if isPipelined {
                harness.feed(commands.joined(), from: .originator)
                harness.feed(replies.joined(), from: .responder)
            } else {
                for (command, reply) in zip(commands, replies) {
                    harness.feed(command, from: .originator)
                    harness.feed(reply, from: .responder)
                }
            }
            harness.finish()
            let found = harness.records(RedisRecord.kind)
            let outcomes = found.filter { $0[Records.redis.cmdName] != "REPLCONF" }
            #expect(outcomes.map { $0[Records.redis.cmdName] } == ["PING", "CONFIG", "FLUSHALL"])
            #expect(outcomes.map { $0[Records.redis.success] } == [true, false, true])
            let told = found.filter { $0[Records.redis.cmdName] == "REPLCONF" }
            #expect(told.first?[Records.redis.replyValue] == (answer?.dropFirst()).map { String($0) })
            #expect(told.isEmpty == (words.first?.uppercased() == "ACK" && answer == nil))
        }
    }

    /// Redis 7.0 refuses more words: then replies go on.
    @Test(arguments: ["OFF", "SKIP"]) func onlyWholeWishesForNoRepliesCount(wish: String) {
        let found = RedisAnalyzerTests.told([
            (RedisAnalyzerTests.command("CLIENT", "REPLY", wish, "x"), "-ERR wrong number of arguments\r\n"),
            (RedisAnalyzerTests.command("FLUSHALL"), "+OK\r\n"),
        ])
        #expect(found.map { $0[Records.redis.success] } == [false, true])
    }

    /// Before the login all is refused that needs one, and a login is not.
    @Test(arguments: [["AUTH", "pw"], ["HELLO", "3", "AUTH", "u", "pw"], ["RESET"], ["QUIT"]])
    func whatNeedsNoLoginIsNotRefusedForTheLackOfOne(words: [String]) {
        let login = "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
        var harness = AnalyzerHarness(RedisAnalyzer.self)
        harness.feed(
            RedisAnalyzerTests.command("REPLCONF", "ACK", "1") + login
                + RedisAnalyzerTests.command("CONFIG", "SET", "dir", "/"), from: .originator)
        harness.feed("-NOAUTH Authentication required.\r\n+OK\r\n-ERR no\r\n", from: .responder)
        harness.finish()
        let found = harness.records(RedisRecord.kind)
        #expect(found.map { $0[Records.redis.cmdName] } == [words[0], "CONFIG"])
        #expect(found.map { $0[Records.redis.success] } == [true, false])
    }

    /// In a transaction every command is answered, by "QUEUED"; whether one begins, its answer tells. `!` is sent by
    /// the server.
    @Test(
        arguments: [
            (["MULTI", "!+OK", "REPLCONF ACK 1", "!+QUEUED"], 2),
            (["MULTI", "!+OK", "EXEC", "!*0", "REPLCONF ACK 1"], 2),
            (["MULTI", "!+OK", "DISCARD", "!+OK", "REPLCONF ACK 1"], 2),
            (["MULTI", "!+OK", "RESET", "!+RESET", "REPLCONF ACK 1"], 2),
            (["MULTI", "!+OK", "NO", "!-ERR no", "REPLCONF ACK 1", "!+QUEUED", "EXEC", "!-EXECABORT no"], 4),
            (["MULTI", "!+OK", "MULTI", "!-ERR nested", "DISCARD x", "!-ERR no", "REPLCONF ACK 1", "!+QUEUED"], 4),
            (["MULTI x", "!-ERR wrong number", "REPLCONF ACK 1"], 1),
            (["MULTI", "!-NOAUTH no", "AUTH pw", "!+OK", "REPLCONF ACK 1"], 2),
            (["MULTI", "!+OK", "CLIENT REPLY OFF", "!+QUEUED", "DISCARD", "!+OK"], 3),
            (["MULTI", "!+OK", "CLIENT REPLY SKIP", "!+QUEUED", "GET a", "!+QUEUED", "DISCARD", "!+OK"], 4),
            (["MULTI", "!+OK", "CLIENT REPLY ON", "!+QUEUED", "DISCARD", "!+OK", "CLIENT REPLY SKIP", "GET a"], 5),
        ])
    func commandsOfTransactionsAreAnswered(talk: [String], count: Int) {
        for isPipelined in [true, false] {
            var harness = AnalyzerHarness(RedisAnalyzer.self)
            let talk = talk + ["FLUSHALL", "!-ERR no", "PING", "!+PONG"]
            let ordered = isPipelined ? talk.filter { $0.first != "!" } + talk.filter { $0.first == "!" } : talk
            for text in ordered {
                let isReply = text.first == "!"
                let line = String(isReply ? text.dropFirst() : text[...]) + "\r\n"
                harness.feed(line, from: isReply ? .responder : .originator)
            }
            harness.finish()
            let found = harness.records(RedisRecord.kind).suffix(2)
            #expect(found.map { $0[Records.redis.cmdName] } == ["FLUSHALL", "PING"])
            #expect(found.map { $0[Records.redis.success] } == [false, true])
            #expect(harness.records(RedisRecord.kind).count == count + 2)
        }
    }
}
