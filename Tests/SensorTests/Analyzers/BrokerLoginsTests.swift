import Shared
import Testing

@testable import Sensor

/// Logins to brokers of which answers are missing, or that are asked for together: each is told once, and none with
/// another's answer.
@Suite struct BrokerLoginsTests {
    /// OASIS MQTT 3.1.1 section 3.1: a CONNECT with a user and a password.
    private static func connect(_ user: String, level: UInt8 = 4) -> [UInt8] {
        let properties: [UInt8] = level == 5 ? [0] : []
        let body = Wire.join(
            [0, 4], Array("MQTT".utf8), [level, 0xC2, 0, 60], properties, [0, 1, 0x63, 0, UInt8(user.utf8.count)],
            Array(user.utf8), [0, 2], Array("pw".utf8))
        return [0x10, UInt8(body.count)] + body
    }

    /// Section 3.1.0-2: a client has one; what it sends more is answered by an end, if at all.
    @Test func theAnswerOfABrokerIsThatToTheFirstLogin() {
        var harness = AnalyzerHarness(MQTTAnalyzer.self, responderPort: 1883)
        harness.feed(Self.connect("admin") + Self.connect("guest", level: 5), from: .originator)
        harness.feed([0x20, 2, 0, 0], from: .responder)
        // Of version 3.1.1, as the first: no properties stand in front of what is published.
        harness.feed([0x30, 4, 0, 1, 0x61, 0x78], from: .originator)
        harness.finish()
        let found = harness.records(MQTTConnectRecord.kind)
        #expect(found.map { $0[Records.mqttConnect.username] } == ["guest", "admin"])
        #expect(found.map { $0[Records.mqttConnect.connectStatus] } == [nil, "Connection Accepted"])
        #expect(harness.records(MQTTPublishRecord.kind).map { $0[Records.mqttPublish.payload] } == ["x"])
    }

    /// What a broker says first is its answer: behind a loss, another one is another's.
    @Test func anAnswerBehindALostOneIsNotTheFirstLogins() {
        var harness = AnalyzerHarness(MQTTAnalyzer.self, responderPort: 1883)
        harness.feed(Self.connect("admin"), from: .originator)
        harness.lose(4, from: .responder)
        harness.feed(Self.connect("guest"), from: .originator)
        harness.feed([0x20, 2, 0, 5], from: .responder)
        harness.finish()
        let found = harness.records(MQTTConnectRecord.kind)
        #expect(found.map { $0[Records.mqttConnect.username] } == ["admin", "guest"])
        #expect(found.map { $0[Records.mqttConnect.connectStatus] } == [nil, "Refused: not authorized"])
    }

    // MARK: AMQP 0-9-1

    private static let header = Array("AMQP".utf8) + [0, 0, 9, 1]
    private static let openOK = method(0x29, [0])
    /// ACCESS_REFUSED.
    private static let refusal = method(0x32, [0x01, 0x93, 2] + Array("no".utf8) + [0, 0, 0, 0])

    /// A method of the class `connection` (AMQP 0-9-1 sections 2.3.5 and 1.4).
    private static func method(_ number: UInt8, _ arguments: [UInt8]) -> [UInt8] {
        [1, 0, 0, 0, 0, 0, UInt8(arguments.count + 4), 0, 10, 0, number] + arguments + [0xCE]
    }

    /// connection.start-ok by PLAIN.
    private static func startOK(_ user: String) -> [UInt8] {
        let response = [0] + Array(user.utf8) + [0] + Array("s3cret".utf8)
        return method(
            0x0B, Wire.join([0, 0, 0, 0, 5], Array("PLAIN".utf8), [0, 0, 0, UInt8(response.count)], response, [0]))
    }

    private typealias Step = (side: Side, bytes: [UInt8]?, lost: Int)

    private static func told(_ steps: [Step]) -> [RecordView] {
        var harness = AnalyzerHarness(AMQPAnalyzer.self, responderPort: 5672)
        for step in steps {
            if let bytes = step.bytes { harness.feed(bytes, from: step.side) }
            if step.lost > 0 { harness.lose(step.lost, from: step.side) }
        }
        harness.finish()
        #expect(harness.failure == nil)
        #expect(!harness.sink.batch.strings.strings.contains { $0.contains("s3cret") })
        return harness.records(AMQPRecord.kind)
    }

    @Test(arguments: [true, false]) func theAnswerOfABrokerOfQueuesIsThatToTheFirstLogin(isLetIn: Bool) {
        let found = Self.told([
            (.originator, Self.header, 0), (.originator, Self.startOK("root") + Self.startOK("guest"), 0),
            (.responder, isLetIn ? Self.openOK : Self.refusal, 0),
        ])
        #expect(found.map { $0[Records.amqp.user] } == ["guest", "root"])
        #expect(found.map { $0[Records.amqp.success] } == [nil, isLetIn])
        #expect(found.allSatisfy { $0[Records.amqp.command] == "connection.open" })
    }

    /// Whose the answer behind a loss is cannot be told.
    @Test func answersToSeveralLoginsBehindALossAreNobodys() {
        let found = Self.told([
            (.originator, Self.header, 0), (.originator, Self.startOK("root") + Self.startOK("guest"), 0),
            (.responder, nil, 20), (.responder, Self.openOK, 0),
        ])
        #expect(Set(found.map { $0[Records.amqp.user] }) == ["root", "guest"])
        #expect(found.map { $0[Records.amqp.success] } == [nil, nil])
    }

    /// connection.tune is lost, and that the connection is open was seen.
    @Test func anAnswerBehindALossIsTheLogins() {
        let found = Self.told([
            (.originator, Self.header, 0), (.originator, Self.startOK("root"), 0), (.responder, nil, 20),
            (.responder, Self.openOK, 0),
        ])
        #expect(found.map { $0[Records.amqp.user] } == ["root"])
        #expect(found.map { $0[Records.amqp.success] } == [true])
    }

    /// That the connection is open may have been lost: the end is not the answer.
    @Test func anEndBehindALossIsNoRefusal() {
        let found = Self.told([
            (.originator, Self.header, 0), (.originator, Self.startOK("root"), 0), (.responder, nil, 20),
            (.responder, Self.refusal, 0),
        ])
        #expect(found.map { $0[Records.amqp.command] } == ["connection.open", "connection.close"])
        #expect(found.map { $0[Records.amqp.success] } == [nil, nil])
        #expect(found.map { $0[Records.amqp.reply] } == [nil, "403 no"])
    }

    // MARK: AMQP 1.0

    /// A frame of type `type` with one performative (AMQP 1.0 sections 2.3.1 and 1.3).
    private static func frame(_ kind: UInt8, _ type: UInt8, _ count: UInt8, _ fields: [UInt8]) -> [UInt8] {
        let body = [0x00, 0x53, kind, 0xC0, UInt8(fields.count + 1), count] + fields
        return [0, 0, 0, UInt8(body.count + 8), 2, type, 0, 0] + body
    }

    private static func saslInit(_ user: String) -> [UInt8] {
        let response = [0] + Array(user.utf8) + [0] + Array("s3cret".utf8)
        return frame(0x41, 1, 2, Wire.join([0xA3, 5], Array("PLAIN".utf8), [0xA0, UInt8(response.count)], response))
    }

    private static let opening: Step = (.originator, Array("AMQP".utf8) + [3, 1, 0, 0], 0)
    /// Section 5.3.3.6: 1 is a refusal.
    private static func outcome(_ code: UInt8) -> Step { (.responder, frame(0x44, 1, 1, [0x50, code]), 0) }

    @Test func theOutcomeIsThatOfTheFirstLogin() {
        let found = Self.told([
            Self.opening, (.originator, Self.saslInit("root") + Self.saslInit("guest"), 0), Self.outcome(1),
        ])
        #expect(found.map { $0[Records.amqp.user] } == ["guest", "root"])
        #expect(found.map { $0[Records.amqp.success] } == [nil, false])
        #expect(found.map { $0[Records.amqp.reply] } == [nil, "auth"])
    }

    /// Sections 2.7.1 and 2.7.3: a name; a name, a handle, a role.
    private static let open = frame(0x10, 0, 1, [0xA1, 1, 0x63])
    private static let attach = frame(0x12, 0, 3, [0xA1, 1, 0x6C, 0x43, 0x42])

    /// Clients do not wait: one of their frames is lost, and the broker refuses them.
    @Test(arguments: [UInt8(0), 1]) func theOutcomeBehindALossOfTheClients(code: UInt8) {
        var steps: [Step] = [
            Self.opening, (.originator, Self.saslInit("joe"), 0), (.originator, nil, 20),
            (.originator, Self.attach, 0), Self.outcome(code),
        ]
        if code == 0 { steps.append((.responder, Self.open, 0)) }
        let found = Self.told(steps).filter { $0[Records.amqp.command] == "connection.open" }
        #expect(found.map { $0[Records.amqp.success] } == [code == 0])
        #expect(found.map { $0[Records.amqp.reply] } == [code == 0 ? nil : "auth"])
        #expect(found.map { $0[Records.amqp.server] } == [code == 0 ? "c" : nil])
    }

    /// The broker's list of mechanisms is lost, and later perhaps its opening.
    @Test(arguments: [UInt8(0), 1]) func theOutcomeBehindALossOfTheBrokers(code: UInt8) {
        let found = Self.told([
            Self.opening, (.originator, Self.saslInit("joe"), 0), (.responder, nil, 20), Self.outcome(code),
            (.responder, nil, 20),
        ])
        #expect(found.map { $0[Records.amqp.user] } == ["joe"])
        #expect(found.map { $0[Records.amqp.success] } == [code == 0])
    }

    /// Nothing of the broker's was seen but its link.
    @Test func aLinkOfTheBrokersIsBehindItsAnswer() {
        let found = Self.told([
            Self.opening, (.originator, Self.saslInit("joe"), 0), (.responder, nil, 90),
            (.responder, Self.attach, 0), Self.outcome(1),
        ])
        #expect(found.map { $0[Records.amqp.success] } == [nil])
    }
}
