internal import Shared

/// Bytes of one side of a stream that do not make a whole message yet.
///
/// Consumed bytes leave lazily, so that taking a message off the front costs nothing until more arrives.
struct StreamBuffer: BytesHolding, Sendable {
    private(set) var bytes: [UInt8] = []
    /// Where the bytes that were not consumed yet begin in ``bytes``.
    private(set) var start = 0

    var isEmpty: Bool { start == bytes.count }
    var count: Int { bytes.count - start }
    var heldBytes: Int { bytes.capacity }

    /// Adds bytes at the end.
    /// - Parameter limit: the most that may wait.
    /// - Throws: ``DecodeError/limit(_:)`` when more would wait.
    mutating func append(_ span: RawSpan, limit: Int) throws(DecodeError) {
        guard span.byteCount <= limit - count else { throw .limit(.length) }
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        span.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// Takes `byteCount` bytes off the front; all of them when there are fewer.
    mutating func consume(_ byteCount: Int) {
        start = Swift.min(start + Swift.max(byteCount, 0), bytes.count)
        if start == bytes.count { removeAll() }
    }

    /// Takes `byteCount` bytes off the front, or all when there are fewer; copies them only where more waits behind.
    mutating func take(_ byteCount: Int) -> ArraySlice<UInt8> {
        if byteCount >= count { return takeAll() }
        let taken = Array(bytes[start..<(start + Swift.max(byteCount, 0))])
        consume(byteCount)
        return taken[...]
    }

    /// Takes all that waits, and its memory with it: nothing is copied.
    mutating func takeAll() -> ArraySlice<UInt8> {
        let all = bytes[start...]
        (bytes, start) = ([], 0)
        return all
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: bytes.capacity <= 4096)
        start = 0
    }

    /// Lets `body` read what waits.
    func withSpan<Result>(
        _ body: (RawSpan) throws(DecodeError) -> Result
    ) throws(DecodeError) -> Result {
        try body(bytes.span.bytes.extracting(droppingFirst: start))
    }
}
