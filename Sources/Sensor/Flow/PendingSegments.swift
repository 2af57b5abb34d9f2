/// Segments of one side that came before the ones in front of them, by start. None has a place that another has.
struct PendingSegments {
    struct Segment {
        let start: Int64
        private let lengthAndMark: UInt32
        /// What was captured of it; empty when no analyzer wants it.
        var bytes: [UInt8]
        /// How far the other end's data was acknowledged that it waits for; 0 when it only came too early.
        var answers: Int64 = 0
        var end: Int64 { start + Int64(length) }
        var length: Int { Int(lengthAndMark & ~Self.cutMark) }
        /// The capture has not all of it.
        var isCut: Bool { lengthAndMark & Self.cutMark != 0 }
        private static let cutMark: UInt32 = 1 << 31

        init(start: Int64, length: Int, isCut: Bool) {
            self.start = start
            lengthAndMark = min(UInt32(clamping: length), Self.cutMark - 1) | (isCut ? Self.cutMark : 0)
            bytes = []
        }

        /// What a segment takes beside its bytes: itself, and the head and rounding of what holds them. A segment of
        /// one byte is nearly all that.
        static let overheadBytes = 88
        /// Bytes of memory that it is counted with.
        var cost: Int { bytes.count + Self.overheadBytes }
    }

    private(set) var segments: [Segment] = []
    /// Bytes of memory of all: added up with each segment, it would be counted a thousand times for a thousand.
    private(set) var cost = 0

    var isEmpty: Bool { segments.isEmpty }

    /// Puts a segment, of which the others have nothing, where it belongs.
    mutating func insert(_ segment: Segment) {
        let place = segments.lastIndex { $0.start <= segment.start }.map { $0 + 1 } ?? 0
        segments.insert(segment, at: place)
        cost += segment.cost
    }

    /// Takes out the first one; there must be some.
    /// - Returns: its cost.
    mutating func removeFirst() -> Int {
        let freed = segments.removeFirst().cost
        cost -= freed
        return freed
    }

    /// The parts of a range that no segment has.
    func unseen(of range: Range<Int64>) -> [Range<Int64>] {
        guard let last = segments.last, last.end > range.lowerBound else { return [range] }
        var parts: [Range<Int64>] = []
        var place = range.lowerBound
        for segment in segments where segment.end > place {
            if segment.start >= range.upperBound { break }
            if segment.start > place { parts.append(place..<segment.start) }
            place = segment.end
        }
        if place < range.upperBound { parts.append(place..<range.upperBound) }
        return parts
    }
}
