import Shared
import Testing

@testable import Sensor

@Suite struct MongoDBAnalyzerTests {
    /// MongoDB Wire Protocol, OP_MSG: a header, no flags, and one section: a document behind its length and an end of
    /// one byte.
    static func message(_ id: UInt8, answering answered: UInt8, _ document: [UInt8]) -> [UInt8] {
        Wire.join(
            [UInt8(document.count + 25), 0, 0, 0, id, 0, 0, 0, answered, 0, 0, 0],
            Wire.hex("dd070000 00000000 00"), [UInt8(document.count + 4), 0, 0, 0], document)
    }

    /// {"ping": 1, "$db": "x"}
    static let ping =
        Wire.hex("10") + Array("ping\0".utf8) + [1, 0, 0, 0, 2] + Array("$db\0".utf8) + Wire.hex("02000000 7800 00")
    /// {"ok": 1.0}
    static let fine = Wire.hex("01") + Array("ok\0".utf8) + Wire.hex("000000000000f03f 00")

    /// A pooled connection is found open, and its first message is an answer: of either side, for who opened it is not
    /// known.
    @Test(arguments: [Side.originator, .responder]) func anAnswerThatIsSeenFirstIsNoCommand(server: Side) {
        var harness = AnalyzerHarness(MongoDBAnalyzer.self, responderPort: 27_017)
        harness.feed(Self.message(9, answering: 1, Self.fine), from: server)
        harness.feed(Self.message(3, answering: 0, Self.ping), from: server.other)
        harness.feed(Self.message(10, answering: 3, Self.fine), from: server)
        harness.finish()
        let found = harness.records(MongoDBRecord.kind)
        #expect(found.map { $0[Records.mongodb.command] } == ["ping"])
        #expect(found.map { $0[Records.mongodb.database] } == ["x"])
        #expect(found.map { $0[Records.mongodb.success] } == [true])
    }

    /// OP_REPLY: its own header with flags, a cursor, where it begins, and the number of documents.
    @Test func aReplyThatIsSeenFirstIsNoCommand() {
        let reply = Wire.join(
            [UInt8(40 + Self.fine.count), 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0], Wire.hex("01000000"),
            [UInt8](repeating: 0, count: 20), [UInt8(Self.fine.count + 4), 0, 0, 0], Self.fine)
        var harness = AnalyzerHarness(MongoDBAnalyzer.self, responderPort: 27_017)
        harness.feed(reply, from: .originator)
        harness.finish()
        #expect(harness.records(MongoDBRecord.kind).isEmpty)
    }

    /// Servers do not look at what a command answers.
    @Test func aCommandThatAnswersSomethingIsTold() {
        var harness = AnalyzerHarness(MongoDBAnalyzer.self, responderPort: 27_017)
        for id in [3, 5] as [UInt8] { harness.feed(Self.message(id, answering: 7, Self.ping), from: .originator) }
        harness.feed(Self.message(4, answering: 3, Self.fine), from: .responder)
        harness.finish()
        #expect(harness.records(MongoDBRecord.kind).map { $0[Records.mongodb.command] } == ["ping", "ping"])
    }
}
