import Shared
import Testing

@testable import Sensor

/// Sessions with databases and brokers last for weeks: those that the sensor finds when it starts are known by what is
/// said in their middle. Who logged in was not seen, and which side asks is told by what it says.
@Suite struct UnseenBeginningsTests {
    private static func isKnown(_ type: any ProtocolAnalyzer.Type, _ bytes: [UInt8]) -> [Bool] {
        [Side.originator, .responder].map { type.probe(bytes.span.bytes, from: $0) == .match }
    }

    // MARK: PostgreSQL ("Message Formats")

    private static func message(_ type: String, _ body: [UInt8]) -> [UInt8] {
        Array(type.utf8) + [0, 0, 0, UInt8(body.count + 4)] + body
    }

    private static let query = message("Q", Array("SELECT 1\0".utf8))
    private static let answer = Wire.join(
        message("T", Wire.hex("0001 6100 00000000 0000 00000017 0004 ffffffff 0000")),
        message("D", Wire.hex("0001 00000001 31")), message("C", Array("SELECT 1\0".utf8)), message("Z", [0x49]))

    @Test(arguments: [Side.originator, .responder])
    func queriesOfPostgreSQL(client: Side) {
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        harness.feed(Self.query, from: client)
        harness.feed(Self.answer, from: client.other)
        harness.feed(Self.message("X", []), from: client)
        harness.finish()
        let records = harness.records(PostgreSQLRecord.kind)
        #expect(records.map { $0[Records.postgresql.frontendArg] } == ["SELECT 1", nil])
        #expect(records.map { $0[Records.postgresql.success] } == [true, nil])
        #expect(records.first?[Records.postgresql.rows] == 1)
        #expect(records.allSatisfy { $0[Records.postgresql.user] == nil })
        #expect(harness.failure == nil)
    }

    @Test(arguments: [Side.originator, .responder])
    func queriesBehindAnAnswerOfPostgreSQL(client: Side) {
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        harness.feed(Self.answer, from: client.other)
        harness.feed(Self.query, from: client)
        harness.feed(Self.answer, from: client.other)
        harness.finish()
        let records = harness.records(PostgreSQLRecord.kind)
        #expect(records.last?[Records.postgresql.frontendArg] == "SELECT 1")
        #expect(records.last?[Records.postgresql.success] == true)
        #expect(harness.failure == nil)
    }

    @Test func messagesOfPostgreSQLAreKnown() {
        let execution = Wire.join(
            Self.message("B", Array("\0s\0".utf8) + [0, 0, 0, 0, 0, 0]), Self.message("E", [0, 0, 0, 0, 0]),
            Self.message("S", []))
        for bytes: [UInt8] in [Self.query, Self.answer, execution] {
            #expect(Self.isKnown(PostgreSQLAnalyzer.self, bytes) == [true, true])
            #expect(Self.isKnown(PostgreSQLAnalyzer.self, bytes + [0]) == [false, false])
            #expect(Self.isKnown(PostgreSQLAnalyzer.self, Array(bytes.dropLast())) == [false, false])
        }
        for other: [UInt8] in [
            Self.message("Q", Array("SELECT\u{1}1\0".utf8)), Self.message("Q", Array("SELECT 11".utf8)),
            Self.message("Z", [0x49]), Self.message("S", []), Self.message("!", [1, 2]) + Self.message("Z", [0x49]),
            Self.message("C", [1, 2]) + Self.message("Z", [0x4A]),
        ] {
            #expect(Self.isKnown(PostgreSQLAnalyzer.self, other) == [false, false])
        }
    }

    // MARK: MySQL (dev.mysql.com, "Text Protocol", "ERR_Packet")

    private static func packet(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
        [UInt8(body.count), 0, 0, number] + body
    }

    /// Since 8.0.23, clients that have agreed to attributes say before each text how many it has, of one set.
    @Test(arguments: [Side.originator, .responder], [[], [0, 1]] as [[UInt8]])
    func queriesOfMySQL(client: Side, attributes: [UInt8]) {
        var harness = AnalyzerHarness(MySQLAnalyzer.self)
        harness.feed(Self.packet(0, Wire.join([3], attributes, Array("DELETE FROM t".utf8))), from: client)
        harness.feed(Self.packet(1, [0, 7, 0, 2, 0, 0, 0]), from: client.other)
        harness.feed(Self.packet(0, Wire.join([3], attributes, Array("DELETE FROM u".utf8))), from: client)
        harness.feed(
            Self.packet(1, Wire.hex("ff 7a04 23") + Array("42S02No such table".utf8)), from: client.other)
        harness.finish()
        let records = harness.records(MySQLRecord.kind)
        #expect(records.map { $0[Records.mysql.arg] } == ["DELETE FROM t", "DELETE FROM u"])
        #expect(records.map { $0[Records.mysql.success] } == [true, false])
        #expect(records.map { $0[Records.mysql.rows] } == [7, nil])
        #expect(records.last?[Records.mysql.response] == "No such table")
        #expect(harness.failure == nil)
    }

    /// Error 1130 in place of a greeting: there is a service, and no command that would be told.
    @Test func refusalsOfMySQL() {
        let refusal = Self.packet(0, Wire.hex("ff 6a04") + Array("Host 'a' is not allowed".utf8))
        #expect(Self.isKnown(MySQLAnalyzer.self, refusal) == [true, true])
        var harness = AnalyzerHarness(MySQLAnalyzer.self)
        harness.feed(refusal, from: .responder)
        harness.finish()
        #expect(harness.failure == nil)
        #expect(harness.records(MySQLRecord.kind).isEmpty)
    }

    @Test func otherPacketsAreNotMySQLs() {
        let text = Array("SELECT 1".utf8)
        for other: [UInt8] in [
            Self.packet(1, [3] + text), Self.packet(0, [7] + text), Self.packet(0, [3] + text) + [0x20],
            Self.packet(0, [3, 0x31] + text), Self.packet(0, [3] + text + [1]), Self.packet(0, [3] + Array("ab".utf8)),
            Self.packet(0, Wire.hex("ff 0100") + Array("Host 'a' is not allowed".utf8)),
            Self.packet(0, Wire.hex("ff 6a04") + [UInt8](repeating: 1, count: 20)),
        ] {
            #expect(Self.isKnown(MySQLAnalyzer.self, other) == [false, false])
        }
    }

    // MARK: AMQP 0-9-1 (sections 2.3.5, 1.4 and 1.7)

    private static func frame(_ type: UInt8, _ channel: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [type, 0, channel, 0, 0, 0, UInt8(payload.count)] + payload + [0xCE]
    }

    private static let declaration = frame(1, 1, Wire.hex("0032000a 0000 02 7131 00 00000000"))
    private static let heartbeat = frame(8, 0, [])
    private static let body = frame(3, 1, [0x61])

    @Test(arguments: [Side.originator, .responder])
    func queuesOfAMQP(client: Side) {
        let closing = Self.frame(1, 0, Wire.hex("000a0032 0140 02 6279 0000 0000"))
        for beginning: [UInt8] in [[], Self.heartbeat, Self.body] {
            var harness = AnalyzerHarness(AMQPAnalyzer.self)
            if !beginning.isEmpty { harness.feed(beginning, from: client) }
            harness.feed(Self.declaration, from: client)
            harness.feed(closing, from: client.other)
            harness.finish()
            let records = harness.records(AMQPRecord.kind)
            #expect(records.map { $0[Records.amqp.command] } == ["queue.declare", "connection.close"])
            #expect(records.map { $0[Records.amqp.queue] } == ["q1", nil])
            #expect(records.map { $0[Records.amqp.reply] } == [nil, "320 by"])
            #expect(records.allSatisfy { $0[Records.amqp.user] == nil && $0[Records.amqp.success] == nil })
            #expect(harness.failure == nil)
        }
    }

    /// connection.start or connection.start-ok is the first that was seen: the login is whole, or nearly.
    @Test(arguments: [Side.originator, .responder], [true, false])
    func loginsOfAMQP(client: Side, isGreetingSeen: Bool) {
        let response = Array("\0bob\0s3cret".utf8)
        var harness = AnalyzerHarness(AMQPAnalyzer.self)
        if isGreetingSeen {
            harness.feed(
                Self.frame(1, 0, Wire.hex("000a000a 0009 00000000 00000005 504c41494e 00000000")), from: client.other)
        }
        harness.feed(
            Self.frame(
                1, 0,
                Wire.join(
                    Wire.hex("000a000b 00000000 05 504c41494e 000000"), [UInt8(response.count)], response, [0])),
            from: client)
        harness.feed(Self.frame(1, 0, Wire.hex("000a0029 00")), from: client.other)
        harness.finish()
        let records = harness.records(AMQPRecord.kind)
        #expect(records.map { $0[Records.amqp.user] } == ["bob"])
        #expect(records.first?[Records.amqp.success] == true)
        #expect(!harness.sink.batch.strings.strings.contains { $0.contains("s3cret") })
    }

    @Test func framesOfAMQPAreKnown() {
        let header = Self.frame(2, 1, Wire.hex("003c 0000 0000000000000001 0000"))
        for bytes: [UInt8] in [
            Self.declaration, Self.heartbeat, Self.body, header, Self.declaration + Self.declaration,
            Self.declaration + Self.body.dropLast(3),
        ] {
            #expect(Self.isKnown(AMQPAnalyzer.self, bytes) == [true, true])
        }
        for other: [UInt8] in [
            // A class, a method and a channel that are none, another end, a header of another class.
            Self.frame(1, 1, Wire.hex("0033000a 0000 02 7131 00 00000000")),
            Self.frame(1, 1, Wire.hex("0032000c 0000")),
            Self.frame(1, 0, Wire.hex("0032000b 0000")), Array(Self.declaration.dropLast()) + [0xCD],
            Self.frame(2, 1, Wire.hex("003d 0000 0000000000000001 0000")), Self.frame(3, 0, [0x61]),
            Self.body + Self.body.dropLast(3), Array(Self.declaration.dropLast()),
            Self.declaration + [9, 0, 1, 0, 0, 0, 0, 0xCE],
        ] {
            #expect(Self.isKnown(AMQPAnalyzer.self, other) == [false, false])
        }
    }

    // MARK: MQTT (OASIS 3.1.1, section 3.8)

    private static let subscription: [UInt8] =
        [0x82, 14, 0, 9, 0, 3] + Array("a/#".utf8) + [2, 0, 3] + Array("b/+".utf8) + [0]

    @Test(arguments: [Side.originator, .responder])
    func subscriptionsOfMQTT(client: Side) {
        var harness = AnalyzerHarness(MQTTAnalyzer.self)
        harness.feed(Self.subscription, from: client)
        harness.feed([0x90, 4, 0, 9, 2, 0], from: client.other)
        harness.feed([0x30, 5, 0, 3] + Array("a/b".utf8), from: client.other)
        harness.feed([0x30, 5, 0, 3] + Array("a/c".utf8), from: client)
        harness.finish()
        let told = harness.records(MQTTSubscribeRecord.kind)
        #expect(told.map { $0[Records.mqttSubscribe.topics] } == [["a/#", "b/+"]])
        #expect(told.first?[Records.mqttSubscribe.qosLevels] == [2, 0])
        #expect(told.first?[Records.mqttSubscribe.ack] == true)
        let published = harness.records(MQTTPublishRecord.kind)
        #expect(published.map { $0[Records.mqttPublish.fromClient] } == [false, true])
    }

    @Test func otherPacketsAreNoSubscriptions() {
        #expect(Self.isKnown(MQTTAnalyzer.self, Self.subscription) == [true, true])
        for other: [UInt8] in [
            Self.subscription + [0], Array(Self.subscription.dropLast()), [0x82, 2, 0, 9], [0x82, 5, 0, 9, 0, 0, 0],
            [0x82, 6, 0, 0, 0, 1, 0x61, 0], [0x82, 6, 0, 9, 0, 1, 0x61, 3], [0x82, 6, 0, 9, 0, 1, 0x07, 0],
            [0x80, 6, 0, 9, 0, 1, 0x61, 0],
        ] {
            #expect(Self.isKnown(MQTTAnalyzer.self, other) == [false, false])
        }
    }

    // MARK: BGP (RFC 4271 section 4)

    @Test(arguments: [
        ("0013 04", true), ("0014 04 00", false), ("0017 02 0000 0000", true), ("0016 02 0000 00", false),
        ("0015 03 06 02", true), ("0017 05 0001 00 01", true), ("0018 05 0001 00 01 00", false), ("0013 06", false),
        ("001b 05 0001 00 01 01 40 0000", true), ("2000 02 0000 0000", true), ("2000 04", false),
        ("001d 01 04 fde8 00b4 c0000201 00", true), ("001d 01 03 fde8 00b4 c0000201 00", false),
    ])
    func messagesOfBGP(body: String, isOne: Bool) {
        let message = [UInt8](repeating: 0xFF, count: 16) + Wire.hex(body)
        #expect(Self.isKnown(BGPAnalyzer.self, message) == [isOne, isOne])
    }

    // MARK: TLS (RFC 5246 section 6.2.3.1)

    @Test(arguments: [(2, true), (48, true), (80, true), (81, false), (3, false)])
    func encryptedAlerts(byteCount: Int, isOne: Bool) {
        let record = Wire.hex("15 0303 00") + [UInt8(byteCount)] + [UInt8](repeating: 0xA5, count: byteCount)
        #expect(Self.isKnown(TLSAnalyzer.self, record) == [isOne, isOne])
    }
}
