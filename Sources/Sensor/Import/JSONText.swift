/// The escapes of JSON strings (RFC 8259 section 7).
enum JSONText {
    /// Appends the text that `bytes` stand for, as UTF-8.
    static func unescape(_ bytes: UnsafeRawBufferPointer, into out: inout [UInt8]) throws(LineError) {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == 0x5C else {
                out.append(byte)
                index += 1
                continue
            }
            guard index + 1 < bytes.count else { throw .reason("ends in the middle of an escape") }
            if bytes[index + 1] == 0x75 {
                index = try unicode(bytes, at: index, into: &out)
                continue
            }
            guard let plain = simple(bytes[index + 1]) else {
                throw .reason("has an escape that JSON does not know")
            }
            out.append(plain)
            index += 2
        }
    }

    private static func simple(_ letter: UInt8) -> UInt8? {
        switch letter {
        case 0x22, 0x5C, 0x2F: letter
        case 0x62: 0x08
        case 0x66: 0x0C
        case 0x6E: 0x0A
        case 0x72: 0x0D
        case 0x74: 0x09
        default: nil
        }
    }

    /// `\uNNNN`, two of them where a surrogate pair is meant; a lone surrogate becomes U+FFFD.
    private static func unicode(
        _ bytes: UnsafeRawBufferPointer, at start: Int, into out: inout [UInt8]
    ) throws(LineError) -> Int {
        guard let first = hex4(bytes, start + 2) else { throw .reason("has \\u without four hexadecimal digits") }
        var index = start + 6
        var code = first
        if (0xD800..<0xDC00).contains(first), index + 1 < bytes.count, bytes[index] == 0x5C, bytes[index + 1] == 0x75,
            let second = hex4(bytes, index + 2), (0xDC00..<0xE000).contains(second)
        {
            code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
            index += 6
        }
        let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
        out.append(contentsOf: Array(String(Character(scalar)).utf8))
        return index
    }

    private static func hex4(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> UInt32? {
        guard start + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for index in start..<(start + 4) {
            guard let digit = hexDigit(bytes[index]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
