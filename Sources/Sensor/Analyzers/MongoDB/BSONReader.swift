internal import Shared

/// Reads the elements of a BSON document (bsonspec.org, version 1.1) one after the other; nothing recurses by itself.
struct BSONReader: Sendable {
    /// One element; `content` is the value without its length.
    struct Element: Sendable {
        let type: UInt8
        let name: ArraySlice<UInt8>
        let content: ArraySlice<UInt8>

        /// Text of a string, without the zero at its end.
        var text: String? { type == 2 ? content.dropLast().wireText : nil }
        var document: BSONReader? { type == 3 || type == 4 ? BSONReader(elements: content) : nil }
        /// Whether a command succeeded: `ok` is a number of any kind, or a boolean.
        var isTrue: Bool { content.contains { $0 != 0 } }
        /// A whole number of 32 or 64 bits.
        var integer: Int64? {
            guard type == 0x10 || type == 0x12 else { return nil }
            let bits = content.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return type == 0x10 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
        }

        func isNamed(_ other: StaticString) -> Bool { other.withUTF8Buffer { name.elementsEqual($0) } }
    }

    private var reader: ByteReader

    private init(elements: ArraySlice<UInt8>) { reader = ByteReader(elements) }

    /// - Parameter bytes: a document with its length, of which the end may be cut off.
    init(_ bytes: ArraySlice<UInt8>) throws(DecodeError) {
        var whole = ByteReader(bytes)
        let length = Int(try whole.le(Int32.self))
        guard length >= 5 else { throw .invalid(.length) }
        reader = ByteReader(whole.rest.prefix(length - 5))
    }

    /// Whether the next element has this name, though its value may be cut off.
    func begins(with name: StaticString) -> Bool {
        var copy = self
        guard (try? copy.reader.byte()) != nil, let next = try? copy.zeroEnded() else { return false }
        return name.withUTF8Buffer { next.elementsEqual($0) }
    }

    /// The next element, nil at the end.
    /// - Throws: ``DecodeError`` when an element is cut or of a kind that does not exist.
    mutating func next() throws(DecodeError) -> Element? {
        guard !reader.isEmpty else { return nil }
        let type = try reader.byte()
        let name = try zeroEnded()
        return Element(type: type, name: name, content: try value(type))
    }

    private mutating func zeroEnded() throws(DecodeError) -> ArraySlice<UInt8> {
        let rest = reader.rest
        guard let end = rest.firstIndex(of: 0) else { throw .truncated(needed: rest.count + 1, have: rest.count) }
        let text = try reader.take(end - rest.startIndex)
        try reader.skip(1)
        return text
    }

    private mutating func value(_ type: UInt8) throws(DecodeError) -> ArraySlice<UInt8> {
        switch type {
        case 1, 9, 0x11, 0x12: return try reader.take(8)
        case 2, 0x0D, 0x0E: return try reader.take(Int(try reader.le(Int32.self)))
        case 3, 4:
            let length = Int(try reader.le(Int32.self))
            guard length >= 5 else { throw .invalid(.length) }
            let content = try reader.take(length - 5)
            try reader.skip(1)
            return content
        case 5:
            let length = Int(try reader.le(Int32.self))
            try reader.skip(1)
            return try reader.take(length)
        case 6, 0x0A, 0x7F, 0xFF: return []
        case 7: return try reader.take(12)
        case 8: return try reader.take(1)
        case 0x0B:
            let pattern = try zeroEnded()
            _ = try zeroEnded()
            return pattern
        case 0x10: return try reader.take(4)
        case 0x13: return try reader.take(16)
        default: throw .invalid(.type)
        }
    }
}
