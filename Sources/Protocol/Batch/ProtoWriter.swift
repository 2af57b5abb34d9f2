/// Writes the protobuf wire format (https://protobuf.dev/programming-guides/encoding) into one buffer, front to back.
struct ProtoWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    @inline(__always)
    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func number(_ field: Int, _ value: UInt64) {
        varint(UInt64(field << 3))
        varint(value)
    }

    mutating func text(_ field: Int, _ value: String) {
        varint(UInt64(field << 3 | 2))
        varint(UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func text(_ field: Int, _ utf8: UnsafeRawBufferPointer) {
        varint(UInt64(field << 3 | 2))
        varint(UInt64(utf8.count))
        bytes.append(contentsOf: utf8)
    }

    /// A field with a length, whose content `body` writes.
    ///
    /// The length is filled in afterwards, as a varint of four bytes: longer than need be, which every reader takes and
    /// zstd makes up for. It holds 2^28, above ``BatchLimits/contentBytes``.
    mutating func delimited(_ field: Int, _ body: (inout ProtoWriter) throws(BatchError) -> Void) throws(BatchError) {
        varint(UInt64(field << 3 | 2))
        let start = bytes.count
        bytes.append(contentsOf: [0x80, 0x80, 0x80, 0])
        try body(&self)
        let length = bytes.count - start - 4
        guard length < 1 << 28 else {
            throw .limit(what: "content bytes", value: length, limit: BatchLimits.contentBytes)
        }
        for index in 0..<4 {
            bytes[start + index] = UInt8(length >> (index * 7) & 0x7F) | (index < 3 ? 0x80 : 0)
        }
    }

    mutating func fixed64(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    @inline(__always)
    static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value << 1 ^ value >> 63) }
}
