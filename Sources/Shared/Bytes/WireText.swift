/// Text from the wire, which may be anything: kept readable and reversible.
public enum WireText {
    /// Valid UTF-8 without control characters stays as it is; every other byte becomes `\xNN` (Zeek's notation).
    public static func string(decoding bytes: UnsafeRawBufferPointer) -> String {
        if isPrintable(bytes) {
            return String(unsafeUninitializedCapacity: bytes.count) { buffer in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
                return bytes.count
            }
        }
        if let text = String(validating: bytes, as: UTF8.self), !bytes.contains(where: isControl) { return text }
        return escaped(bytes)
    }

    /// Whether every byte is printable ASCII, eight of them at a time.
    public static func isPrintable(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var offset = 0
        while offset + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            // A byte below 0x20 borrows into its high bit, 0x7F carries into it when one is added.
            if (word | (word &- ones &* 0x20) | (word &+ ones)) & (ones &* 0x80) != 0 { return false }
            offset += 8
        }
        while offset < bytes.count {
            if bytes[offset] >= 0x7F || bytes[offset] < 0x20 { return false }
            offset += 1
        }
        return true
    }

    @inlinable static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }

    private static func escaped(_ bytes: UnsafeRawBufferPointer) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + bytes.count / 2)
        var index = 0
        while index < bytes.count {
            let length = scalarLength(bytes, at: index)
            if length > 0, !isControl(bytes[index]) {
                out.append(contentsOf: bytes[index..<(index + length)])
                index += length
            } else {
                let byte = bytes[index]
                out.append(contentsOf: [0x5C, 0x78, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Length of the well-formed UTF-8 sequence at `index`, 0 when there is none (Unicode 15, table 3-7).
    private static func scalarLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let first = bytes[index]
        let length: Int
        switch first {
        case 0..<0x80: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return 0
        }
        guard index + length <= bytes.count else { return 0 }
        let slice = UnsafeRawBufferPointer(rebasing: bytes[index..<(index + length)])
        return String(validating: slice, as: UTF8.self) == nil ? 0 : length
    }
}
