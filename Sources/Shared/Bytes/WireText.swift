/// Text from the wire, which may be anything: kept readable and reversible.
public enum WireText {
    /// Bytes that a record's text is made of at most: twice what common web servers take of one line (8 KiB). What is
    /// longer is an attack or content, and four times as long where every byte is spelled out.
    public static let limit = 16_384

    /// Valid UTF-8 without control characters stays as it is; every other byte becomes `\xNN` (Zeek's notation).
    public static func string(decoding bytes: UnsafeRawBufferPointer) -> String {
        if isPrintable(bytes) {
            return String(unsafeUninitializedCapacity: bytes.count) { buffer in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
                return bytes.count
            }
        }
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
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
        return String(unsafeUninitializedCapacity: bytes.count * 4) { out in
            var (index, count) = (0, 0)
            while index < bytes.count {
                let byte = bytes[index]
                let length = isControl(byte) ? 0 : scalarLength(bytes, at: index)
                if length > 0 {
                    for place in index..<(index + length) {
                        out[count] = bytes[place]
                        count += 1
                    }
                    index += length
                } else {
                    out[count] = 0x5C
                    out[count + 1] = 0x78
                    out[count + 2] = digit(byte >> 4)
                    out[count + 3] = digit(byte & 15)
                    count += 4
                    index += 1
                }
            }
            return count
        }
    }

    /// Length of the well-formed UTF-8 sequence at `index`, 0 when there is none (Unicode 15, table 3-7).
    private static func scalarLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let first = bytes[index]
        let (length, second): (Int, ClosedRange<UInt8>)
        switch first {
        case 0..<0x80: return 1
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        for place in (index + 2)..<(index + length) where bytes[place] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
