import Shared
import Testing

@testable import Sensor

/// RFC 1928 and RFC 1929.
@Suite struct SOCKSAnalyzerTests {
    private static func run(_ messages: (Side, [UInt8])...) -> AnalyzerHarness {
        var harness = AnalyzerHarness(SOCKSAnalyzer.self)
        for (side, bytes) in messages { harness.feed(bytes, from: side) }
        harness.finish()
        return harness
    }

    /// "anna" and a password, as RFC 1929 section 2 has them.
    private static let login: [UInt8] = [1, 4] + Array("anna".utf8) + [6] + Array("geheim".utf8)

    /// The proxy closes behind it: no request follows. Zeek has the words of a request's answer for it.
    @Test func aRefusedLoginIsTold() throws {
        let harness = Self.run(
            (.originator, [5, 1, 2]), (.responder, [5, 2]), (.originator, Self.login), (.responder, [1, 1]))
        let record = try #require(harness.records(SOCKSRecord.kind).first)
        #expect(record[Records.socks.version] == 5)
        #expect(record[Records.socks.user] == "anna")
        #expect(record[Records.socks.status] == "general SOCKS server failure")
        #expect(record[Records.socks.requestPort] == nil)
        #expect(harness.records(SOCKSRecord.kind).count == 1)
        #expect(harness.failure == nil)
    }

    @Test func anAcceptedLoginIsToldWithItsRequest() throws {
        let harness = Self.run(
            (.originator, [5, 2, 0, 2]), (.responder, [5, 2]), (.originator, Self.login), (.responder, [1, 0]),
            (.originator, [5, 1, 0, 1, 10, 0, 0, 1, 0, 80]), (.responder, [5, 5, 0, 1, 0, 0, 0, 0, 0, 0]))
        let records = harness.records(SOCKSRecord.kind)
        #expect(records.map { $0[Records.socks.user] } == ["anna"])
        #expect(records.map { $0[Records.socks.status] } == ["Connection refused"])
    }

    /// Section 3: none of the methods is acceptable, which is an answer like others.
    @Test func whoWantsAnotherMethodBreaksNoRule() {
        let harness = Self.run((.originator, [5, 1, 0]), (.responder, [5, 0xFF]))
        #expect(harness.failure == nil)
        #expect(harness.records(SOCKSRecord.kind).isEmpty)
    }
}
