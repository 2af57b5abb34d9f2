internal import Shared

/// Undoes the transfer encoding of a part of a mail, line by line (RFC 2045 §6), of long lines in pieces.
struct TransferDecoder {
    /// Of none and of binary the content is what is sent; only what is binary may have line ends other than CRLF in it
    /// (RFC 2045 §2.9).
    enum Encoding { case none, binary, base64, quotedPrintable }

    /// What stands behind the last line: a boundary, the end of the mail, or nothing, not even the line's end.
    enum End { case boundary, mail, openLine }

    private let encoding: Encoding
    /// The last line's end, which belongs to a boundary that follows (RFC 2046 §5.1.1); Zeek leaves it to the
    /// content where that is quoted-printable.
    private var owed = LinePiece.End.open
    private var base64 = Base64Stream()
    /// Of quoted-printable the end of a piece, which may mean something else with what follows.
    private var rest: [UInt8] = []

    init(encoding: Encoding) { self.encoding = encoding }

    var heldBytes: Int { rest.capacity }

    /// Takes a line without its end, or a piece of one, and hands on what it stands for.
    mutating func take(_ line: RawSpan, _ piece: LinePiece = LinePiece(), _ content: (RawSpan) -> Void) {
        if encoding == .base64 { return take(base64: line, content) }
        payLineEnd(content)
        switch encoding {
        case .quotedPrintable:
            let isSoft = take(quoted: line, piece, content)
            owed = isSoft ? .open : piece.end
        default:
            owed = piece.end
            if line.byteCount > 0 { content(line) }
        }
    }

    private mutating func take(base64 line: RawSpan, _ content: (RawSpan) -> Void) {
        let bytes = base64.decode(line)
        if !bytes.isEmpty { content(bytes.span.bytes) }
    }

    /// - Returns: whether the line's end is none of the content.
    private mutating func take(quoted line: RawSpan, _ piece: LinePiece, _ content: (RawSpan) -> Void) -> Bool {
        if rest.isEmpty, piece.end != .open {
            let (bytes, isSoft) = Self.quoted(line)
            content(bytes.span.bytes)
            return isSoft
        }
        line.withUnsafeBytes { rest.append(contentsOf: $0) }
        let count = piece.end == .open ? Self.settled(rest.span.bytes) : rest.count
        let (bytes, isSoft) = Self.quoted(rest.span.bytes.extracting(first: count), isEnd: piece.end != .open)
        rest.removeFirst(count)
        content(bytes.span.bytes)
        return isSoft
    }

    /// Some lines were lost: what was kept does not go together with what follows.
    mutating func lose() {
        rest.removeAll()
        base64 = Base64Stream()
    }

    /// Ends the content.
    /// - Returns: whether all that was sent stood for something.
    @discardableResult
    mutating func finish(at end: End, _ content: (RawSpan) -> Void) -> Bool {
        if encoding == .quotedPrintable, !rest.isEmpty {
            let (bytes, _) = Self.quoted(rest.span.bytes)
            rest.removeAll()
            content(bytes.span.bytes)
        }
        let isContent = end == .mail || end == .boundary && encoding == .quotedPrintable
        if isContent { payLineEnd(content) }
        owed = .open
        return !base64.hasRest
    }

    private mutating func payLineEnd(_ content: (RawSpan) -> Void) {
        if owed == .open { return }
        if owed == .lf, encoding == .binary {
            let bytes: [UInt8] = [0x0A]
            content(bytes.span.bytes)
        } else {
            Self.lineEnd(content)
        }
        owed = .open
    }

    private static func lineEnd(_ content: (RawSpan) -> Void) {
        let bytes: [UInt8] = [0x0D, 0x0A]
        content(bytes.span.bytes)
    }

    /// Undoes one line of quoted-printable (RFC 2045 §6.7): blanks at its end were added on the way, `=` before them
    /// joins it with the next, and one that is neither that nor before two digits stands for itself.
    /// - Parameter isEnd: the line ends here.
    /// - Returns: the bytes, and whether the line's end is soft: none of the content.
    private static func quoted(_ line: RawSpan, isEnd: Bool = true) -> (bytes: [UInt8], isSoft: Bool) {
        var end = line.byteCount
        while isEnd, end > 0, let last = try? line.byte(at: end - 1), HTTPText.isBlank(last) { end -= 1 }
        var out: [UInt8] = []
        out.reserveCapacity(end)
        var index = 0
        while index < end, let byte = try? line.byte(at: index) {
            index += 1
            if byte != 0x3D {
                out.append(byte)
            } else if index == end {
                return (out, true)
            } else if let high = HTTPText.hexDigit(line, index), let low = HTTPText.hexDigit(line, index + 1) {
                out.append(high << 4 | low)
                index += 2
            } else {
                out.append(byte)
            }
        }
        return (out, false)
    }

    /// Bytes of a piece whose meaning does not depend on what follows: blanks may be the line's last, and digits may
    /// follow an `=`.
    private static func settled(_ piece: RawSpan) -> Int {
        var end = piece.byteCount
        // More blanks than any line has (RFC 5322 §2.1.1) are content.
        while end > 0, piece.byteCount - end < 1000, let last = try? piece.byte(at: end - 1), HTTPText.isBlank(last) {
            end -= 1
        }
        for back in 1...2 where (try? piece.byte(at: end - back)) == 0x3D { return end - back }
        return end
    }
}
