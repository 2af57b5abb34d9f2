/// Bytes that come in pieces of any order, put in order: what reaches from the beginning, and what waits for what
/// precedes it.
struct PiecedBytes: BytesHolding, Sendable {
    /// What has come in order so far.
    private(set) var bytes: [UInt8] = []
    /// Pieces that came before what precedes them, by offset.
    private var waiting: [Int: [UInt8]] = [:]
    private var waitingByteCount = 0

    /// Pieces that wait.
    private static let waitingLimit = 64

    var heldBytes: Int { bytes.capacity + waiting.values.reduce(0) { $0 + $1.capacity } }

    /// Takes a piece. What is nearest to the beginning stays when there is no more room: far pieces must not keep the
    /// beginning out. What came first of an offset stays, unless it was shorter.
    /// - Parameter limit: bytes that are kept in order, and as many at most of what waits.
    mutating func add(_ piece: ArraySlice<UInt8>, at offset: Int, limit: Int) {
        guard !piece.isEmpty, offset >= 0, offset <= limit, piece.count > bytes.count - offset else { return }
        if offset <= bytes.count {
            append(piece, at: offset, limit: limit)
        } else {
            wait(piece, at: offset, limit: limit)
        }
        while let next = waiting.keys.filter({ $0 <= bytes.count }).min(), let part = waiting.removeValue(forKey: next)
        {
            waitingByteCount -= part.count
            append(part[...], at: next, limit: limit)
        }
    }

    private mutating func append(_ piece: ArraySlice<UInt8>, at offset: Int, limit: Int) {
        bytes.append(contentsOf: piece.dropFirst(bytes.count - offset).prefix(max(limit - bytes.count, 0)))
    }

    private mutating func wait(_ piece: ArraySlice<UInt8>, at offset: Int, limit: Int) {
        if let other = waiting[offset], other.count >= piece.count { return }
        // A copy, for a part of a datagram would keep all of it.
        waitingByteCount += piece.count - (waiting.updateValue(Array(piece), forKey: offset)?.count ?? 0)
        while waiting.count > Self.waitingLimit || waitingByteCount > limit, let farthest = waiting.keys.max() {
            waitingByteCount -= waiting.removeValue(forKey: farthest)?.count ?? 0
        }
    }
}
