/// Text of 16-bit units, as Microsoft's protocols and BMPString have it.
enum UTF16Text {
    /// Units that are read of one text: paths and names have some hundred.
    private static let limit = 4096

    static func littleEndian(_ bytes: ArraySlice<UInt8>) -> String { text(bytes, low: 0) }
    static func bigEndian(_ bytes: ArraySlice<UInt8>) -> String { text(bytes, low: 1) }

    /// - Parameter low: where in a unit its lower byte lies.
    private static func text(_ bytes: ArraySlice<UInt8>, low: Int) -> String {
        bytes.withUnsafeBytes { bytes in
            var count = Swift.min(bytes.count / 2, limit)
            while count > 0, bytes[2 * count - 1] | bytes[2 * count - 2] == 0 { count -= 1 }
            // A unit takes at most three bytes of UTF-8, and a pair of them four.
            let isASCII = (0..<count).allSatisfy { bytes[2 * $0 + low] < 0x80 && bytes[2 * $0 + 1 - low] == 0 }
            return String(unsafeUninitializedCapacity: isASCII ? count : 3 * count) { out in
                if !isASCII { return encode(bytes, count: count, low: low, into: out) }
                for index in 0..<count { out[index] = bytes[2 * index + low] }
                return count
            }
        }
    }

    /// Writes units as UTF-8, and U+FFFD for a surrogate without its other half.
    /// - Returns: how many bytes were written.
    private static func encode(
        _ bytes: UnsafeRawBufferPointer, count: Int, low: Int, into out: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        func unit(_ index: Int) -> UInt32 { UInt32(bytes[2 * index + low]) | UInt32(bytes[2 * index + 1 - low]) << 8 }
        var (index, length) = (0, 0)
        func put(_ byte: UInt32) {
            out[length] = UInt8(truncatingIfNeeded: byte)
            length += 1
        }
        while index < count {
            var scalar = unit(index)
            index += 1
            if scalar & 0xF800 == 0xD800 {
                if scalar < 0xDC00, index < count, unit(index) & 0xFC00 == 0xDC00 {
                    scalar = 0x1_0000 + (scalar & 0x3FF) << 10 + unit(index) & 0x3FF
                    index += 1
                } else {
                    scalar = 0xFFFD
                }
            }
            switch scalar {
            case 0..<0x80: put(scalar)
            case 0x80..<0x800:
                put(0xC0 | scalar >> 6)
                put(0x80 | scalar & 0x3F)
            case 0x800..<0x1_0000:
                put(0xE0 | scalar >> 12)
                put(0x80 | scalar >> 6 & 0x3F)
                put(0x80 | scalar & 0x3F)
            default:
                put(0xF0 | scalar >> 18)
                put(0x80 | scalar >> 12 & 0x3F)
                put(0x80 | scalar >> 6 & 0x3F)
                put(0x80 | scalar & 0x3F)
            }
        }
        return length
    }
}
