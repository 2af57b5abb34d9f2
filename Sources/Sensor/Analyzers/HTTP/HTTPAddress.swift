internal import Shared

/// Addresses as records tell them: without the passwords of their user information (RFC 3986 §3.2.1), which clients of
/// FTP through a proxy send, and browsers' referrers once had.
enum HTTPAddress {
    /// Text of a value that addresses stand in, as a whole or within.
    static func text(_ value: RawSpan) -> String {
        guard value.firstIndex(of: 0x40) != nil, value.firstIndex(of: "://") != nil else { return value.text() }
        var out: [UInt8] = []
        var start = 0
        while let mark = value.firstIndex(of: "://", from: start) {
            let isWithin = start > 0 || (try? value.byte(at: 0)) == 0x2F
            let authority = (mark + 3)..<end(ofAuthorityIn: value, from: mark + 3, isWithin: isWithin)
            add(value, start..<authority.lowerBound, to: &out)
            addHidden(value, authority, to: &out)
            start = authority.upperBound
        }
        add(value, start..<value.byteCount, to: &out)
        return out.span.bytes.text()
    }

    /// Text of a value that is the name and port of a server, with user information before them where a client has
    /// left it there.
    static func text(authority value: RawSpan) -> String {
        guard value.firstIndex(of: 0x40) != nil else { return value.text() }
        var out: [UInt8] = []
        addHidden(value, 0..<value.byteCount, to: &out)
        return out.span.bytes.text()
    }

    /// Where a path, a query or a fragment begins (RFC 3986 §3.2), or within another address its next parameter.
    private static func end(ofAuthorityIn value: RawSpan, from start: Int, isWithin: Bool) -> Int {
        var index = start
        while index < value.byteCount, let byte = try? value.byte(at: index) {
            if byte == 0x2F || byte == 0x3F || byte == 0x23 || byte <= 0x20 || isWithin && byte == 0x26 { break }
            index += 1
        }
        return index
    }

    /// Adds an authority, with a word instead of the password.
    private static func addHidden(_ value: RawSpan, _ authority: Range<Int>, to out: inout [UInt8]) {
        var at = authority.upperBound
        // Like browsers: an at sign in the password may stand as it is.
        repeat { at -= 1 } while at >= authority.lowerBound && (try? value.byte(at: at)) != 0x40
        guard let colon = value.firstIndex(of: 0x3A, from: authority.lowerBound), colon + 1 < at else {
            return add(value, authority, to: &out)
        }
        add(value, authority.lowerBound..<(colon + 1), to: &out)
        out.append(contentsOf: "<hidden>".utf8)
        add(value, at..<authority.upperBound, to: &out)
    }

    private static func add(_ value: RawSpan, _ range: Range<Int>, to out: inout [UInt8]) {
        value.extracting(range).withUnsafeBytes { out.append(contentsOf: $0) }
    }
}
