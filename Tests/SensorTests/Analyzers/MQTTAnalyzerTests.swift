import Shared
import Testing

@testable import Sensor

@Suite struct MQTTAnalyzerTests {
    /// MQTT 3.1.1 section 4.3: a message of quality 2 is done with PUBCOMP, one of quality 1 with PUBACK.
    @Test func messagesAreIncompleteUntilTheLastAcknowledgement() {
        var harness = AnalyzerHarness(MQTTAnalyzer.self, responderPort: 1883)
        harness.feed(Wire.hex("10 0D 0004 4D515454 04 02 003C 0001 61"), from: .originator)
        harness.feed(Wire.hex("20 02 0000"), from: .responder)
        for (id, topic) in zip(1..., ["a", "b", "c", "d"] as [String]) {
            let quality: UInt8 = topic == "d" ? 0x32 : 0x34
            harness.feed(Wire.join([quality, 5, 0, 1], Array(topic.utf8), [0, UInt8(id)]), from: .originator)
        }
        harness.feed(Wire.hex("50 02 0001"), from: .responder)
        harness.feed(Wire.hex("62 02 0001"), from: .originator)
        harness.feed(Wire.hex("70 02 0001"), from: .responder)
        harness.feed(Wire.hex("50 02 0002"), from: .responder)
        harness.feed(Wire.hex("50 02 0003"), from: .responder)
        harness.feed(Wire.hex("62 02 0003"), from: .originator)
        harness.finish()
        let found = harness.records(MQTTPublishRecord.kind)
        #expect(found.map { $0[Records.mqttPublish.topic] } == ["a", "b", "c", "d"])
        let statuses = found.map { $0[Records.mqttPublish.status] }
        #expect(statuses == ["ok", "incomplete_qos", "incomplete_qos", "incomplete_qos"])
    }

    /// A message of quality 1 with the number 1.
    private static func message(_ topic: String, isAgain: Bool = false) -> [UInt8] {
        Wire.join([isAgain ? 0x3A : 0x32, 5, 0, 1], Array(topic.utf8), [0, 1])
    }

    private static func statuses(
        _ steps: (inout AnalyzerHarness) -> Void
    ) -> [String?: [String?]] {
        var harness = AnalyzerHarness(MQTTAnalyzer.self, responderPort: 1883)
        steps(&harness)
        harness.finish()
        let found = harness.records(MQTTPublishRecord.kind)
        return Dictionary(grouping: found) { $0[Records.mqttPublish.topic] }
            .mapValues { $0.map { $0[Records.mqttPublish.status] } }
    }

    /// Section 4.6: acknowledgements come in the order of the messages, though clients may give all of them one number.
    @Test func messagesWithOneNumberAreAcknowledgedInOrder() {
        let found = Self.statuses { harness in
            for topic in ["a", "b", "c"] { harness.feed(Self.message(topic), from: .originator) }
            for _ in 0..<2 { harness.feed([0x40, 2, 0, 1], from: .responder) }
        }
        #expect(found == ["a": ["ok"], "b": ["ok"], "c": ["incomplete_qos"]])
    }

    /// Section 3.3.1.1: a message that is sent once more takes the place of the first.
    @Test func aMessageThatIsSentAgainIsNotAcknowledgedTwice() {
        let found = Self.statuses { harness in
            harness.feed(Self.message("a"), from: .originator)
            harness.feed(Self.message("a", isAgain: true), from: .originator)
            harness.feed([0x40, 2, 0, 1], from: .responder)
        }
        #expect(found == ["a": ["incomplete_qos", "ok"]])
    }

    /// An acknowledgement was lost, of which of them is not known.
    @Test func anAcknowledgementBehindALossIsOfNoneOfSeveral() {
        let found = Self.statuses { harness in
            for topic in ["a", "b"] { harness.feed(Self.message(topic), from: .originator) }
            harness.lose(4, from: .responder)
            harness.feed([0x40, 2, 0, 1], from: .responder)
        }
        #expect(found == ["a": ["incomplete_qos"], "b": ["incomplete_qos"]])
    }
}
