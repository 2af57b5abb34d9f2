internal import Shared

/// The frames of one side of an HTTP/2 connection: content passes by, all else is put together.
struct HTTP2Frames: BytesHolding, Sendable {
    /// Longest frame that is put together; longer ones are passed over.
    static let payloadLimit = 65_536
    /// The client's first bytes are none of a frame (RFC 9113 section 3.4).
    static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    /// What the first bytes of a piece were.
    enum Event {
        /// The client's preface begins.
        case preface
        /// The first `count` bytes are content of a stream; whether the frame ends with them.
        case content(HTTP2FrameHead, count: Int, isLast: Bool)
        /// A frame has ended of which ``payload`` is all that was not told before: nothing of content and of what is
        /// too long.
        case frame(HTTP2FrameHead)
    }

    /// The payload of a frame that is put together, without padding.
    private(set) var payload: [UInt8] = []
    private var start: [UInt8] = []
    private var head: HTTP2FrameHead?
    /// Bytes of the frame still to come, and how many of them are padding.
    private var left = 0, padding = 0
    private var awaitsPadding = false
    private var prefaceLeft = 0
    /// Where frames begin is not known.
    private(set) var isLost = false

    var heldBytes: Int { start.capacity + payload.capacity }

    /// Takes a part off the front of `bytes`, which are not empty.
    /// - Returns: how many bytes, and what they were, unless that is yet to be told.
    /// - Throws: ``DecodeError`` for more padding than payload.
    mutating func step(_ bytes: RawSpan) throws(DecodeError) -> (taken: Int, event: Event?) {
        if prefaceLeft > 0 {
            let taken = Swift.min(prefaceLeft, bytes.byteCount)
            prefaceLeft -= taken
            return (taken, nil)
        }
        guard let head else { return try begin(bytes) }
        if awaitsPadding { return try readPadding(bytes, head) }
        let plain = Swift.min(left - padding, bytes.byteCount)
        guard plain > 0 else {
            let taken = Swift.min(left, bytes.byteCount)
            left -= taken
            padding = left
            return (taken, ended(head))
        }
        left -= plain
        if head.kind == HTTP2FrameHead.Kind.data {
            let isLast = left == 0
            if isLast { self.head = nil }
            return (plain, .content(head, count: plain, isLast: isLast))
        }
        if head.length <= Self.payloadLimit { bytes.extracting(first: plain).withUnsafeBytes { payload += $0 } }
        return (plain, ended(head))
    }

    /// Bytes of content that are lost inside of a frame leave all else as it is.
    /// - Returns: the stream whose content was lost, or nil when where frames begin is not known any more.
    mutating func lose(_ byteCount: Int) -> UInt32? {
        guard let head, head.kind == HTTP2FrameHead.Kind.data, !awaitsPadding, byteCount < left - padding else {
            self = HTTP2Frames()
            isLost = true
            return nil
        }
        left -= byteCount
        return head.stream
    }

    /// Takes up frames again where `segment` begins with some.
    /// - Returns: whether it does.
    mutating func resume(with segment: RawSpan) -> Bool {
        if HTTP2FrameHead.stand(in: segment, isKnown: true) { isLost = false }
        return !isLost
    }

    private mutating func begin(_ bytes: RawSpan) throws(DecodeError) -> (taken: Int, event: Event?) {
        let count = Swift.min(HTTP2FrameHead.byteCount - start.count, bytes.byteCount)
        bytes.extracting(first: count).withUnsafeBytes { start += $0 }
        guard start.count == HTTP2FrameHead.byteCount else { return (count, nil) }
        defer { start.removeAll(keepingCapacity: true) }
        if start.starts(with: UnsafeBufferPointer(start: Self.preface.utf8Start, count: start.count)) {
            prefaceLeft = Self.preface.utf8CodeUnitCount - start.count
            return (count, .preface)
        }
        let head = try HTTP2FrameHead(start.span.bytes)
        payload.removeAll(keepingCapacity: payload.capacity <= 4096)
        (self.head, left, padding, awaitsPadding) = (head, head.length, 0, head.isPadded)
        return (count, ended(head))
    }

    private mutating func readPadding(
        _ bytes: RawSpan, _ head: HTTP2FrameHead
    ) throws(DecodeError) -> (taken: Int, event: Event?) {
        padding = Int(try bytes.byte(at: 0))
        left -= 1
        awaitsPadding = false
        guard padding <= left else { throw .invalid(.length) }
        return (1, ended(head))
    }

    private mutating func ended(_ head: HTTP2FrameHead) -> Event? {
        guard left == 0 else { return nil }
        self.head = nil
        return .frame(head)
    }
}
