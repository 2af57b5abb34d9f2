import Shared
import Testing

@testable import Sensor

@Suite struct RADIUSAnalyzerTests {
    /// A message with attributes of text, RFC 2865 section 3.
    static func message(_ code: UInt8, _ id: UInt8, _ attributes: [(UInt8, String)]) -> [UInt8] {
        let list = attributes.flatMap { [$0.0, UInt8($0.1.utf8.count + 2)] + Array($0.1.utf8) }
        return Wire.join([code, id, 0, UInt8(20 + list.count)], [UInt8](repeating: 0, count: 16), list)
    }

    /// RFC 2865 section 2.5: a client that is not answered asks again with the same identifier.
    @Test func aRepeatedRequestIsTheSameExchange() throws {
        var harness = AnalyzerHarness(RADIUSAnalyzer.self, transport: .udp, responderPort: 1812)
        for name in ["first", "second", "third"] {
            harness.feed(Self.message(1, 7, [(1, name), (1, "other")]), from: .originator)
        }
        harness.feed(Self.message(2, 7, [(18, "welcome"), (18, "more")]), from: .responder)
        harness.finish()
        let found = harness.records(RADIUSRecord.kind)
        #expect(found.count == 1)
        let record = try #require(found.first)
        #expect(record[Records.radius.username] == "first")
        #expect(record[Records.radius.replyMsg] == "welcome")
        #expect(record[Records.radius.result] == "success")
        // From the first of them: the harness gives a message each millisecond.
        #expect(record[Records.radius.ttl] == .milliseconds(3))
    }
}
