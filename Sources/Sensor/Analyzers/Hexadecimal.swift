internal import Shared

/// Bytes as lower-case hexadecimal digits.
enum Hexadecimal {
    static func text(of span: RawSpan) -> String { span.withUnsafeBytes { text(of: $0) } }

    static func text(of bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
        return String(decoding: out, as: UTF8.self)
    }
}
