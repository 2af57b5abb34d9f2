@testable import Sensor
import Shared

/// Conversations of all captures, twisted, through the whole sensor: recognition, the analyzers, and what they hand
/// over to each other.
struct TwistedConversations: ~Copyable {
    private static let piecesLimit = 60

    private var twist: Twist
    private var engine = FlowEngine()
    private var time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
    private var sent: UInt64 = 0
    private var records = 0
    /// The client's address tells the number of the conversation.
    private var hosts: [UInt8] = []
    private var sequence = PerSide<UInt32>(originator: 0, responder: 0)

    /// `wanted` conversations, always the same.
    static func run(_ fixtures: [Fixture], count wanted: Int) {
        let heard = fixtures.map { Conversations.of($0).filter { !$0.pieces.isEmpty } }.filter { !$0.isEmpty }
        guard !heard.isEmpty else { return print("twists: there are no captures") }
        var run = TwistedConversations(twist: Twist(random: SplitMix(state: 0x6D65_6E65_6B69)))
        for number in 0..<wanted { run.play(heard, number) }
        run.end(conversations: wanted)
    }

    private init(twist: Twist) { self.twist = twist }

    private mutating func play(_ heard: [[Conversations.Conversation]], _ number: Int) {
        let capture = heard[twist.below(heard.count)]
        let other = heard[twist.below(heard.count)]
        let conversation = capture[twist.below(capture.count)]
        var pieces = Array(conversation.pieces.prefix(Self.piecesLimit))
        twist.change(&pieces, others: other[twist.below(other.count)].pieces)
        let digits = [16, 8, 0].map { UInt8(number >> $0 & 255) }
        hosts = [10] + digits + [172, 16] + digits[1...]
        if conversation.isUDP {
            for piece in pieces { send(piece.side, 17, Self.word(8 + piece.bytes.count) + [0, 0] + piece.bytes) }
        } else {
            playStream(pieces)
        }
        guard engine.recordCount > 50_000 else { return }
        let batch = engine.takeBatch()
        records += batch.recordCount
        Promises.travels(batch)
    }

    private mutating func playStream(_ pieces: [Conversations.Piece]) {
        sequence = PerSide(
            originator: UInt32(twist.below(1 << 32)), responder: UInt32(twist.below(1 << 32)))
        if twist.below(5) > 0 {
            segment(.originator, 2, [])
            segment(.responder, 0x12, [])
        }
        let step = [1400, 1400, 1400, 100, 7][twist.below(5)]
        for piece in pieces {
            if twist.below(30) == 0 { sequence[piece.side] &+= UInt32(1 + twist.below(200)) }
            for start in stride(from: 0, to: piece.bytes.count, by: step) {
                segment(piece.side, 0x18, piece.bytes[start..<min(start + step, piece.bytes.count)])
            }
        }
        if twist.below(3) > 0 {
            segment(.originator, 0x11, [])
            segment(.responder, 0x11, [])
        }
    }

    private mutating func segment(_ side: Side, _ flags: UInt8, _ payload: ArraySlice<UInt8>) {
        let acknowledged = flags & 0x10 == 0 ? 0 : sequence[side.other]
        let head = Self.long(sequence[side]) + Self.long(acknowledged) + [0x50, flags, 255, 255, 0, 0, 0, 0]
        send(side, 6, head + payload)
        sequence[side] &+= UInt32(payload.count) &+ (flags & 3 == 0 ? 0 : 1)
    }

    private mutating func send(_ side: Side, _ transport: UInt8, _ rest: [UInt8]) {
        let addresses = side == .originator ? hosts : Array(hosts[4...] + hosts[..<4])
        let ports = side == .originator ? Self.word(40_000) + Self.word(12_345) : Self.word(12_345) + Self.word(40_000)
        let bytes: [UInt8] =
            [0x45, 0] + Self.word(24 + rest.count) + [0, 1, 0, 0, 64, transport, 0, 0] + addresses + ports + rest
        time = time + .milliseconds(1)
        sent += 1
        bytes.withUnsafeBytes {
            engine.process(CapturedPacket(time: time, linkType: .raw, bytes: $0, wireLength: $0.count))
        }
    }

    private mutating func end(conversations: Int) {
        engine.finish()
        let batch = engine.takeBatch()
        records += batch.recordCount
        Promises.travels(batch)
        let counters = engine.counters
        precondition(engine.flowCount == 0 && engine.heldBytes == 0, "something is left of connections that are gone")
        precondition(counters.packets == sent && counters.begun == counters.accounted, "packets are unaccounted for")
        print("twists: \(conversations) conversations, \(sent) packets, all accounted for; \(records) records")
    }

    private static func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
    private static func long(_ value: UInt32) -> [UInt8] { word(Int(value >> 16)) + word(Int(value & 0xFFFF)) }
}
