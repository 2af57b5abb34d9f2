internal import Shared

/// Request line, RFC 9112 §3, read as leniently as Zeek reads it: what a server rejects is traffic all the same.
struct HTTPRequestLine: Equatable, Sendable {
    /// Both are nil only where they came in what was lost (HTTP/2).
    let method, target: String?
    /// `1.1`, or `0.9` for a line without version.
    let version: String

    /// Longest method; the longest registered one (IANA) has 17 characters.
    private static let methodLimit = 32

    /// - Returns: nil when the line is no request.
    init?(_ line: RawSpan) {
        guard let space = Self.methodEnd(line) else { return nil }
        let method = line.extracting(0..<space).text()
        self.method = method
        let rest = line.extracting(HTTPText.core(line, space..<line.byteCount))
        guard let mark = Self.lastVersion(rest) else {
            (target, version) = (HTTPAddress.text(rest), "0.9")
            return
        }
        let address = rest.extracting(HTTPText.core(rest, 0..<mark))
        target = method == "CONNECT" ? HTTPAddress.text(authority: address) : HTTPAddress.text(address)
        version = HTTPText.version(rest.extracting(droppingFirst: mark + 5))
    }

    /// A request of HTTP/2, which has no such line.
    init(method: String?, target: String?, version: String) {
        (self.method, self.target, self.version) = (method, target, version)
    }

    /// Length of the method, or nil when the line does not begin with a word and a space.
    static func methodEnd(_ line: RawSpan) -> Int? {
        for index in 0..<Swift.min(line.byteCount, methodLimit + 1) {
            guard let byte = try? line.byte(at: index) else { return nil }
            if byte == 0x20 || byte == 0x09 { return index > 0 ? index : nil }
            guard HTTPText.isLetter(byte) || byte == 0x5F || byte == 0x2D else { return nil }
        }
        return nil
    }

    /// Offset of the last `HTTP/`, in any case of letters, at the beginning or behind a space.
    static func lastVersion(_ rest: RawSpan) -> Int? {
        var index = rest.byteCount - 5
        while index >= 0 {
            let isWordStart = index == 0 || HTTPText.isBlank((try? rest.byte(at: index - 1)) ?? 0)
            if isWordStart, HTTPText.hasPrefix(rest.extracting(droppingFirst: index), "http/") { return index }
            index -= 1
        }
        return nil
    }
}

/// Status line, RFC 9112 §4, and that of internet radio (SHOUTcast): `ICY 200 OK`.
struct HTTPStatusLine: Equatable, Sendable {
    /// Nil where the line tells none.
    let version: String?
    let code: UInt64
    /// `<empty>` where there is none, as Zeek writes it; nil of a version that has none.
    let reason: String?

    /// The status of a response of HTTP/2, which has no such line.
    init(version: String, code: UInt64) { (self.version, self.code, reason) = (version, code, nil) }

    /// - Returns: nil when the line is no status line.
    init?(_ line: RawSpan) {
        let isRadio = line.starts(with: "ICY ")
        guard isRadio || HTTPText.hasPrefix(line, "http/"), let space = line.firstIndex(of: 0x20) else { return nil }
        version = isRadio ? nil : HTTPText.version(line.extracting(5..<Swift.max(space, 5)))
        let rest = line.extracting(HTTPText.core(line, space..<line.byteCount))
        let digits = rest.firstIndex(of: 0x20) ?? rest.byteCount
        guard digits == 3, let code = HTTPText.decimal(rest.extracting(0..<digits)) else { return nil }
        self.code = code
        let text = HTTPText.text(rest, digits..<rest.byteCount)
        reason = text.isEmpty ? "<empty>" : text
    }
}

/// Pieces of HTTP's grammar.
enum HTTPText {
    /// Bytes of the empty lines in front of a message, which servers ignore (RFC 9112 §2.2).
    static func emptyLines(_ payload: RawSpan) -> Int {
        var count = 0
        while count < emptyLinesLimit, let byte = try? payload.byte(at: count), byte == 0x0D || byte == 0x0A {
            count += 1
        }
        return count
    }

    /// Bytes of empty lines that are passed over: some old clients send one, who hides may send more.
    private static let emptyLinesLimit = 64

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }

    /// Length of a line without the CR at its end.
    static func endOfLine(_ line: RawSpan) -> Int {
        line.byteCount > 0 && (try? line.byte(at: line.byteCount - 1)) == 0x0D ? line.byteCount - 1 : line.byteCount
    }

    /// Where `range` of `span` lies without blanks and CR at either end.
    static func core(_ span: RawSpan, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, let byte = try? span.byte(at: start), isBlank(byte) || byte == 0x0D { start += 1 }
        while end > start, let byte = try? span.byte(at: end - 1), isBlank(byte) || byte == 0x0D { end -= 1 }
        return start..<end
    }

    /// The text there, without blanks and CR at either end.
    static func text(_ span: RawSpan, _ range: Range<Int>) -> String { span.extracting(core(span, range)).text() }

    /// `1.1` of `1.1`, `1.0` of `1.`.
    static func version(_ span: RawSpan) -> String {
        if span.byteCount == 3 {
            if span.starts(with: "1.1") { return "1.1" }
            if span.starts(with: "1.0") { return "1.0" }
        }
        let text = text(span, 0..<span.byteCount)
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let major = parts.first.map(String.init) ?? ""
        let minor = parts.count > 1 ? parts[1].prefix { $0.isNumber } : ""
        return "\(major.isEmpty ? "0" : major).\(minor.isEmpty ? "0" : minor)"
    }

    /// Decimal digits and nothing else, at most 18 of them.
    static func decimal(_ span: RawSpan) -> UInt64? {
        guard (1...18).contains(span.byteCount) else { return nil }
        var value: UInt64 = 0
        for index in 0..<span.byteCount {
            guard let byte = try? span.byte(at: index), (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + UInt64(byte - 0x30)
        }
        return value
    }

    /// A length, which proxies may have joined with itself: `5, 5` (RFC 9112 §6.3).
    static func length(_ span: RawSpan) -> UInt64? {
        guard let comma = span.firstIndex(of: 0x2C) else { return decimal(span) }
        let length = decimal(span.extracting(core(span, 0..<comma)))
        var start = comma + 1
        while start <= span.byteCount {
            let end = span.firstIndex(of: 0x2C, from: start) ?? span.byteCount
            guard decimal(span.extracting(core(span, start..<end))) == length else { return nil }
            start = end + 1
        }
        return length
    }

    /// Size of a chunk, RFC 9112 §7.1: hexadecimal digits before any extension, at most 15 behind leading zeros.
    static func chunkSize(_ line: RawSpan) -> UInt64? {
        var digits = line.extracting(core(line, 0..<(line.firstIndex(of: 0x3B) ?? line.byteCount)))
        while digits.byteCount > 1, digits.starts(with: "0") { digits = digits.extracting(droppingFirst: 1) }
        guard (1...15).contains(digits.byteCount) else { return nil }
        return UInt64(digits.text(), radix: 16)
    }

    /// Value of the hexadecimal digit at `index`.
    static func hexDigit(_ span: RawSpan, _ index: Int) -> UInt8? {
        guard let byte = try? span.byte(at: index) else { return nil }
        switch byte {
        case 0x30...0x39: return byte - 0x30
        case 0x41...0x46, 0x61...0x66: return (byte | 0x20) - 0x57
        default: return nil
        }
    }

    /// Whether two texts are equal but for the case of ASCII letters; `lower` is in lower case.
    static func equals(_ span: RawSpan, _ lower: StaticString) -> Bool {
        guard span.byteCount == lower.utf8CodeUnitCount else { return false }
        return hasPrefix(span, lower)
    }

    /// Whether `lower` (lower case) occurs, whatever the case of the text.
    static func contains(_ span: RawSpan, _ lower: StaticString) -> Bool {
        var start = 0
        while start + lower.utf8CodeUnitCount <= span.byteCount {
            if hasPrefix(span.extracting(droppingFirst: start), lower) { return true }
            start += 1
        }
        return false
    }

    static func hasPrefix(_ span: RawSpan, _ lower: StaticString) -> Bool {
        guard span.byteCount >= lower.utf8CodeUnitCount else { return false }
        return lower.withUTF8Buffer { expected in
            for index in 0..<expected.count {
                guard let byte = try? span.byte(at: index) else { return false }
                if byte.lowercasedASCII != expected[index] { return false }
            }
            return true
        }
    }
}
