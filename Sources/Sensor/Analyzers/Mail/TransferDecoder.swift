internal import Shared

/// Undoes the transfer encoding of a part of a mail, line by line (RFC 2045 §6).
struct TransferDecoder {
    enum Encoding { case none, base64, quotedPrintable }

    /// What stands behind the last line: a boundary, the end of the mail, or nothing, not even the line's end.
    enum End { case boundary, mail, openLine }

    private let encoding: Encoding
    /// The last line's end, which belongs to a boundary that follows (RFC 2046 §5.1.1); Zeek leaves it to the
    /// content where that is quoted-printable.
    private var owesLineEnd = false
    /// Characters of base64 that do not make a group of four yet.
    private var rest: [UInt8] = []

    init(encoding: Encoding) { self.encoding = encoding }

    /// Takes a line without its end and hands on what it stands for.
    mutating func take(_ line: RawSpan, _ content: (RawSpan) -> Void) {
        switch encoding {
        case .base64:
            rest.reserveCapacity(rest.count + line.byteCount)
            line.withUnsafeBytes { for byte in $0 where byte > 0x20 { rest.append(byte) } }
            let whole = rest.count / 4 * 4
            if whole > 0, let bytes = Base64.decode(rest.span.bytes.extracting(first: whole)) {
                content(bytes.span.bytes)
            }
            // Nothing is left of most lines; their memory serves the next.
            if whole == rest.count { rest.removeAll(keepingCapacity: true) } else { rest.removeFirst(whole) }
        case .quotedPrintable:
            if owesLineEnd { Self.lineEnd(content) }
            let (bytes, isSoft) = Self.quoted(line)
            owesLineEnd = !isSoft
            content(bytes.span.bytes)
        case .none:
            if owesLineEnd { Self.lineEnd(content) }
            owesLineEnd = true
            content(line)
        }
    }

    /// Some lines were lost: what was kept does not go together with what follows.
    mutating func lose() { rest.removeAll() }

    /// Ends the content.
    mutating func finish(at end: End, _ content: (RawSpan) -> Void) {
        let isContent = end == .mail || end == .boundary && encoding == .quotedPrintable
        if owesLineEnd, isContent { Self.lineEnd(content) }
        owesLineEnd = false
    }

    private static func lineEnd(_ content: (RawSpan) -> Void) {
        let bytes: [UInt8] = [0x0D, 0x0A]
        content(bytes.span.bytes)
    }

    /// Undoes one line of quoted-printable (RFC 2045 §6.7): blanks at its end were added on the way, `=` before them
    /// joins it with the next, and one that is neither that nor before two digits stands for itself.
    /// - Returns: the bytes, and whether the line's end is soft: none of the content.
    private static func quoted(_ line: RawSpan) -> (bytes: [UInt8], isSoft: Bool) {
        var end = line.byteCount
        while end > 0, let last = try? line.byte(at: end - 1), HTTPText.isBlank(last) { end -= 1 }
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
}
