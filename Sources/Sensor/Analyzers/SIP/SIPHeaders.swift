internal import Shared

/// Where the headers of one message lie that records show, in order: lines are taken apart and names looked up once,
/// whatever the headers are asked for then.
struct SIPHeaders: Sendable {
    /// Lines that are read of one message.
    static let lineLimit = 256

    private(set) var places: [(header: SIPHeader, value: Range<Int>)] = []
    /// Where the body begins: at the end, when the headers do not end before.
    let bodyStart: Int

    /// - Parameter bytes: the message without its first line.
    init(_ bytes: RawSpan) {
        // More than most messages have.
        places.reserveCapacity(16)
        var offset = 0
        for _ in 0..<Self.lineLimit where offset < bytes.byteCount {
            let start = offset
            let end = bytes.firstIndex(of: 0x0A, from: start) ?? bytes.byteCount
            let whole = bytes.extracting(start..<end)
            let line = whole.extracting(0..<HTTPText.endOfLine(whole))
            offset = Swift.min(end + 1, bytes.byteCount)
            guard line.byteCount > 0 else {
                bodyStart = offset
                return
            }
            let (header, value) = SIPHeader.read(line)
            if let header { places.append((header, (start + value.lowerBound)..<(start + value.upperBound))) }
        }
        bodyStart = bytes.byteCount
    }
}
