internal import Shared

/// Splits a multipart body (RFC 2046 §5.1, RFC 7578) into its parts while it arrives.
struct MultipartSplitter {
    enum Event: Equatable {
        /// A part begins, with the file name of its Content-Disposition.
        case begin(filename: String?)
        /// Bytes of the part: a range of ``bytes``, valid until the next ``append(_:)``.
        case content(Range<Int>)
        case end
    }

    /// Longest header section of a part.
    static let headerLimit = 16_384
    /// Longest boundary, RFC 2046 §5.1.1.
    static let boundaryLimit = 70

    private enum State { case preamble, headers, content, epilogue }

    private(set) var bytes: [UInt8] = []
    var heldBytes: Int { bytes.capacity }
    private var position = 0
    /// Bytes from ``position`` on in which the end of a header section was not found.
    private var searched = 0
    private var state = State.preamble
    /// CRLF, two hyphens and the boundary.
    private let delimiter: [UInt8]

    init?(boundary: String) {
        guard (1...Self.boundaryLimit).contains(boundary.utf8.count) else { return nil }
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter has no line before it (RFC 2046 §5.1.1).
        bytes = [0x0D, 0x0A]
    }

    mutating func append(_ span: RawSpan) {
        bytes.removeFirst(position)
        position = 0
        span.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// The next thing in the bytes so far, or nil when more are needed.
    mutating func next() -> Event? {
        switch state {
        case .preamble: return nextDelimiter(emitting: false)
        case .content: return nextDelimiter(emitting: true)
        case .headers: return nextHeaders()
        case .epilogue:
            position = bytes.count
            return nil
        }
    }

    private mutating func nextDelimiter(emitting: Bool) -> Event? {
        if let found = index(of: delimiter, from: position) {
            if emitting, found > position {
                defer { position = found }
                return .content(position..<found)
            }
            // Two more bytes tell whether the body ends here.
            guard bytes.count >= found + delimiter.count + 2 else { return nil }
            position = found + delimiter.count
            let isLast = bytes[position] == 0x2D && bytes[position + 1] == 0x2D
            state = isLast ? .epilogue : .headers
            return emitting ? .end : next()
        }
        let safe = bytes.count - delimiter.count
        guard safe > position else { return nil }
        defer { position = safe }
        return emitting ? .content(position..<safe) : nil
    }

    private mutating func nextHeaders() -> Event? {
        // Bytes may come one by one: what was searched before is not searched again.
        guard let end = index(of: [0x0D, 0x0A, 0x0D, 0x0A], from: position + searched) else {
            searched = Swift.max(0, bytes.count - position - 3)
            if bytes.count - position > Self.headerLimit { state = .epilogue }
            return nil
        }
        searched = 0
        var headers = HTTPHeaders()
        for line in bytes[position..<end].split(separator: 0x0A) {
            headers.take(Array(line).span.bytes)
        }
        position = end + 4
        state = .content
        return .begin(filename: headers.names.filename)
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
