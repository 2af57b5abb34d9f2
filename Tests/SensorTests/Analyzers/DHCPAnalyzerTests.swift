import Shared
import Testing

@testable import Sensor

@Suite struct DHCPAnalyzerTests {
    /// RFC 2131 section 2, with option 53 (RFC 2132 section 9.6).
    static func message(_ operation: UInt8, id: UInt8, type: UInt8) -> [UInt8] {
        Wire.join(
            [operation, 1, 6, 0, 0, 0, 0, id], [UInt8](repeating: 0, count: 20), Wire.hex("0200 0000 0001"),
            [UInt8](repeating: 0, count: 202), Wire.hex("63825363 35 01"), [type, 255])
    }

    /// The kinds of messages of each conversation that is told.
    static func told(_ messages: [(seconds: Int64, bytes: [UInt8])]) -> [[String]?] {
        var harness = AnalyzerHarness(DHCPAnalyzer.self, transport: .udp, responderPort: 67)
        let start = harness.sink.now
        for (seconds, bytes) in messages {
            harness.sink.now = start + .seconds(seconds)
            harness.feed(bytes, from: bytes.first == 1 ? .originator : .responder)
        }
        harness.finish()
        return harness.records(DHCPRecord.kind).map { $0[Records.dhcp.msgTypes] }
    }

    /// A client that is not answered asks again after some seconds (RFC 2131 section 4.1).
    @Test func silenceDoesNotEndAConversationThatBegins() {
        let discover = Self.message(1, id: 1, type: 1)
        let offer = Self.message(2, id: 1, type: 2)
        #expect(Self.told([(0, discover), (6, discover), (7, offer)]) == [["DISCOVER", "DISCOVER", "OFFER"]])
        #expect(Self.told([(0, discover), (12, discover)]) == [["DISCOVER"], ["DISCOVER"]])
        #expect(Self.told([(0, discover), (8, discover), (12, offer)]) == [["DISCOVER", "DISCOVER", "OFFER"]])
    }

    @Test func aConversationDoesNotGoOnForEver() {
        let discover = Self.message(1, id: 1, type: 1)
        let found = Self.told((0..<10).map { ($0 * 4, discover) })
        #expect(found.count == 2)
        #expect(found.first == [String](repeating: "DISCOVER", count: 8))
    }
}
