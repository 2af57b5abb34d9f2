internal import Shared

/// Splits a multipart body (RFC 2046 §5.1, RFC 7578) into its parts while it arrives.
///
/// Lines may end in a LF alone, as servers take them (RFC 9112 §2.2 has it for headers; PHP for these bodies too).
struct MultipartSplitter {
    enum Event: Equatable {
        /// Bytes in front of the first delimiter: a range of ``bytes``, as of ``content(_:)``.
        case preamble(Range<Int>)
        /// The first delimiter was found: what came before it belongs to no part.
        case delimited
        /// A part begins, with the file name of its Content-Disposition and the range that it is of a file.
        case begin(filename: String?, range: HTTPContentRange?)
        /// Bytes of the part: a range of ``bytes``, valid until the next ``append(_:)``.
        case content(Range<Int>)
        case end
    }

    /// Longest header section of a part.
    static let headerLimit = 16_384
    /// Longest boundary: RFC 2046 §5.1.1 has 70 characters, servers take any number.
    static let boundaryLimit = 1024

    private enum State { case preamble, headers, content, epilogue }

    private(set) var bytes: [UInt8] = []
    var heldBytes: Int { bytes.capacity }
    private var position = 0
    /// Bytes from ``position`` on in which the end of a header section was not found.
    private var searched = 0
    private var state = State.preamble
    /// LF, two hyphens and the boundary; a CR in front belongs to it too.
    private let delimiter: [UInt8]
    /// The line end in front of the body is none of its bytes: the first delimiter needs none (RFC 2046 §5.1.1).
    private var isAtStart = true

    init?(boundary: String) {
        guard (1...Self.boundaryLimit).contains(boundary.utf8.count) else { return nil }
        delimiter = Array("\n--\(boundary)".utf8)
        bytes = [0x0A]
    }

    /// No delimiter was found in what came.
    var isUndelimited: Bool { state == .preamble }

    mutating func append(_ span: RawSpan) {
        bytes.removeFirst(position)
        position = 0
        span.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// The next thing in the bytes so far, or nil when more are needed.
    mutating func next() -> Event? {
        switch state {
        case .preamble, .content: return nextDelimiter()
        case .headers: return nextHeaders()
        case .epilogue:
            position = bytes.count
            return nil
        }
    }

    /// What is left of a body without a delimiter, at its end.
    mutating func takeRest() -> Range<Int>? { isUndelimited ? take(upTo: bytes.count) : nil }

    private mutating func nextDelimiter() -> Event? {
        if let found = index(of: delimiter, from: position) {
            let hasCR = found > position && bytes[found - 1] == 0x0D
            if let range = take(upTo: hasCR ? found - 1 : found) { return event(range) }
            // Two more bytes tell whether the body ends here.
            guard bytes.count >= found + delimiter.count + 2 else { return nil }
            (position, isAtStart) = (found + delimiter.count, false)
            let isLast = bytes[position] == 0x2D && bytes[position + 1] == 0x2D
            defer { state = isLast ? .epilogue : .headers }
            return isUndelimited ? .delimited : .end
        }
        // The delimiter may have begun, with a CR in front.
        return take(upTo: bytes.count - delimiter.count).map(event)
    }

    private func event(_ range: Range<Int>) -> Event { isUndelimited ? .preamble(range) : .content(range) }

    /// Moves on to `end`; nil where nothing lies before it.
    private mutating func take(upTo end: Int) -> Range<Int>? {
        let start = position + (isAtStart ? 1 : 0)
        guard end > start else { return nil }
        (position, isAtStart) = (end, false)
        return start..<end
    }

    private mutating func nextHeaders() -> Event? {
        guard let section = headerSection() else {
            if bytes.count - position > Self.headerLimit { state = .epilogue }
            return nil
        }
        searched = 0
        var headers = HTTPHeaders()
        for line in bytes[position..<section.end].split(separator: 0x0A) {
            headers.take(Array(line).span.bytes)
        }
        position = section.content
        state = .content
        return .begin(filename: headers.names.filename, range: headers.contentRange)
    }

    /// Where the header section ends, and the content behind its empty line begins.
    private mutating func headerSection() -> (end: Int, content: Int)? {
        // Bytes may come one by one: what was searched before is not searched again.
        var start = position + searched
        while let end = bytes.span.bytes.firstIndex(of: 0x0A, from: start) {
            searched = end - position
            guard end + 1 < bytes.count else { return nil }
            if bytes[end + 1] == 0x0A { return (end, end + 2) }
            if bytes[end + 1] == 0x0D {
                guard end + 2 < bytes.count else { return nil }
                if bytes[end + 2] == 0x0A { return (end, end + 3) }
            }
            start = end + 1
        }
        searched = bytes.count - position
        return nil
    }

    private func index(of needle: [UInt8], from begin: Int) -> Int? {
        guard let first = needle.first else { return nil }
        let whole = bytes.span.bytes
        var start = begin
        while let hit = whole.firstIndex(of: first, from: start), hit <= bytes.count - needle.count {
            if bytes[hit..<(hit + needle.count)].elementsEqual(needle) { return hit }
            start = hit + 1
        }
        return nil
    }
}
