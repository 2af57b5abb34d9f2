import Shared
import Testing

@testable import Sensor

/// Numbers that stand for topics (OASIS MQTT 5.0 section 3.3.2.3.4), and bridges.
@Suite struct MQTTAliasTests {
    /// A CONNECT packet of a client `a` (section 3.1).
    private static func login(level: UInt8) -> [UInt8] {
        let properties: [UInt8] = level == 5 ? [0] : []
        let body = Wire.join([0, 4], Array("MQTT".utf8), [level, 2, 0, 60], properties, [0, 1, 0x61])
        return [0x10, UInt8(body.count)] + body
    }

    private static func message(_ topic: String, alias: UInt8?) -> [UInt8] {
        let properties: [UInt8] = alias.map { [3, 0x23, 0, $0] } ?? [0]
        let body = Wire.join([0, UInt8(topic.utf8.count)], Array(topic.utf8), properties, [0x78])
        return [0x30, UInt8(body.count)] + body
    }

    private static func opened() -> AnalyzerHarness {
        var harness = AnalyzerHarness(MQTTAnalyzer.self, responderPort: 1883)
        harness.feed(login(level: 5), from: .originator)
        harness.feed([0x20, 3, 0, 0, 0], from: .responder)
        return harness
    }

    private static func topics(_ harness: AnalyzerHarness) -> [String?] {
        harness.records(MQTTPublishRecord.kind).map { $0[Records.mqttPublish.topic] }
    }

    /// Each side has numbers of its own; one stands for the topic that it came with last.
    @Test func aNumberStandsForItsTopic() {
        var harness = Self.opened()
        for (topic, alias, side) in [
            ("plant/a", 1, .originator), ("", 1, .originator), ("plant/b", 1, .responder), ("", 1, .originator),
            ("", 1, .responder), ("plant/c", 1, .originator), ("", 1, .originator), ("plant/d", nil, .originator),
            ("", 1, .originator), ("", 2, .originator),
        ] as [(String, UInt8?, Side)] {
            harness.feed(Self.message(topic, alias: alias), from: side)
        }
        let a = "plant/a", b = "plant/b", c = "plant/c"
        #expect(Self.topics(harness) == [a, a, b, a, b, c, c, "plant/d", c, ""])
    }

    /// Another topic may have had the number in what was lost.
    @Test func numbersAreForgottenBehindALoss() {
        var harness = Self.opened()
        harness.feed(Self.message("plant/a", alias: 1), from: .originator)
        harness.lose(20, from: .originator)
        harness.feed(Self.message("", alias: 1), from: .originator)
        #expect(Self.topics(harness) == ["plant/a", ""])
    }

    @Test func numbersWithoutEndTakeNoMemory() {
        var aliases = MQTTAliases()
        let topic = String(repeating: "t", count: 10_000)
        for number in 1...UInt16.max { _ = aliases.topic(topic, alias: number) }
        #expect(aliases.heldBytes < 80_000)
        let (first, late) = (aliases.topic("", alias: 1), aliases.topic("", alias: 60_000))
        #expect(first == topic)
        #expect(late == "")
        aliases = MQTTAliases()
        for number in 1...UInt16.max { _ = aliases.topic("t", alias: number) }
        #expect(aliases.heldBytes < 80_000)
    }

    /// Mosquitto's bridges set the highest bit of the version that they speak.
    @Test(arguments: [(0x83, "3.1"), (0x84, "3.1.1"), (4, "3.1.1"), (5, "5.0"), (6, "unknown-6")] as [(UInt8, String)])
    func bridgesSpeakTheVersionThatTheySay(level: UInt8, version: String) {
        var harness = AnalyzerHarness(MQTTAnalyzer.self, responderPort: 1883)
        harness.feed(Self.login(level: level), from: .originator)
        harness.feed([0x20, 2, 0, 0], from: .responder)
        #expect(harness.records(MQTTConnectRecord.kind).map { $0[Records.mqttConnect.protoVersion] } == [version])
    }
}
