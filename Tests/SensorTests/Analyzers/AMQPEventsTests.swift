import Shared
import Testing

@testable import Sensor

/// What is told of an AMQP connection that never ends (0-9-1, sections 1.6 to 1.8).
@Suite struct AMQPEventsTests {
    /// A method on channel 1.
    private static func method(_ kind: UInt8, _ number: UInt8, _ arguments: [UInt8]) -> [UInt8] {
        [1, 0, 1, 0, 0, 0, UInt8(arguments.count + 4), 0, kind, 0, number] + arguments + [0xCE]
    }

    private static func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }

    private static func publish(_ key: String) -> [UInt8] { method(60, 40, [0, 0] + text("") + text(key) + [0]) }

    @Test func whatIsSentHidesNothingThatIsDone() {
        var harness = AnalyzerHarness(AMQPAnalyzer.self, responderPort: 5672)
        harness.feed(Array("AMQP".utf8) + [0, 0, 9, 1], from: .originator)
        for number in 0..<600 { harness.feed(Self.publish("dev.\(number % 300)"), from: .originator) }
        harness.feed(Self.method(50, 40, [0, 0] + Self.text("important") + [0]), from: .originator)
        harness.feed(Self.method(40, 20, [0, 0] + Self.text("ex") + [0]), from: .originator)
        harness.finish()
        let found = harness.records(AMQPRecord.kind)
        #expect(found.filter { $0[Records.amqp.command] == "basic.publish" }.count == AMQPEvents.limit)
        #expect(found.compactMap { $0[Records.amqp.queue] } == ["important"])
        #expect(found.compactMap { $0[Records.amqp.exchange] } == ["ex"])
        let weirds = harness.records(WeirdRecord.kind)
        #expect(weirds.map { $0[Records.weird.name] } == ["amqp_events_left_out"])
        #expect(weirds.first?[Records.weird.addl] == "basic.publish")
    }

    /// No more than was told is left out: what is repeated is told once anyway.
    @Test func repetitionsAreNotLeftOut() {
        var harness = AnalyzerHarness(AMQPAnalyzer.self, responderPort: 5672)
        harness.feed(Array("AMQP".utf8) + [0, 0, 9, 1], from: .originator)
        for number in 0..<(2 * AMQPEvents.limit) {
            harness.feed(Self.publish("dev.\(number % AMQPEvents.limit)"), from: .originator)
        }
        harness.finish()
        let found = harness.records(AMQPRecord.kind)
        #expect(found.filter { $0[Records.amqp.command] == "basic.publish" }.count == AMQPEvents.limit)
        #expect(harness.records(WeirdRecord.kind).isEmpty)
    }

    @Test func whatWasToldIsCountedAsHeld() {
        var harness = AnalyzerHarness(AMQPAnalyzer.self, responderPort: 5672)
        harness.feed(Array("AMQP".utf8) + [0, 0, 9, 1], from: .originator)
        for number in 0..<100 {
            let key = String(repeating: "k", count: 200) + "\(100 + number)"
            harness.feed(Self.publish(key), from: .originator)
        }
        #expect(harness.analyzer.heldBytes > 100 * 200)
    }
}
