@testable import Sensor
import Shared

/// What the sides of each connection of a capture said, in order, put together by the sensor's own flow engine.
struct Conversations {
    struct Piece: Sendable {
        let side: Side
        let bytes: [UInt8]
    }

    struct Conversation: Sendable {
        let isUDP: Bool
        var pieces: [Piece] = []
    }

    /// By the connection's identity, in order of their first bytes.
    fileprivate struct Heard {
        var places: [FlowIdentity: Int] = [:]
        var conversations: [Conversation] = []
    }

    /// Of the fixture that is read: fuzzing has one thread.
    nonisolated(unsafe) fileprivate static var heard = Heard()

    static func of(_ fixture: Fixture) -> [Conversation] {
        guard fixture.isCapture else { return [] }
        heard = Heard()
        var engine = FlowEngine(analyzers: [Listener.self])
        for packet in fixture.packets.prefix(20_000) { engine.process(packet.bytes, of: packet, at: packet.time) }
        engine.finish()
        return heard.conversations
    }

    /// Takes every stream and datagram.
    private struct Listener: ProtocolAnalyzer {
        static let service: StaticString = "listener"
        static let transports: Transports = [.tcp, .udp]
        /// Enough of one side for any seed.
        private static let pieceLimit = 200
        private var count = 0

        static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult { .match }

        mutating func consume(
            _ payload: RawSpan, from side: Side, into sink: inout RecordSink
        ) throws(DecodeError) -> Progress {
            let identity = sink.connection.identity
            let place = Conversations.heard.places[identity] ?? Conversations.heard.conversations.count
            if place == Conversations.heard.conversations.count {
                Conversations.heard.places[identity] = place
                Conversations.heard.conversations.append(Conversation(isUDP: sink.connection.transport == .udp))
            }
            Conversations.heard.conversations[place].pieces.append(
                Piece(side: side, bytes: payload.withUnsafeBytes { Array($0) }))
            count += 1
            return count < Self.pieceLimit ? .wantMore : .finished
        }

        mutating func skip(
            _ byteCount: Int, from side: Side, into sink: inout RecordSink
        ) throws(DecodeError) -> Progress { .wantMore }
    }
}
