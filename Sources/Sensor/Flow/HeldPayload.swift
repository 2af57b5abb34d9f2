internal import Shared

/// First payload of both sides that no analyzer has recognised yet, in the order in which it came.
public struct HeldPayload: Sendable {
    /// Datagrams of one side that wait, and bytes kept of each: 2 KB together, headers for any protocol.
    static let maximumDatagrams = 8
    static let maximumDatagramBytes = 256

    /// A datagram, or what one side of a stream sent before the other spoke.
    struct Piece: Sendable {
        let side: Side
        /// Where it lies among the side's bytes.
        var range: Range<Int>
        /// When a datagram came. A stream's bytes count from when they are understood.
        let time: Timestamp?
    }

    private(set) var bytes = PerSide<[UInt8]>(originator: [], responder: [])
    private(set) var pieces: [Piece] = []

    /// Keeps the next bytes of one side.
    mutating func append(_ payload: RawSpan, from side: Side) {
        let range = add(payload, to: side)
        if let last = pieces.last, last.side == side {
            pieces[pieces.count - 1].range = last.range.lowerBound..<range.upperBound
        } else {
            pieces.append(Piece(side: side, range: range, time: nil))
        }
    }

    /// Keeps the beginning of a datagram.
    mutating func append(datagram: RawSpan, from side: Side, at time: Timestamp) {
        let range = add(datagram.extracting(0..<min(datagram.byteCount, Self.maximumDatagramBytes)), to: side)
        pieces.append(Piece(side: side, range: range, time: time))
    }

    private mutating func add(_ payload: RawSpan, to side: Side) -> Range<Int> {
        let start = bytes[side].count
        payload.withUnsafeBytes { bytes[side].append(contentsOf: $0) }
        return start..<bytes[side].count
    }

    /// Bytes of memory that it is counted with.
    var cost: Int {
        if pieces.isEmpty { return 0 }
        return bytes.originator.count + bytes.responder.count + 64 + pieces.count * MemoryLayout<Piece>.stride
    }

    /// Pieces of one side.
    func count(_ side: Side) -> Int { pieces.reduce(0) { $0 + ($1.side == side ? 1 : 0) } }

    /// What was one side's is the other's.
    mutating func exchangeSides() {
        bytes = PerSide(originator: bytes.responder, responder: bytes.originator)
        pieces = pieces.map { Piece(side: $0.side.other, range: $0.range, time: $0.time) }
    }

    /// Forgets what one side sent.
    mutating func remove(_ side: Side) {
        if bytes[side].isEmpty { return }
        bytes[side] = []
        pieces.removeAll { $0.side == side }
    }
}
