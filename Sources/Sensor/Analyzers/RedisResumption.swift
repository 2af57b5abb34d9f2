internal import Shared

/// Finds messages of Redis again behind a loss, and tells when replies belong to commands again.
///
/// A reply does not say which command it answers, and of those that were sent before the loss some may still come. They
/// have once both sides were quiet: a server answers at once, and the client goes on after it.
struct RedisResumption: Sendable {
    /// Replies that are on their way come within this of one another.
    private static let silence = Interval.milliseconds(5)
    /// Commands in a row that each had one reply before the next: such a client waits for replies.
    private static let turnLimit = 8

    /// Which command a reply belongs to is not known for now.
    private(set) var isUnsure = false
    /// When the server spoke last; nil when the client has spoken since.
    private var lastReply: Timestamp?
    private var turns = 0

    /// Something of a side was lost: the server's was a reply.
    mutating func lose(from side: Side, at now: Timestamp) {
        self = RedisResumption()
        isUnsure = true
        if side == .responder { lastReply = now }
    }

    /// The client sent a command.
    mutating func command(at now: Timestamp) {
        guard isUnsure else { return }
        turns = lastReply == nil ? 0 : turns + 1
        if let lastReply, turns >= Self.turnLimit || now - lastReply >= Self.silence { self = RedisResumption() }
        lastReply = nil
    }

    /// The server sent a reply.
    mutating func reply(at now: Timestamp) {
        guard isUnsure else { return }
        if lastReply != nil { turns = 0 }
        lastReply = now
    }

    /// Whether a message begins with this segment (RESP specification): what it is, and the rest of its line. A
    /// client's is an array of texts or a line of words.
    static func begins(_ segment: RawSpan, from side: Side) -> Bool {
        guard side == .responder else {
            guard segment.starts(with: "*") else { return RedisInlineCommand.probe(segment) != .noMatch }
            guard let (_, first) = RedisAnalyzer.number(segment, at: 1) else { return false }
            return first == segment.byteCount || (try? segment.byte(at: first)) == 0x24
        }
        return isReply(segment)
    }

    /// Whether a reply begins here: a number or size behind its type, or a line of text.
    static func isReply(_ segment: RawSpan) -> Bool {
        guard let type = try? segment.byte(at: 0), RedisAnalyzer.isType(type) else { return false }
        guard type == 0x2B || type == 0x2D else { return RedisAnalyzer.number(segment, at: 1) != nil }
        guard let end = segment.firstIndex(of: 0x0D, from: 1), (try? segment.byte(at: end + 1)) == 0x0A,
            let first = try? segment.byte(at: 1)
        else { return false }
        if type == 0x2D { return (0x41...0x5A).contains(first) }
        return HTTPText.isLetter(first) || (0x30...0x39).contains(first)
    }
}
