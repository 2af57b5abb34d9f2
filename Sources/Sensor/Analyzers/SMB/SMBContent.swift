internal import Shared

/// The content that passes through an open in one direction, put in order: a client asks for or writes several parts
/// at a time, and the server answers as its disks do.
struct SMBContent {
    private(set) var stream: FileStream
    /// All before it has come, or was given up.
    private(set) var next: UInt64 = 0
    /// Parts that came before what precedes them, in the order of their places.
    private var early: [Part] = []
    /// What they have together.
    private(set) var earlyByteCount = 0

    private struct Part {
        let start: UInt64
        var bytes: [UInt8]
        var end: UInt64 { start &+ UInt64(bytes.count) }
    }

    /// Parts that wait. Clients ask for a few at a time.
    private static let partLimit = 64

    init(_ stream: FileStream) { self.stream = stream }

    var fuid: String { stream.fuid }

    /// Takes a piece at `offset`.
    /// - Parameter isEarly: what precedes it may still come.
    mutating func take(_ bytes: RawSpan, at offset: UInt64, isEarly: Bool, now: Timestamp) {
        if offset > next {
            if isEarly, stream.missingByteCount == 0, keep(bytes, at: offset) { return }
            giveUp(now: now)
        }
        append(bytes, at: offset, now: now)
        while let part = early.first, part.start <= next {
            early.removeFirst()
            earlyByteCount -= part.bytes.count
            append(part.bytes.span.bytes, at: part.start, now: now)
        }
    }

    /// A part at `offset` was lost: nothing waits for what precedes it, and no digest is one of the whole.
    mutating func lose(_ byteCount: Int, at offset: UInt64, now: Timestamp) {
        giveUp(now: now)
        let end = offset &+ UInt64(byteCount)
        guard end > next else { return }
        stream.gap(Int(clamping: end - next))
        next = end
    }

    /// What precedes the parts that wait does not come.
    mutating func giveUp(now: Timestamp) {
        for part in early { append(part.bytes.span.bytes, at: part.start, now: now) }
        (early, earlyByteCount) = ([], 0)
    }

    /// - Parameter hasSize: the size that the server told is that of what has passed.
    mutating func finish(hasSize: Bool = true, into sink: inout RecordSink) {
        if !early.isEmpty { giveUp(now: sink.now) }
        if !hasSize { stream.totalByteCount = nil }
        stream.finish(into: &sink)
    }

    /// Hands on what has not come before: parts overlap where a client goes back a little.
    private mutating func append(_ bytes: RawSpan, at offset: UInt64, now: Timestamp) {
        if offset > next { stream.gap(Int(clamping: offset - next)) }
        let known = offset < next ? Int(clamping: next - offset) : 0
        guard known == 0 || known < bytes.byteCount else { return }
        stream.append(bytes.extracting(droppingFirst: known), at: now)
        next = offset &+ UInt64(bytes.byteCount)
    }

    /// - Returns: false when too many wait.
    private mutating func keep(_ bytes: RawSpan, at offset: UInt64) -> Bool {
        let place = early.firstIndex { $0.start > offset } ?? early.count
        if place > 0, early[place - 1].end >= offset {
            // A part comes in pieces. What overlaps another was sent twice.
            let known = Int(clamping: early[place - 1].end - offset)
            guard known < bytes.byteCount else { return true }
            let rest = bytes.extracting(droppingFirst: known)
            rest.withUnsafeBytes { early[place - 1].bytes.append(contentsOf: $0) }
            earlyByteCount += rest.byteCount
        } else {
            guard early.count < Self.partLimit else { return false }
            early.insert(Part(start: offset, bytes: bytes.withUnsafeBytes { Array($0) }), at: place)
            earlyByteCount += bytes.byteCount
        }
        return true
    }
}
