internal import Shared

/// One side of a stream whose messages tell their own length: puts them together and hands each on, whole.
struct FramedStream: BytesHolding, Sendable {
    private var buffer = StreamBuffer()
    /// Bytes of a long message that are still to be passed over.
    private var skipping = 0
    /// Bytes were lost: the next message is to be found again.
    private var isLost = false

    var heldBytes: Int { buffer.heldBytes }

    /// Adds bytes of a stream that is found again after ``loseMessage()``: messages mostly begin with a segment.
    /// - Parameter begins: whether a message begins here.
    mutating func append(
        _ bytes: RawSpan, limit: Int, resumingWhere begins: (RawSpan) -> Bool,
        length: (RawSpan) throws(DecodeError) -> Int, take: (RawSpan) throws(DecodeError) -> Bool
    ) throws(DecodeError) {
        if isLost, !begins(bytes) { return }
        isLost = false
        try append(bytes, limit: limit, length: length, take: take)
    }

    /// Adds bytes and hands each whole message to `take`, until `take` answers false.
    /// - Parameters:
    ///   - limit: longest message that is put together; of a longer one `take` gets the first `limit` bytes, and the
    ///     rest is passed over.
    ///   - length: bytes of the message that begins here, header included; 0 when that cannot be told yet.
    mutating func append(
        _ bytes: RawSpan, limit: Int, length: (RawSpan) throws(DecodeError) -> Int,
        take: (RawSpan) throws(DecodeError) -> Bool
    ) throws(DecodeError) {
        let passed = Swift.min(skipping, bytes.byteCount)
        skipping -= passed
        let rest = bytes.extracting(droppingFirst: passed)
        guard buffer.isEmpty else {
            try buffer.append(rest, limit: limit + bytes.byteCount)
            return try takeWaiting(limit: limit, length: length, take: take)
        }
        try takeInPlace(rest, limit: limit, length: length, take: take)
    }

    /// Messages that lie in one piece are read where they are: only what is left of the piece waits.
    private mutating func takeInPlace(
        _ bytes: RawSpan, limit: Int, length: (RawSpan) throws(DecodeError) -> Int,
        take: (RawSpan) throws(DecodeError) -> Bool
    ) throws(DecodeError) {
        var rest = bytes
        while rest.byteCount > 0 {
            let whole = try length(rest)
            let kept = Swift.min(whole, limit)
            guard whole > 0, rest.byteCount >= kept else {
                guard rest.byteCount <= limit else { throw .limit(.length) }
                break
            }
            let goesOn = try take(rest.extracting(0..<kept))
            skipping = Swift.max(0, whole - rest.byteCount)
            rest = rest.extracting(droppingFirst: whole)
            if !goesOn { break }
        }
        if rest.byteCount > 0 { try buffer.append(rest, limit: rest.byteCount) }
    }

    private mutating func takeWaiting(
        limit: Int, length: (RawSpan) throws(DecodeError) -> Int, take: (RawSpan) throws(DecodeError) -> Bool
    ) throws(DecodeError) {
        while !buffer.isEmpty {
            var goesOn = true
            let used = try buffer.withSpan { rest throws(DecodeError) -> Int in
                let whole = try length(rest)
                guard whole > 0 else { return 0 }
                let kept = Swift.min(whole, limit)
                guard rest.byteCount >= kept else { return 0 }
                goesOn = try take(rest.extracting(0..<kept))
                return whole
            }
            guard used > 0 else {
                guard buffer.count <= limit else { throw .limit(.length) }
                return
            }
            skipping = Swift.max(0, used - buffer.count)
            buffer.consume(used)
            if !goesOn { return }
        }
    }

    /// Passes over lost bytes.
    /// - Returns: false when they are not all inside of a message that was handed on already.
    mutating func lose(_ byteCount: Int) -> Bool {
        guard byteCount <= skipping else {
            reset()
            return false
        }
        skipping -= byteCount
        return true
    }

    /// Nothing of a message has come whose end has not.
    var isBetweenMessages: Bool { buffer.isEmpty && skipping == 0 }

    /// Passes over what is still to come of a message whose beginning was taken by ``takeAll()``.
    mutating func passOver(_ byteCount: Int) { skipping = Swift.max(0, byteCount) }

    /// What waits, which is then forgotten here.
    mutating func takeAll() -> ArraySlice<UInt8> { buffer.takeAll() }

    /// Forgets a message whose rest was lost: the next piece of the stream begins anew.
    mutating func reset() {
        buffer.removeAll()
        skipping = 0
    }

    /// Forgets a message whose rest was lost or makes no sense: what comes is passed over until one begins.
    mutating func loseMessage() {
        reset()
        isLost = true
    }
}
