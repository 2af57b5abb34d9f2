/// Segments of which the capture has not all (its snap length), until the other end acknowledges them: their bytes are
/// missed then, as others that were never seen.
///
/// Zeek gives nothing of such a segment to its analyzers; ours get what is there, but what is counted is the same.
struct CutData: Sendable {
    /// Stretches that are kept; further ones are added to the last.
    private static let limit = 64
    /// In order, without overlap.
    private var ranges: [Range<Int64>] = []

    var isEmpty: Bool { ranges.isEmpty }

    /// Adds a segment that begins where the ones before end, or later.
    mutating func add(_ range: Range<Int64>) {
        if let last = ranges.last, last.upperBound == range.lowerBound || ranges.count >= Self.limit {
            ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
        } else {
            ranges.append(range)
        }
    }

    /// Takes out what lies below `position`.
    /// - Returns: its bytes.
    mutating func take(below position: Int64) -> Int64 {
        var byteCount: Int64 = 0
        while let first = ranges.first, first.lowerBound < position {
            let end = min(first.upperBound, position)
            byteCount += end - first.lowerBound
            if end == first.upperBound { ranges.removeFirst() } else { ranges[0] = end..<first.upperBound }
        }
        return byteCount
    }
}
