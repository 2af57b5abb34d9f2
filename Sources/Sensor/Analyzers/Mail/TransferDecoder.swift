internal import Shared

/// Undoes the transfer encoding of a part of a mail, line by line (RFC 2045 §6).
struct TransferDecoder {
    enum Encoding { case none, base64, quotedPrintable }

    private let encoding: Encoding
    /// The last line's end, which belongs to the content only when another line follows (RFC 2046 §5.1.1).
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

    /// Ends the content; a boundary behind it takes its last line end away.
    mutating func finish(hasLastLineEnd: Bool, _ content: (RawSpan) -> Void) {
        if owesLineEnd, hasLastLineEnd { Self.lineEnd(content) }
        owesLineEnd = false
    }

    private static func lineEnd(_ content: (RawSpan) -> Void) {
        let bytes: [UInt8] = [0x0D, 0x0A]
        content(bytes.span.bytes)
    }

    /// - Returns: the bytes, and whether the line's end is soft: none of the content.
    private static func quoted(_ line: RawSpan) -> (bytes: [UInt8], isSoft: Bool) {
        var out: [UInt8] = []
        out.reserveCapacity(line.byteCount)
        var index = 0
        while index < line.byteCount, let byte = try? line.byte(at: index) {
            guard byte == 0x3D else {
                out.append(byte)
                index += 1
                continue
            }
            guard index + 2 < line.byteCount else { return (out, true) }
            let digits = line.extracting((index + 1)..<(index + 3)).text()
            out.append(UInt8(digits, radix: 16) ?? byte)
            index += UInt8(digits, radix: 16) == nil ? 1 : 3
        }
        return (out, false)
    }
}
