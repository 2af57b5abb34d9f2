internal import Shared

/// Reads a message that is in memory already, front to back, checking before each read.
///
/// For messages of handshakes and calls, which are few; payload that flows is read in place with `RawSpan`.
struct ByteReader: Sendable {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }
    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var count: Int { rest.count }
    var isEmpty: Bool { rest.isEmpty }

    /// The next `length` bytes, taken off the front.
    /// - Throws: ``DecodeError/truncated(needed:have:)`` when there are fewer.
    mutating func take(_ length: Int) throws(DecodeError) -> ArraySlice<UInt8> {
        guard length >= 0, length <= rest.count else { throw .truncated(needed: length, have: rest.count) }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }

    mutating func skip(_ length: Int) throws(DecodeError) { _ = try take(length) }

    /// The next `length` bytes as a reader of their own.
    mutating func reader(_ length: Int) throws(DecodeError) -> ByteReader { ByteReader(try take(length)) }

    mutating func be<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(DecodeError) -> T {
        try take(T.bitWidth / 8).reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
    }

    mutating func le<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(DecodeError) -> T {
        try take(T.bitWidth / 8).reversed().reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
    }

    mutating func byte() throws(DecodeError) -> UInt8 {
        guard let first = rest.popFirst() else { throw .truncated(needed: 1, have: 0) }
        return first
    }

    /// A big-endian number of three bytes.
    mutating func be24() throws(DecodeError) -> Int {
        try take(3).reduce(0) { $0 << 8 | Int($1) }
    }

    /// A vector whose length stands before it in one, two or three bytes (RFC 8446 section 3.4).
    mutating func vector(lengthBytes: Int) throws(DecodeError) -> ByteReader {
        let length = try take(lengthBytes).reduce(0) { $0 << 8 | Int($1) }
        return try reader(length)
    }

    /// What is left as big-endian numbers of two bytes; an odd byte at the end is left out.
    func numbers16() -> [UInt16] {
        var copy = self
        var out: [UInt16] = []
        out.reserveCapacity(copy.count / 2)
        while copy.count >= 2, let number = try? copy.be(UInt16.self) { out.append(number) }
        return out
    }
}

extension ArraySlice<UInt8> {
    /// The bytes as text, in Zeek's notation where they are not text.
    var wireText: String { withUnsafeBytes { WireText.string(decoding: $0) } }
}
