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

    @inline(__always)
    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
