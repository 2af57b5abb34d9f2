internal import Shared

/// Parameters of header values, RFC 9110 §5.6.6.
enum HTTPParameter {
    /// Bytes of a value: names of files have 255, boundaries 70.
    private static let limit = 1024
    /// Pieces of a name, which is cut for lines of 78 (RFC 2231 §3).
    private static let pieceLimit: UInt64 = 32

    /// A parameter as it stands in a header.
    private struct Found {
        let range: Range<Int>
        /// Its name ends in an asterisk: character set and language stand in front of it (RFC 8187).
        let isExtended: Bool
    }

    /// Boundary of a multipart body (RFC 2046 §5.1.1): the first parameter of that name behind the first semicolon, or
    /// one in pieces or with a character set (RFC 2231 §3 and §4), as readers of mails know them.
    /// - Parameter endsAtComma: without quotes it ends at a comma too, as PHP takes it.
    static func boundary(in header: RawSpan, endsAtComma: Bool) -> String? {
        var start = end(of: header, from: 0) + 1
        while start < header.byteCount {
            guard let found = next("boundary", in: header, &start), !found.isExtended else { continue }
            let value = boundary(header, found.range, endsAtComma)
            return header.extracting(value).extracting(first: limit).text()
        }
        return filename(of: "boundary", in: header)
    }

    private static func boundary(_ header: RawSpan, _ value: Range<Int>, _ endsAtComma: Bool) -> Range<Int> {
        let isQuoted = (try? header.byte(at: value.lowerBound)) == 0x22
        if !isQuoted, !endsAtComma { return value }
        let start = value.lowerBound + (isQuoted ? 1 : 0)
        guard let end = header.firstIndex(of: isQuoted ? 0x22 : 0x2C, from: start), end < value.upperBound else {
            return value
        }
        return start..<end
    }

    /// Name of a file in the parameter `name` (or `name*`), without percent signs. Zeek takes the last, and one that
    /// no semicolon stands in front of.
    /// - Parameter name: in lower case.
    static func filename(of name: StaticString, in header: RawSpan) -> String? {
        var (last, start): (Found?, Int) = (nil, 0)
        while start < header.byteCount { last = next(name, in: header, &start) ?? last }
        guard let last else { return continued(name, in: header) }
        let value = unquoted(header, last.range)
        return unescaped(header.extracting(last.isExtended ? withoutLanguage(header, value) : value))
    }

    /// Name of a file in numbered pieces, as mails have it: `filename*0*=UTF-8''a%20b; filename*1="c.pdf"`, in any
    /// order (RFC 2231 §3 and §4.1).
    private static func continued(_ name: StaticString, in header: RawSpan) -> String? {
        // Most headers have nothing of this.
        guard header.firstIndex(of: 0x2A) != nil else { return nil }
        var out: [UInt8] = []
        for number in 0..<pieceLimit {
            var (piece, start): (Found?, Int) = (nil, 0)
            while piece == nil, start < header.byteCount { piece = next(name, in: header, &start, piece: number) }
            guard let piece else { break }
            let value = unquoted(header, piece.range)
            if piece.isExtended {
                out += unescapedBytes(header.extracting(number == 0 ? withoutLanguage(header, value) : value))
            } else {
                header.extracting(value).withUnsafeBytes { out.append(contentsOf: $0) }
            }
        }
        return out.isEmpty ? nil : out.prefix(limit).wireText
    }

    /// User of digest authentication (RFC 7616 §3.4), where commas stand between the parameters; nil when a hash hides
    /// the name (§3.4.4).
    static func digestUser(in credentials: RawSpan) -> String? {
        var (user, start): (Found?, Int) = (nil, 0)
        while start < credentials.byteCount {
            var again = start
            user = user ?? next("username", in: credentials, &again, mark: 0x2C)
            if let hashed = next("userhash", in: credentials, &start, mark: 0x2C),
                HTTPText.equals(credentials.extracting(unquoted(credentials, hashed.range)), "true")
            {
                return nil
            }
        }
        guard let user else { return nil }
        let value = unquoted(credentials, user.range)
        guard user.isExtended else { return unquotedPairs(credentials.extracting(value)) }
        return unescaped(credentials.extracting(withoutLanguage(credentials, value)))
    }

    /// A quoted text without the backslashes that guard a quote or a backslash (RFC 9110 §5.6.4).
    private static func unquotedPairs(_ value: RawSpan) -> String? {
        var out: [UInt8] = []
        var isGuarded = false
        for index in 0..<Swift.min(value.byteCount, limit) {
            guard let byte = try? value.byte(at: index) else { break }
            if byte == 0x5C, !isGuarded {
                isGuarded = true
            } else {
                // Windows writes a domain's backslash as it is.
                if isGuarded, byte != 0x22, byte != 0x5C { out.append(0x5C) }
                out.append(byte)
                isGuarded = false
            }
        }
        return out.isEmpty ? nil : out.withUnsafeBytes { WireText.string(decoding: $0) }
    }

    /// Looks at the part of the header that begins at `start`, and moves on.
    /// - Parameter piece: number of the piece that is looked for, of a parameter in pieces.
    private static func next(
        _ name: StaticString, in header: RawSpan, _ start: inout Int, mark: UInt8 = 0x3B, piece: UInt64? = nil
    ) -> Found? {
        let begin = start
        let end = end(of: header, from: start, mark: mark)
        start = end + 1
        let part = header.extracting(begin..<end)
        guard let equals = part.firstIndex(of: 0x3D) else { return nil }
        let range = HTTPText.core(header, (begin + equals + 1)..<end)
        var key = part.extracting(HTTPText.core(part, 0..<equals))
        let isExtended = key.byteCount > 0 && (try? key.byte(at: key.byteCount - 1)) == 0x2A
        if isExtended { key = key.extracting(first: key.byteCount - 1) }
        if let piece {
            guard let star = key.firstIndex(of: 0x2A),
                HTTPText.decimal(key.extracting(droppingFirst: star + 1)) == piece
            else { return nil }
            key = key.extracting(first: star)
        }
        return range.isEmpty || !HTTPText.equals(key, name) ? nil : Found(range: range, isExtended: isExtended)
    }

    /// Where the part that begins at `start` ends: at a semicolon (or another `mark`) outside of quotes.
    private static func end(of header: RawSpan, from start: Int, mark: UInt8 = 0x3B) -> Int {
        var isQuoted = false
        var index = start
        while index < header.byteCount, let byte = try? header.byte(at: index) {
            if byte == 0x22 { isQuoted.toggle() }
            // A backslash guards a quote; in names of files it mostly stands for itself.
            if byte == 0x5C, isQuoted, mark == 0x2C { index += 1 }
            if byte == mark, !isQuoted { break }
            index += 1
        }
        return Swift.min(index, header.byteCount)
    }

    private static func unquoted(_ header: RawSpan, _ value: Range<Int>) -> Range<Int> {
        guard value.count >= 2, (try? header.byte(at: value.lowerBound)) == 0x22,
            (try? header.byte(at: value.upperBound - 1)) == 0x22
        else { return value }
        return (value.lowerBound + 1)..<(value.upperBound - 1)
    }

    /// What is behind the character set and the language.
    private static func withoutLanguage(_ header: RawSpan, _ value: Range<Int>) -> Range<Int> {
        guard let first = header.firstIndex(of: 0x27, from: value.lowerBound),
            let second = header.firstIndex(of: 0x27, from: first + 1), second < value.upperBound
        else { return value }
        return (second + 1)..<value.upperBound
    }

    /// A text without its percent signs; nil when there is none.
    private static func unescaped(_ value: RawSpan) -> String? {
        let out = unescapedBytes(value)
        return out.isEmpty ? nil : out[...].wireText
    }

    private static func unescapedBytes(_ value: RawSpan) -> [UInt8] {
        var out: [UInt8] = []
        var index = 0
        while index < value.byteCount, out.count < limit, let byte = try? value.byte(at: index) {
            index += 1
            if byte == 0x25, let high = HTTPText.hexDigit(value, index),
                let low = HTTPText.hexDigit(value, index + 1)
            {
                out.append(high << 4 | low)
                index += 2
            } else {
                out.append(byte)
            }
        }
        return out
    }
}
