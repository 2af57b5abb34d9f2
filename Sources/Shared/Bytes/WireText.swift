/// Text from the wire, which may be anything: kept readable and reversible.
public enum WireText {
    /// Valid UTF-8 without control characters stays as it is; every other byte becomes `\xNN` (Zeek's notation).
    public static func string(decoding bytes: UnsafeRawBufferPointer) -> String {
        if let text = String(validating: bytes, as: UTF8.self), !bytes.contains(where: isControl) { return text }
        return escaped(bytes)
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
