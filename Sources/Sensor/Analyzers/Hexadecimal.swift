internal import Shared

/// Bytes as lower-case hexadecimal digits.
enum Hexadecimal {
    static func text(of span: RawSpan) -> String { span.withUnsafeBytes { text(of: $0) } }

    static func text(of bytes: some Collection<UInt8>) -> String {
        let count = bytes.count * 2
        return String(unsafeUninitializedCapacity: count) { buffer in
            var place = 0
            for byte in bytes where place < count {
                buffer[place] = digit(byte >> 4)
                buffer[place + 1] = digit(byte & 15)
                place += 2
            }
            return place
        }
    }

    /// A number as `0x` and at least `digits` digits (up to 16), as Zeek's scripts write codes.
    static func code(_ value: some UnsignedInteger, digits: Int) -> String {
        let number = UInt64(truncatingIfNeeded: value)
        let needed = Swift.max(1, (64 - number.leadingZeroBitCount + 3) / 4)
        let count = Swift.min(16, Swift.max(digits, needed))
        return String(unsafeUninitializedCapacity: count + 2) { buffer in
            (buffer[0], buffer[1]) = (0x30, 0x78)
            for place in 0..<count {
                buffer[2 + place] = digit(UInt8(truncatingIfNeeded: number >> UInt64(4 * (count - 1 - place))) & 15)
            }
            return count + 2
        }
    }

    @inline(__always)
    static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
