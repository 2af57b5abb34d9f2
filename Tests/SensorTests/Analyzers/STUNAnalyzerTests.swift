import Shared
import Testing

@testable import Sensor

@Suite struct STUNAnalyzerTests {
    /// A message without attributes (RFC 8489 section 5).
    static func message(_ type: UInt16, _ id: UInt8) -> [UInt8] {
        Wire.join(
            [UInt8(type >> 8), UInt8(type & 0xFF), 0, 0], Wire.hex("2112a442"), [UInt8](repeating: id, count: 12))
    }

    private static func told(_ harness: AnalyzerHarness) -> [[String?]] {
        harness.records(STUNRecord.kind).map { [$0[Records.stun.method], $0[Records.stun.class]] }
    }

    /// RFC 8656 section 12.4: data in a channel, here padded or not (section 12.5), is the relay's own.
    @Test func whatComesBehindTheDataOfChannelsIsTold() {
        var harness = AnalyzerHarness(STUNAnalyzer.self, transport: .udp, responderPort: 3478)
        harness.feed(Self.message(0x009, 1), from: .originator)
        harness.feed(Self.message(0x109, 1), from: .responder)
        for number in 0..<200 as Range<UInt8> {
            harness.feed([0x40, 0, 0, 5, number, 2, 3, 4, 5], from: .originator)
            harness.feed([0x4F, 0xFF, 0, 5, number, 2, 3, 4, 5, 0, 0, 0], from: .responder)
        }
        #expect(!harness.isOver)
        harness.feed(Self.message(0x004, 2), from: .originator)
        harness.feed(Self.message(0x104, 2), from: .responder)
        #expect(Self.told(harness) == [["ChannelBind", "success"], ["Refresh", "success"]])
    }

    /// Numbers that are no channel's, a length that does not fit, and what no relay sends.
    @Test(arguments: ["5000 0001 aa", "4000 0005 aa", "4000 0001 aabbccddee", "16fefd 0000", "3fff 0001 aa"])
    func whatIsNotOfARelayIsHandedOver(datagram: String) {
        var harness = AnalyzerHarness(STUNAnalyzer.self, transport: .udp, responderPort: 3478)
        harness.feed(Self.message(0x009, 1), from: .originator)
        harness.feed(Self.message(0x109, 1), from: .responder)
        #expect(!harness.isOver)
        harness.feed(Wire.hex(datagram), from: .originator)
        #expect(harness.isHandedOver)
        // Without a relay there are no channels.
        var other = AnalyzerHarness(STUNAnalyzer.self, transport: .udp, responderPort: 3478)
        other.feed(Self.message(0x001, 1), from: .originator)
        other.feed([0x40, 0, 0, 1, 0xAA], from: .originator)
        #expect(other.isHandedOver)
    }

    /// What one side of a stream sends at once may be several messages, and any of them may come in pieces.
    @Test(arguments: 1...42) func messagesOfAStreamAreTakenOneByOne(size: Int) {
        let (requests, answers) = (
            Self.message(0x003, 1) + Self.message(0x001, 2), Self.message(0x113, 1) + Self.message(0x101, 2)
        )
        #expect(STUNAnalyzer.probe(requests.span.bytes, from: .originator) == .match)
        var harness = AnalyzerHarness(STUNAnalyzer.self, responderPort: 3478)
        for (stream, side) in [(requests, Side.originator), (answers, .responder)] {
            for start in stride(from: 0, to: stream.count, by: size) {
                harness.feed(Array(stream[start..<min(start + size, stream.count)]), from: side)
            }
        }
        #expect(Self.told(harness) == [["Allocate", "error"], ["Binding", "success"]])
    }

    @Test func aMessageMayComeInPieces() {
        let message = VoiceAnalyzerTests.stunResponse
        for count in 20..<message.count {
            let piece = Array(message.prefix(count))
            #expect(STUNAnalyzer.probe(piece.span.bytes, from: .responder) == .needMore)
        }
        let junk = Self.message(0x001, 1) + [UInt8](repeating: 1, count: 20)
        #expect(STUNAnalyzer.probe(junk.span.bytes, from: .originator) == .noMatch)
    }

    /// RFC 6544 section 3: over TCP, ICE leads each message and each packet of media by its length (RFC 4571).
    @Test(arguments: [1, 5, 22, 23, 100]) func messagesBehindTheirLengthAreRead(size: Int) {
        let (request, answer) = ([0, 20] + Self.message(0x001, 1), [0, 20] + Self.message(0x101, 1))
        let media: [UInt8] = [0, 13] + RTPAnalyzerTests.packet(1, time: 160)
        #expect(STUNAnalyzer.probe(request.span.bytes, from: .originator) == .match)
        var harness = AnalyzerHarness(STUNAnalyzer.self, responderPort: 443)
        // The first message is whole, for it was recognised.
        harness.feed(request, from: .originator)
        let rest = answer + media + [0, 20] + Self.message(0x001, 2)
        for start in stride(from: 0, to: rest.count, by: size) {
            harness.feed(Array(rest[start..<min(start + size, rest.count)]), from: .responder)
        }
        harness.feed(media + [0, 20] + Self.message(0x101, 2), from: .originator)
        #expect(harness.failure == nil)
        #expect(Self.told(harness) == [["Binding", "success"], ["Binding", "success"]])
    }
}
