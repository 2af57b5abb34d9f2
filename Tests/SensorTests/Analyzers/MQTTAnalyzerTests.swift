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
}
