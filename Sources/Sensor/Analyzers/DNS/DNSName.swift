internal import Shared

/// Domain names in messages: labels and compression pointers, RFC 1035 §4.1.4.
enum DNSName {
    /// Most pointers followed for one name. A name has at most 127 labels (RFC 1035 §3.1), and honest servers
    /// point once or twice.
    static let hopLimit = 32
    /// Octets of a name, RFC 1035 §3.1.
    static let octetLimit = 255

    /// Reads the name at `offset` of a whole message.
    /// - Parameter keepsCase: names of NetBIOS are not lower-cased.
    /// - Returns: the labels joined by dots, empty for the root, and where the name ends in the message.
    static func decode(
        _ message: RawSpan, at offset: Int, keepsCase: Bool = false
    ) throws(DecodeError) -> (text: String, end: Int) {
        // A name of printable labels, as nearly all are, is put together in place.
        var plain = [256 of UInt8](repeating: 0)
        var count = 0
        var isPlain = true
        let end = try walk(message, at: offset) { label in
            guard isPlain else { return }
            label.withUnsafeBytes { bytes in
                guard WireText.isPrintable(bytes) else { return isPlain = false }
                if count > 0 {
                    plain[count] = 0x2E
                    count += 1
                }
                for byte in bytes {
                    plain[count] = keepsCase ? byte : byte.lowercasedASCII
                    count += 1
                }
            }
        }
        guard isPlain else { return (try escaped(message, at: offset, keepsCase: keepsCase), end) }
        let text = String(unsafeUninitializedCapacity: count) { buffer in
            for index in 0..<count { buffer[index] = plain[index] }
            return count
        }
        return (text, end)
    }

    private static func escaped(_ message: RawSpan, at offset: Int, keepsCase: Bool) throws(DecodeError) -> String {
        var text = ""
        _ = try walk(message, at: offset) { label in
            if !text.isEmpty { text.append(".") }
            text.append(keepsCase ? label.text() : lowerCase(label))
        }
        return text
    }

    /// The label with ASCII letters in lower case, the only ones that names do not tell apart (RFC 4343 section 3).
    private static func lowerCase(_ label: RawSpan) -> String {
        withUnsafeTemporaryAllocation(byteCount: label.byteCount, alignment: 1) { buffer in
            label.withUnsafeBytes { buffer.copyMemory(from: $0) }
            for index in buffer.indices where buffer[index] >= 0x41 && buffer[index] <= 0x5A { buffer[index] |= 0x20 }
            return WireText.string(decoding: UnsafeRawBufferPointer(buffer))
        }
    }

    /// Walks over the name at `offset` without allocating.
    /// - Returns: where it ends in the message.
    static func skip(_ message: RawSpan, at offset: Int) throws(DecodeError) -> Int {
        try walk(message, at: offset) { _ in }
    }

    private static func walk(
        _ message: RawSpan, at offset: Int, label: (RawSpan) -> Void
    ) throws(DecodeError) -> Int {
        var (position, hops, octets) = (offset, 0, 0)
        var end: Int?
        while true {
            let length = Int(try message.byte(at: position))
            switch length >> 6 {
            case 0:
                if length == 0 { return end ?? position + 1 }
                octets += length + 1
                guard octets <= octetLimit else { throw .limit(.labelLength) }
                try message.require(length, at: position + 1)
                label(message.extracting((position + 1)..<(position + 1 + length)))
                position += 1 + length
            case 3:
                let target = Int(try message.readBE(at: position, as: UInt16.self) & 0x3FFF)
                end = end ?? position + 2
                hops += 1
                guard hops <= hopLimit else { throw .limit(.pointer) }
                guard target < message.byteCount else { throw .invalid(.pointer) }
                position = target
            default: throw .invalid(.labelLength)
            }
        }
    }
}
