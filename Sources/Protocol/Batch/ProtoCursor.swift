/// A place in bytes of the protobuf wire format, with the end of the message it is in.
struct ProtoCursor {
    private(set) var offset: Int
    let end: Int

    /// - Parameter end: not above the size of the bytes that it will read.
    init(offset: Int, end: Int) { (self.offset, self.end) = (offset, end) }

    var isAtEnd: Bool { offset >= end }
    var remaining: Int { end - offset }

    struct Tag: Equatable {
        let field: Int
        let wire: UInt8
    }

    @inline(__always)
    mutating func varint(_ bytes: RawSpan) throws(BatchError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            guard offset < end else { throw .truncated(offset: offset) }
            let byte = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt8.self)
            offset &+= 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift &+= 7
        }
        throw .truncated(offset: offset)
    }

    mutating func tag(_ bytes: RawSpan) throws(BatchError) -> Tag {
        let key = try varint(bytes)
        guard key >> 3 > 0, key >> 3 < 1 << 29 else { throw .truncated(offset: offset) }
        return Tag(field: Int(key >> 3), wire: UInt8(key & 7))
    }

    /// The inside of a field with a length; the cursor goes behind it.
    mutating func delimited(_ bytes: RawSpan) throws(BatchError) -> ProtoCursor {
        let length = try varint(bytes)
        guard length <= UInt64(remaining) else { throw .truncated(offset: offset) }
        let inside = ProtoCursor(offset: offset, end: offset + Int(length))
        offset = inside.end
        return inside
    }

    mutating func fixed64(_ bytes: RawSpan) throws(BatchError) -> UInt64 {
        guard remaining >= 8 else { throw .truncated(offset: offset) }
        defer { offset += 8 }
        return UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// Goes behind a field that is not wanted.
    mutating func skip(_ tag: Tag, _ bytes: RawSpan) throws(BatchError) {
        switch tag.wire {
        case 0: _ = try varint(bytes)
        case 1: _ = try fixed64(bytes)
        case 2: _ = try delimited(bytes)
        case 5:
            guard remaining >= 4 else { throw .truncated(offset: offset) }
            offset += 4
        default: throw .truncated(offset: offset)
        }
    }

    /// The rest of this message as text.
    /// - Throws: ``BatchError/invalid(what:kind:field:)`` when it is not UTF-8.
    func text(_ bytes: RawSpan) throws(BatchError) -> String {
        let text = bytes.extracting(offset..<end).withUnsafeBytes { String(validating: $0, as: UTF8.self) }
        guard let text else { throw .invalid(what: "a text that is not UTF-8", kind: "", field: "") }
        return text
    }

    func presence(_ bytes: RawSpan, of row: Int) -> Bool {
        bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset + row >> 3, as: UInt8.self) >> UInt8(row & 7) & 1 == 1
    }

    @inline(__always)
    static func unzigzag(_ value: UInt64) -> Int64 { Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1) }
}
