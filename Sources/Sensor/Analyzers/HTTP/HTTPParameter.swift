internal import Shared

/// Parameters of header values, RFC 9110 §5.6.6.
enum HTTPParameter {
    /// Bytes of a value: names of files have 255, boundaries 70.
    private static let limit = 1024

    /// Value of the parameter `name` (or `name*`, RFC 8187) behind the first semicolon.
    /// - Parameter name: in lower case.
    static func value(of name: StaticString, in header: RawSpan) -> String? {
        var start = end(of: header, from: 0) + 1
        while start < header.byteCount {
            let end = end(of: header, from: start)
            let part = header.extracting(start..<end)
            start = end + 1
            guard let equals = part.firstIndex(of: 0x3D) else { continue }
            let key = part.extracting(HTTPText.core(part, 0..<equals))
            let value = part.extracting(HTTPText.core(part, (equals + 1)..<part.byteCount))
            guard value.byteCount > 0 else { continue }
            if HTTPText.equals(key, name) { return unquoted(value) }
            let isExtended = key.byteCount == name.utf8CodeUnitCount + 1 && HTTPText.hasPrefix(key, name)
            if isExtended, (try? key.byte(at: key.byteCount - 1)) == 0x2A, let text = extended(value) { return text }
        }
        return nil
    }

    /// Where the part that begins at `start` ends: at a semicolon outside of quotes.
    private static func end(of header: RawSpan, from start: Int) -> Int {
        var isQuoted = false
        var index = start
        while index < header.byteCount, let byte = try? header.byte(at: index) {
            if byte == 0x22 { isQuoted.toggle() }
            if byte == 0x3B, !isQuoted { break }
            index += 1
        }
        return index
    }

    private static func unquoted(_ value: RawSpan) -> String {
        let count = value.byteCount
        guard count >= 2, (try? value.byte(at: 0)) == 0x22, (try? value.byte(at: count - 1)) == 0x22
        else { return value.extracting(first: limit).text() }
        return value.extracting(1..<(count - 1)).extracting(first: limit).text()
    }

    /// What is behind the character set and the language, without its percent signs; nil when nothing is.
    private static func extended(_ value: RawSpan) -> String? {
        var start = 0
        while let quote = value.firstIndex(of: 0x27, from: start), quote + 1 < value.byteCount { start = quote + 1 }
        var out: [UInt8] = []
        var index = start
        while index < value.byteCount, out.count < limit, let byte = try? value.byte(at: index) {
            index += 1
            if byte == 0x25, let high = digit(value, index), let low = digit(value, index + 1) {
                out.append(high << 4 | low)
                index += 2
            } else if byte != 0x27 {
                out.append(byte)
            }
        }
        return out.isEmpty ? nil : out.withUnsafeBytes { WireText.string(decoding: $0) }
    }

    private static func digit(_ span: RawSpan, _ index: Int) -> UInt8? {
        guard let byte = try? span.byte(at: index) else { return nil }
        switch byte {
        case 0x30...0x39: return byte - 0x30
        case 0x41...0x46, 0x61...0x66: return (byte | 0x20) - 0x57
        default: return nil
        }
    }
}
