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
    fileprivate struct Heard: SharedMemory {
        var places: [FlowIdentity: Int] = [:]
        var conversations: [Conversation] = []
    }

    static func of(_ fixture: Fixture) -> [Conversation] {
        guard fixture.isCapture else { return [] }
        var engine = FlowEngine(analyzers: [Listener.self])
        for packet in fixture.packets.prefix(20_000) { engine.process(packet.bytes, of: packet, at: packet.time) }
        engine.finish()
        return engine.sink.memories[Heard.self].conversations
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
            var heard = sink.memories[Heard.self]
            let place = heard.places[identity] ?? heard.conversations.count
            if place == heard.conversations.count {
                heard.places[identity] = place
                heard.conversations.append(Conversation(isUDP: sink.connection.transport == .udp))
            }
            heard.conversations[place].pieces.append(
                Piece(side: side, bytes: payload.withUnsafeBytes { Array($0) }))
            sink.memories[Heard.self] = heard
            count += 1
            return count < Self.pieceLimit ? .wantMore : .finished
        }

        mutating func skip(
            _ byteCount: Int, from side: Side, into sink: inout RecordSink
        ) throws(DecodeError) -> Progress { .wantMore }
    }
}
