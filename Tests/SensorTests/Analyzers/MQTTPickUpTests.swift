import Shared
import Testing

@testable import Sensor

/// Sessions of MQTT whose login was not seen (OASIS MQTT 3.1.1 and 5.0, section 3).
@Suite struct MQTTPickUpTests {
    private static func text(_ text: String) -> [UInt8] { [0, UInt8(text.utf8.count)] + Array(text.utf8) }

    private static func packet(_ first: UInt8, _ body: [UInt8]) -> [UInt8] { [first, UInt8(body.count)] + body }

    /// - Parameter properties: nil for version 3.1.1.
    private static func publication(
        _ topic: String, _ payload: String, id: UInt8? = nil, properties: [UInt8]? = nil
    ) -> [UInt8] {
        let number: [UInt8] = id.map { [0, $0] } ?? []
        let body = Wire.join(text(topic), number, list(properties), Array(payload.utf8))
        return packet(id == nil ? 0x30 : 0x32, body)
    }

    private static func subscription(_ filter: String, id: UInt8, properties: [UInt8]? = nil) -> [UInt8] {
        packet(0x82, Wire.join([0, id], list(properties), text(filter), [1]))
    }

    private static func list(_ properties: [UInt8]?) -> [UInt8] {
        guard let properties else { return [] }
        return [UInt8(properties.count)] + properties
    }

    /// A property of the user's own (5.0 section 3.3.2.3.7).
    private static let secret: [UInt8] = [0x26] + text("auth") + text("TOKEN123")

    private static func told(
        _ pieces: [(Side, [UInt8])], line: SourceLocation = #_sourceLocation
    ) -> AnalyzerHarness {
        var harness = AnalyzerHarness(MQTTAnalyzer.self, responderPort: 1883)
        for (side, bytes) in pieces { harness.feed(bytes, from: side) }
        harness.finish()
        #expect(harness.failure == nil, sourceLocation: line)
        #expect(harness.records(WeirdRecord.kind).isEmpty, sourceLocation: line)
        return harness
    }

    private static func payloads(_ harness: AnalyzerHarness) -> [String?] {
        harness.records(MQTTPublishRecord.kind).map { $0[Records.mqttPublish.payload] }
    }

    /// Properties are no payload; what they do not begin is.
    @Test func propertiesOfAMessageTellItsVersion() {
        let harness = Self.told([
            (.originator, Self.publication("site/temp", "21.5", id: 1, properties: Self.secret)),
            (.responder, [0x40, 2, 0, 1]),
            (.originator, Self.subscription("site/cmd/1", id: 2, properties: [])),
            (.responder, Self.packet(0x90, [0, 2, 0, 1])),
            (.responder, Self.publication("site/cmd/1", "open", properties: [])),
        ])
        #expect(Self.payloads(harness) == ["21.5", "open"])
        let lengths = harness.records(MQTTPublishRecord.kind).map { $0[Records.mqttPublish.payloadLen] }
        #expect(lengths == [4, 4])
        let subscriptions = harness.records(MQTTSubscribeRecord.kind)
        #expect(subscriptions.map { $0[Records.mqttSubscribe.topics] } == [["site/cmd/1"]])
        #expect(subscriptions.first?[Records.mqttSubscribe.grantedQosLevel] == 1)
    }

    @Test func packetsMayEndAnywhereInASegment() {
        let stream = Wire.join(
            Self.publication("site/temp", "21.5", properties: Self.secret),
            Self.subscription("site/cmd/1", id: 2, properties: []),
            Self.publication("site/temp", "22.5", properties: []))
        for length in 1..<stream.count {
            let harness = Self.told([
                (.originator, Array(stream.prefix(length))), (.originator, Array(stream.dropFirst(length))),
            ])
            #expect(Self.payloads(harness) == ["21.5", "22.5"])
            #expect(harness.records(MQTTSubscribeRecord.kind).count == 1)
        }
    }

    /// 3.1.1 has no properties, whatever what is said begins with.
    @Test func messagesWithoutPropertiesAreTheOlderVersions() {
        let harness = Self.told([
            (.originator, Self.publication("site/temp", "{}")),
            (.originator, Self.publication("site/temp", "\0a")),
            (.originator, Self.publication("site/temp", "\u{3}\u{23}\0\u{1}a")),
        ])
        #expect(Self.payloads(harness) == ["{}", "\\x00a", "\\x03#\\x00\\x01a"])
    }

    /// An empty list of properties and a payload that begins with a zero look alike.
    @Test func whatFollowsTellsWhatAZeroMeant() {
        let harness = Self.told([
            (.originator, Self.publication("site/temp", "\0a")), (.originator, Self.publication("site/temp", "ab")),
            (.originator, Self.publication("site/temp", "\0c")),
        ])
        #expect(Self.payloads(harness) == ["a", "ab", "\\x00c"])
    }

    /// A subscription alone, and its end, tell the version (5.0 sections 3.8 and 3.10), and the first the side of the
    /// client.
    @Test(arguments: [Side.originator, .responder]) func subscriptionsTellTheirVersion(client: Side) {
        let harness = Self.told([
            (client, Self.subscription("a/#", id: 5, properties: [0x0B, 7])),
            (client.other, Self.packet(0x90, [0, 5, 0, 1])),
            (client, Self.packet(0xA2, [0, 6, 0] + Self.text("a/#"))),
            (client.other, Self.packet(0xB0, [0, 6, 0, 0])),
            (client.other, Self.publication("a/b", "x", properties: [])),
        ])
        let found = harness.records(MQTTSubscribeRecord.kind)
        #expect(found.map { $0[Records.mqttSubscribe.topics] } == [["a/#"], ["a/#"]])
        #expect(found.map { $0[Records.mqttSubscribe.ack] } == [true, true])
        #expect(Self.payloads(harness) == ["x"])
        #expect(harness.records(MQTTPublishRecord.kind).first?[Records.mqttPublish.fromClient] == false)
        let first = Self.subscription("a/#", id: 5, properties: [0x0B, 7])
        #expect(MQTTAnalyzer.probe(first.span.bytes, from: client) == .match)
    }

    /// One packet that cannot be read is told, and those behind it as well.
    @Test func aPacketThatMakesNoSenseHidesNoOther() {
        var harness = AnalyzerHarness(MQTTAnalyzer.self, responderPort: 1883)
        harness.feed(Self.publication("site/temp", "1"), from: .originator)
        harness.feed(Self.packet(0x82, [0, 9, 0x70, 0x61]), from: .originator)
        harness.feed(Self.publication("site/temp", "2"), from: .originator)
        harness.finish()
        #expect(harness.failure == nil)
        #expect(Self.payloads(harness) == ["1", "2"])
        #expect(harness.records(WeirdRecord.kind).map { $0[Records.weird.name] } == ["mqtt_malformed"])
    }

    private static let message = publication("site/a/temp", "21")

    private static let together: [[UInt8]] = [
        message + message + message, [0x40, 2, 0, 7] + message, message + [0xC0, 0],
        message + subscription("a/#", id: 9), subscription("a/#", id: 9, properties: []) + [0xC0, 0],
        publication("", "x", properties: [0x23, 0, 1]), message + message.dropLast(), message + message.prefix(5),
        message + message + [0x30], message + message + [0x32, 0x80],
    ]

    /// Packets that brokers and clients send in one segment; the last of them in two.
    @Test(arguments: together) func severalPacketsInASegment(segment: [UInt8]) {
        for side in [Side.originator, .responder] {
            #expect(MQTTAnalyzer.probe(segment.span.bytes, from: side) == .match)
        }
    }

    private static let others: [[UInt8]] = [
        message + [0x00], message + [0x31], message + [0x36, 9, 0, 3], message + [0x30, 9, 0, 8],
        message + [0x30, 9, 0, 3, 7, 7], message + [0xC0, 1, 0], message + [0x62, 2, 0, 0], [0xC0, 0, 0xD0, 0],
        message + [0x82, 9], Array(message.dropLast()), message + message + [0x00], message + message + [0x80],
        message + message + [0x30, 0xFF, 0xFF, 0xFF, 0xFF], publication("", "x", properties: [0x23, 0, 0]),
        publication("", "x", properties: []), [0x32, 8, 0, 3, 0x61, 0x62, 0x63, 0, 0, 0x78],
    ]

    @Test(arguments: others) func otherSegmentsAreNotRecognised(segment: [UInt8]) {
        for side in [Side.originator, .responder] {
            #expect(MQTTAnalyzer.probe(segment.span.bytes, from: side) == .noMatch)
        }
    }
}
