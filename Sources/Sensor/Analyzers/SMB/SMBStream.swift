internal import Shared

/// One side's stream of NetBIOS session messages (RFC 1002 section 4.3, MS-SMB2 2.1): keeps the heads of messages
/// and the few kinds that are read whole; content of files passes by.
struct SMBStream: BytesHolding, Sendable {
    /// What a piece of the stream was.
    enum Event: Sendable {
        case needMore
        /// A message, or as much of it as is wanted; content follows when it is a read or write.
        case message([UInt8])
        /// A piece of content: where it lies in the payload.
        case content(Range<Int>)
        /// The content of the last message is complete.
        case contentEnd
    }

    private enum State: Sendable { case header, head, padding(Int), content(Int), rest, lost }

    private var state = State.header
    private var head: [UInt8] = []
    var heldBytes: Int { head.capacity }
    /// Bytes of the current message that have not come yet.
    private var messageRemaining = 0
    /// Set when the message at hand carries content.
    private(set) var contentLength = 0

    private static let headerLength = 4
    /// Bytes of a message that is read whole: compounds and transactions; larger ones are read as far as this.
    static let wholeLimit = 262_144
    /// Bytes of a message that there is room for from its beginning.
    private static let usualHead = 160
    /// Memory that a stream keeps between its messages.
    private static let reusedLimit = 1024

    /// Whether the stream is inside of a hole's message and looks for the next.
    var isLost: Bool { if case .lost = state { true } else { false } }

    /// Takes bytes off the front of `payload` from `offset` on.
    /// - Throws: ``DecodeError`` for what cannot be a session message.
    mutating func next(_ payload: RawSpan, at offset: inout Int) throws(DecodeError) -> Event {
        while offset < payload.byteCount {
            switch state {
            case .header: try takeHeader(payload, at: &offset)
            case .head:
                if let message = takeHead(payload, at: &offset) { return .message(message) }
            case .padding(let count):
                let taken = advance(count, payload, at: &offset)
                state = taken == count ? .content(contentLength) : .padding(count - taken)
                // A length that points past its message is the sender's lie: the framing goes on.
                if messageRemaining == 0 { state = .header }
            case .content(let count):
                let start = offset
                let taken = advance(count, payload, at: &offset)
                state = .content(count - taken)
                if taken == count || messageRemaining == 0 { state = messageRemaining > 0 ? .rest : .header }
                return taken == 0 ? .contentEnd : .content(start..<offset)
            case .rest:
                _ = advance(messageRemaining, payload, at: &offset)
                if messageRemaining == 0 { state = .header }
            case .lost: resynchronise(payload, at: &offset)
            }
        }
        return .needMore
    }

    private mutating func advance(_ count: Int, _ payload: RawSpan, at offset: inout Int) -> Int {
        let taken = min(count, messageRemaining, payload.byteCount - offset)
        offset += taken
        messageRemaining -= taken
        return taken
    }

    private mutating func takeHeader(_ payload: RawSpan, at offset: inout Int) throws(DecodeError) {
        let type: UInt8
        if head.isEmpty, let whole: UInt32 = try? payload.readBE(at: offset) {
            offset += Self.headerLength
            (type, messageRemaining) = (UInt8(whole >> 24), Int(whole & 0xFF_FFFF))
        } else {
            while head.count < Self.headerLength {
                guard offset < payload.byteCount else { return }
                head.append(try payload.byte(at: offset))
                offset += 1
            }
            (type, messageRemaining) = (head[0], Int(head[1]) << 16 | Int(head[2]) << 8 | Int(head[3]))
            head.removeAll(keepingCapacity: true)
        }
        guard type == 0 || (0x81...0x85).contains(type) else { throw .invalid(.type) }
        state = messageRemaining == 0 ? .header : type == 0 ? .head : .rest
    }

    /// Adds to the head until it is complete enough.
    private mutating func takeHead(_ payload: RawSpan, at offset: inout Int) -> [UInt8]? {
        let whole = head.count + messageRemaining
        let wanted = min(SMBHead.wantedLength(head, of: whole), Self.wholeLimit)
        // Mostly the whole of a short message is wanted, or no more than its beginning.
        if head.isEmpty { head.reserveCapacity(min(whole, Self.usualHead)) }
        let start = offset
        _ = advance(max(wanted - head.count, 0), payload, at: &offset)
        payload.extracting(start..<offset).withUnsafeBytes { head.append(contentsOf: $0) }
        guard head.count >= wanted,
            SMBHead.wantedLength(head, of: whole) <= head.count || messageRemaining == 0
                || head.count >= Self.wholeLimit
        else { return nil }
        let message = head
        head = []
        if let content = SMBHead.content(message), messageRemaining >= 0 {
            contentLength = content.length
            state = .padding(max(content.offset - message.count, 0))
        } else {
            contentLength = 0
            state = messageRemaining > 0 ? .rest : .header
        }
        return message
    }

    /// Takes back a message that was read, whose memory the next one uses.
    mutating func takeBack(_ message: consuming [UInt8]) {
        guard head.capacity == 0, message.capacity <= Self.reusedLimit else { return }
        head = message
        head.removeAll(keepingCapacity: true)
    }

    /// Passes over lost bytes. Content that was lost is told by the return value.
    /// - Returns: how many of the lost bytes were content of the message at hand.
    mutating func lose(_ byteCount: Int) -> Int {
        if byteCount <= messageRemaining {
            switch state {
            case .content(let count) where byteCount <= count:
                messageRemaining -= byteCount
                state = byteCount == count ? (messageRemaining > 0 ? .rest : .header) : .content(count - byteCount)
                return byteCount
            case .rest:
                messageRemaining -= byteCount
                if messageRemaining == 0 { state = .header }
                return 0
            default: break
            }
        }
        let lostContent = if case .content(let count) = state { count } else { 0 }
        state = .lost
        head = []
        messageRemaining = 0
        return lostContent
    }

    /// Looks for the next session message: a zero, three bytes of length, and a protocol identifier of SMB.
    private mutating func resynchronise(_ payload: RawSpan, at offset: inout Int) {
        while offset + 8 <= payload.byteCount {
            if let first = try? payload.byte(at: offset), first == 0,
                let mark: UInt32 = try? payload.readBE(at: offset + 4), SMBHead.isProtocol(mark)
            {
                state = .header
                return
            }
            offset += 1
        }
        offset = payload.byteCount
    }
}
