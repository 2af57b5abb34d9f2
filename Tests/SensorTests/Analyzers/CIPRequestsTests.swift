import Shared
import Testing

@testable import Sensor

/// Answers of the Common Industrial Protocol are named as what was asked for (CIP Networks Library volume 1, sections
/// 2-4 and 3-5.5; volume 2, chapter 2).
@Suite struct CIPRequestsTests {
    private static func little(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }

    private static func frame(_ command: UInt8, _ context: UInt8, _ data: [UInt8]) -> [UInt8] {
        Wire.join(
            [command, 0], little(data.count), [1, 0, 0, 0, 0, 0, 0, 0], [UInt8](repeating: context, count: 8),
            [0, 0, 0, 0], data)
    }

    /// Send RR Data with a message that belongs to no connection.
    private static func alone(_ message: [UInt8], context: UInt8 = 9) -> [UInt8] {
        frame(0x6F, context, Wire.join(Wire.hex("00000000 0500 0200 0000 0000 b200"), little(message.count), message))
    }

    /// Send Unit Data with a message of a connection.
    private static func connected(_ message: [UInt8], number: UInt8) -> [UInt8] {
        let item = [number, 0] + message
        return frame(
            0x70, 0, Wire.join(Wire.hex("00000000 0000 0200 a100 0400 11223344 b100"), little(item.count), item))
    }

    private static let manager = Wire.hex("20062401")
    /// A tag called `M1`.
    private static let tag = Wire.hex("9102 4d31")

    private static func request(_ service: UInt8, _ path: [UInt8], _ data: [UInt8] = []) -> [UInt8] {
        [service, UInt8(path.count / 2)] + path + data
    }

    private static func answer(_ service: UInt8, _ status: UInt8 = 0, _ data: [UInt8] = []) -> [UInt8] {
        [service | 0x80, 0, status, 0] + data
    }

    /// Unconnected Send (section 3-5.5.4): priority, ticks, the length of a message, that, and the way to go.
    private static func routed(_ message: [UInt8]) -> [UInt8] {
        request(0x52, manager, Wire.join([0x0A, 0x0E], little(message.count), message, [1, 0, 1, 5]))
    }

    /// A failure with one word that tells more: the next device does not answer.
    private static let routingFailure = Wire.hex("d2 00 01 01 1103 01 00")

    /// Names of the answers.
    private static func answers(_ pieces: [(Side, [UInt8])]) -> [String?] {
        var harness = AnalyzerHarness(ENIPAnalyzer.self, responderPort: 44_818)
        for (side, bytes) in pieces { harness.feed(bytes, from: side) }
        #expect(harness.failure == nil)
        let found = harness.records(CIPRecord.kind)
        return found.filter { $0[Records.cip.direction] == "response" }.map { $0[Records.cip.service] }
    }

    @Test func whatIsRoutedIsAnsweredAsItselfOrNotAtAll() {
        let read = Self.routed(Self.request(0x4C, Self.tag, [1, 0]))
        #expect(
            Self.answers([
                (.originator, Self.alone(read)), (.responder, Self.alone(Self.routingFailure)),
                (.originator, Self.alone(read)), (.responder, Self.alone(Self.answer(0x4C, 0, [0xC4, 0, 1, 0, 0, 0]))),
            ]) == ["Unconnected Send", "Read Data"])
        // A long tag is read in parts with the code of Unconnected Send itself.
        let part = Self.routed(Self.request(0x52, Self.tag, [1, 0, 0, 0, 0, 0]))
        #expect(
            Self.answers([
                (.originator, Self.alone(part)), (.responder, Self.alone(Self.routingFailure)),
                (.originator, Self.alone(part)), (.responder, Self.alone(Self.answer(0x52, 0, [0xC4, 0, 1, 0, 0, 0]))),
            ]) == ["Unconnected Send", "Read Data Fragmented"])
    }

    /// An answer comes behind other requests: the context of its request tells which is its own.
    @Test func severalRequestsWaitAtOnce() {
        let close = Self.alone(Self.request(0x4E, Self.manager, [0]), context: 1)
        let change = Self.alone(Self.request(0x4E, Self.tag, [0]), context: 2)
        let answers = [1, 2].map { Self.alone(Self.answer(0x4E), context: $0) }
        let pieces: [(Side, [UInt8])] = [
            (.originator, close), (.originator, change), (.responder, answers[1]), (.responder, answers[0]),
        ]
        #expect(Self.answers(pieces) == ["Read Write Modify Data", "Forward Close"])
    }

    /// Clients that give all requests one context are answered in order, service by service.
    @Test func oneContextForAll() {
        let pieces: [(Side, [UInt8])] = [
            (.originator, Self.alone(Self.request(0x5B, Self.manager, [0]))),
            (.originator, Self.alone(Self.request(0x01, Wire.hex("20012401")))),
            (.responder, Self.alone(Self.answer(0x5B, 1))), (.responder, Self.alone(Self.answer(0x01))),
        ]
        #expect(Self.answers(pieces) == ["Large Forward Open", "Get Attributes All"])
    }

    /// The number of a message in its connection; what belongs to none is answered apart from it.
    @Test func messagesOfConnectionsHaveNumbers() {
        let pieces: [(Side, [UInt8])] = [
            (.originator, Self.alone(Self.request(0x4E, Self.manager, [0]), context: 0)),
            (.originator, Self.connected(Self.request(0x4E, Self.tag, [0]), number: 7)),
            (.responder, Self.connected(Self.answer(0x4E), number: 7)),
            (.responder, Self.alone(Self.answer(0x4E), context: 0)),
        ]
        #expect(Self.answers(pieces) == ["Read Write Modify Data", "Forward Close"])
    }

    /// What was asked for was not seen, or is not answered any more.
    @Test func answersWithoutARequestAndRequestsWithoutAnAnswer() {
        #expect(Self.answers([(.responder, Self.alone(Self.answer(0x4C)))]) == ["Read Data"])
        var requests = CIPRequests()
        for number in 0..<UInt16.max {
            requests.append(CIPService(code: 0x54, isConnectionManagers: true), .sequence(number))
        }
        #expect(requests.heldBytes < 8192)
        // The second answer has no request any more.
        let answers = [1, 2].map { _ in requests.isConnectionManagers(answer: 0x54, status: 0, .sequence(.max - 1)) }
        #expect(answers == [true, false])
    }
}
