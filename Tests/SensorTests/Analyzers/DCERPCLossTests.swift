import Shared
import Testing

@testable import Sensor

/// A part of a bind is enough to name the calls that follow (C706 section 12.6.4.3).
@Suite struct DCERPCLossTests {
    static let bind = SMBLostAnswersTests.bind
    static let call = SMBLostAnswersTests.call

    static func expectOneCall(_ harness: AnalyzerHarness) throws {
        #expect(harness.failure == nil)
        let records = harness.records(DCERPCRecord.kind)
        #expect(records.map { $0[Records.dceRpc.endpoint] } == ["samr"])
        #expect(records.map { $0[Records.dceRpc.operation] } == ["SamrEnumerateUsersInDomain"])
    }

    /// The first interface stands behind 28 bytes of head and counts, and four of its context.
    @Test(arguments: [48, 60]) func theEndOfABindMayBeLost(count: Int) throws {
        var harness = AnalyzerHarness(DCERPCAnalyzer.self)
        harness.feed(Array(Self.bind.prefix(count)), from: .originator)
        harness.lose(Self.bind.count - count, from: .originator)
        harness.feed(Self.call, from: .originator)
        harness.finish()
        try Self.expectOneCall(harness)
    }

    @Test func anInterfaceThatIsCutIsNotTold() {
        var harness = AnalyzerHarness(DCERPCAnalyzer.self)
        harness.feed(Array(Self.bind.prefix(47)), from: .originator)
        harness.lose(Self.bind.count - 47, from: .originator)
        harness.feed(Self.call, from: .originator)
        harness.finish()
        #expect(harness.failure == nil)
        #expect(harness.records(DCERPCRecord.kind).isEmpty)
    }

    /// A hole inside of a bind: what follows in the same segment is found by the bind's length.
    @Test func theMiddleOfABindMayBeLost() throws {
        var harness = AnalyzerHarness(DCERPCAnalyzer.self)
        harness.feed(Array(Self.bind.prefix(50)), from: .originator)
        harness.lose(10, from: .originator)
        harness.feed(Array(Self.bind.dropFirst(60)) + Self.call, from: .originator)
        harness.finish()
        try Self.expectOneCall(harness)
    }

    /// The same in a pipe: the session's message goes on behind the hole.
    @Test(arguments: [true, false]) func aBindInAPipeMayBeCut(isEnd: Bool) throws {
        var harness = AnalyzerHarness(SMBAnalyzer.self, responderPort: 445)
        let write = SMBLostAnswersTests.write(Self.bind, id: 3)
        let head = write.count - Self.bind.count
        harness.feed(Array(write.prefix(head + 50)), from: .originator)
        harness.lose(isEnd ? Self.bind.count - 50 : 10, from: .originator)
        if !isEnd { harness.feed(Array(write.dropFirst(head + 60)), from: .originator) }
        harness.feed(SMBLostAnswersTests.write(Self.call, id: 4), from: .originator)
        harness.finish()
        try Self.expectOneCall(harness)
    }
}
