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
}
