internal import Shared

/// Where one side's stream of messages stands.
///
/// A class: it is large, and each piece of the stream changes a little of it.
final class HTTPStream: BytesHolding {
    enum State {
        case startLine
        case headers
        /// Content with as many bytes still to come.
        case content(UInt64)
        case chunkSize
        case chunk(UInt64)
        /// The line end behind a chunk.
        case chunkEnd
        case trailers
        /// Content until the connection ends.
        case untilClose
        /// Whether what follows a CONNECT is requests or a tunnel's, its answer will tell; of what came, so many bytes
        /// were not kept.
        case awaitsTunnel(lost: Int)
        /// Bytes were lost outside of a body: waits for a segment that begins a message.
        case lost
    }

    /// Longest line, and most bytes of one header section.
    static let lineLimit = 65_536
    static let headerLimit = 262_144

    var state = State.startLine
    /// The beginning of a line whose end has not come.
    var line = StreamBuffer()
    /// What is kept of a header has its line end, and is told once the next line does not go on with it.
    var isLineWhole = false
    var headers = HTTPHeaders()
    var headerByteCount = 0
    var body: HTTPBody?
    /// Number of the transaction that the message belongs to.
    var depth: UInt64 = 0

    // Patterns are cheaper than the comparison of states, which looks at what they carry.
    var isInHeaders: Bool { if case .headers = state { true } else { false } }
    var isLost: Bool { if case .lost = state { true } else { false } }

    /// Nothing came yet.
    var isUntouched: Bool {
        guard depth == 0, case .startLine = state else { return false }
        return line.isEmpty && !isLineWhole
    }

    /// Nothing of a line was kept, or only the CR of one that is empty.
    var hasNoLine: Bool { line.isEmpty || line.count == 1 && line.bytes.last == 0x0D }

    var heldBytes: Int { line.heldBytes + headerByteCount + (body?.heldBytes ?? 0) }

    /// Something came behind a CONNECT before its answer.
    var hasEarly: Bool { if case .awaitsTunnel(let lost) = state { !line.isEmpty || lost > 0 } else { false } }

    /// A body that ends now is not whole (RFC 9112 §8); one without a length ends with the connection.
    var awaitsContent: Bool {
        switch state {
        case .content(let left): left > 0
        case .chunkSize, .chunk, .chunkEnd: true
        default: false
        }
    }

    /// Bytes of content that may come at once in this state, or nil where lines come.
    var contentRoom: UInt64? {
        switch state {
        case .content(let left), .chunk(let left): left
        case .untilClose: .max
        default: nil
        }
    }
}
