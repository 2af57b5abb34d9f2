/// First payload of both sides that no analyzer has recognised yet, in the order in which it came.
struct HeldPayload {
    /// What one side sent before the other spoke.
    struct Piece {
        let side: Side
        /// Where it lies among the side's bytes.
        var range: Range<Int>
    }

    private(set) var bytes = PerSide<[UInt8]>(originator: [], responder: [])
    private(set) var pieces: [Piece] = []

    /// Keeps the next bytes of one side.
    mutating func append(_ payload: RawSpan, from side: Side) {
        let start = bytes[side].count
        payload.withUnsafeBytes { bytes[side].append(contentsOf: $0) }
        let end = bytes[side].count
        if let last = pieces.last, last.side == side {
            pieces[pieces.count - 1].range = last.range.lowerBound..<end
        } else {
            pieces.append(Piece(side: side, range: start..<end))
        }
    }

    /// Forgets what one side sent.
    mutating func remove(_ side: Side) {
        if bytes[side].isEmpty { return }
        bytes[side] = []
        pieces.removeAll { $0.side == side }
    }
}
