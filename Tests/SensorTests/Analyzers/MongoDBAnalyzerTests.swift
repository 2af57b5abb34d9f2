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

    // MARK: elements of BSON (bsonspec.org)

    private static func little(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) } }
    private static func text(_ name: String, _ value: String) -> [UInt8] {
        Wire.join([2], Array("\(name)\0".utf8), little(value.utf8.count + 1), Array("\(value)\0".utf8))
    }
    private static func number(_ name: String, _ value: Int) -> [UInt8] {
        Wire.join([0x10], Array("\(name)\0".utf8), little(value))
    }
    private static func bytes(_ name: String, _ value: String) -> [UInt8] {
        Wire.join([5], Array("\(name)\0".utf8), little(value.utf8.count), [0], Array(value.utf8))
    }
    private static func document(_ name: String, _ elements: [UInt8]) -> [UInt8] {
        Wire.join([3], Array("\(name)\0".utf8), little(elements.count + 5), elements, [0])
    }
    /// As ``message(_:answering:_:)``, of any size and of elements alone.
    private static func long(_ id: Int, answering answered: Int, _ elements: [UInt8]) -> [UInt8] {
        Wire.join(
            little(elements.count + 26), little(id), little(answered), Wire.hex("dd070000 00000000 00"),
            little(elements.count + 5), elements, [0])
    }

    /// MongoDB Handshake specification, "Speculative Authentication": the hello carries the first step of the login,
    /// and the client goes on with the next.
    @Test(arguments: [true, false]) func aLoginMayBeginWithTheHello(isAccepted: Bool) {
        let step = Wire.join(
            Self.number("saslStart", 1), Self.text("mechanism", "SCRAM-SHA-256"),
            Self.bytes("payload", "n,,n=anna,r=abcdefgh"), Self.text("db", "admin"))
        let hello = Wire.join(
            Self.number("hello", 1), Self.document("speculativeAuthenticate", step), Self.text("$db", "admin"))
        let next = Wire.join(
            Self.number("saslContinue", 1), Self.bytes("payload", "c=biws,r=abcdefghSRV,p=xxxx"),
            Self.text("$db", "admin"))
        let fine = Array(Self.fine.dropLast())
        let refusal = Wire.join(
            Self.number("ok", 0), Self.text("errmsg", "no"), Self.text("codeName", "AuthenticationFailed"))
        var harness = AnalyzerHarness(MongoDBAnalyzer.self, responderPort: 27_017)
        // The monitor's hello came first on this connection.
        harness.feed(Self.long(1, answering: 0, Self.number("hello", 1)), from: .originator)
        harness.feed(Self.long(2, answering: 1, fine), from: .responder)
        harness.feed(Self.long(3, answering: 0, hello), from: .originator)
        harness.feed(Self.long(4, answering: 3, fine), from: .responder)
        harness.feed(Self.long(5, answering: 0, next), from: .originator)
        harness.feed(Self.long(6, answering: 5, isAccepted ? fine : refusal), from: .responder)
        harness.finish()
        let found = harness.records(MongoDBRecord.kind)
        #expect(found.map { $0[Records.mongodb.command] } == ["hello", "saslContinue"])
        #expect(found.map { $0[Records.mongodb.user] } == [nil, "anna"])
        #expect(found.map { $0[Records.mongodb.mechanism] } == [nil, "SCRAM-SHA-256"])
        #expect(found.map { $0[Records.mongodb.success] } == [true, isAccepted])
    }

    /// Of a long answer the end, where `ok` stands, is not read: what a cursor finds is no refusal.
    @Test(arguments: [1400, 100_000]) func longAnswersAreSuccesses(segment: Int) {
        let rows = Self.document("cursor", Self.text("x", String(repeating: "x", count: 20_000)))
        let others = Self.document("other", Self.text("x", String(repeating: "x", count: 20_000)))
        var harness = AnalyzerHarness(MongoDBAnalyzer.self, responderPort: 27_017)
        for (id, elements) in [(1, rows), (3, others), (5, rows)] {
            harness.feed(Self.message(UInt8(id), answering: 0, Self.ping), from: .originator)
            let ok = id == 5 ? Self.number("ok", 0) : Array(Self.fine.dropLast())
            let answer = Self.long(id + 1, answering: id, id == 5 ? ok : elements + ok)
            for start in stride(from: 0, to: answer.count, by: segment) {
                harness.feed(Array(answer[start..<min(start + segment, answer.count)]), from: .responder)
            }
        }
        #expect(harness.records(MongoDBRecord.kind).map { $0[Records.mongodb.success] } == [true, nil, false])
    }
}
