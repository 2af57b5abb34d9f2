internal import Shared

/// Content of a mail that comes in chunks of a told size (RFC 3030 §2): `BDAT size [LAST]`.
struct MailChunk: BytesHolding, Sendable {
    private var left: UInt64 = 0
    private var lines = StreamLines()
    /// Whether the chunk that was opened last ends the mail.
    private(set) var isLast = false

    /// Whether the mail ended without a line end.
    private(set) var endsInLine = false

    /// Whether bytes of it are still to come.
    var isOpen: Bool { left > 0 }
    var heldBytes: Int { lines.heldBytes }

    /// Begins a chunk. A size that is none begins none: the server refuses it.
    /// - Parameter argument: of the command.
    mutating func open(_ argument: String) {
        isLast = false
        let words = argument.split(separator: " ", maxSplits: 1)
        guard let size = words.first.flatMap({ UInt64($0) }), size <= UInt64(Int.max) else { return }
        left = size
        isLast = words.count > 1 && words[1].uppercased() == "LAST"
    }

    /// Hands on the lines of the mail in the next bytes; a line may go on in the next chunk. One that is too long comes
    /// in pieces: the mail may be binary (RFC 3030 §3).
    /// - Returns: bytes that belong to the chunk.
    mutating func take(_ bytes: RawSpan, _ take: (RawSpan, LinePiece) -> Void) -> Int {
        let count = Int(Swift.min(left, UInt64(bytes.byteCount)))
        left -= UInt64(count)
        lines.appendPieces(bytes.extracting(0..<count), take: take)
        if !isOpen, isLast { endsInLine = lines.endPieces(take: take) }
        return count
    }

    /// Bytes that were lost.
    mutating func lose(_ byteCount: Int) {
        lines.reset()
        left -= Swift.min(left, UInt64(Swift.max(byteCount, 0)))
    }
}

/// Counts commands and replies, which come in the same order (RFC 2920 §3.2), to find the reply to a mail's text.
struct PipelinedReplies: Sendable {
    /// Commands that wait for their reply.
    private var waiting = 0
    /// Those that are answered before the mail's text is.
    private var beforeText: Int?
    /// Something was lost: any reply may be the text's.
    private var isUncertain = false

    mutating func add() { waiting += 1 }

    /// The command counted last is the end of the text.
    mutating func mark() { beforeText = isUncertain ? nil : Swift.max(0, waiting - 1) }

    mutating func lose() {
        isUncertain = true
        beforeText = nil
    }

    /// Counts a reply.
    /// - Returns: whether it may be that of the text.
    mutating func takeReply() -> Bool {
        // The greeting answers nothing.
        waiting = Swift.max(0, waiting - 1)
        guard let before = beforeText, before > 0 else { return true }
        beforeText = before - 1
        return false
    }
}
