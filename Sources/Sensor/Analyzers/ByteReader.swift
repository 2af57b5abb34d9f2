internal import Shared

/// Reads a message that is in memory already, front to back, checking before each read.
///
/// For messages of handshakes and calls, which are few; payload that flows is read in place with `RawSpan`.
struct ByteReader: Sendable {
    /// The message; what is left of it lies from `start` to `end`, so that reading moves a number and nothing else.
    private let bytes: ArraySlice<UInt8>
    private var start: Int
    private let end: Int

    init(_ bytes: [UInt8]) { self.init(bytes[...]) }
    init(_ bytes: ArraySlice<UInt8>) { (self.bytes, start, end) = (bytes, bytes.startIndex, bytes.endIndex) }

    var rest: ArraySlice<UInt8> { bytes[start..<end] }
    var count: Int { end - start }
    var isEmpty: Bool { start == end }
    /// Where what is left lies in the bytes that the reader was made of.
    var range: Range<Int> { start..<end }

    /// The next `length` bytes, taken off the front.
    /// - Throws: ``DecodeError/truncated(needed:have:)`` when there are fewer.
    mutating func take(_ length: Int) throws(DecodeError) -> ArraySlice<UInt8> {
        let first = start
        try skip(length)
        return bytes[first..<start]
    }

    mutating func skip(_ length: Int) throws(DecodeError) {
        guard length >= 0, length <= count else { throw .truncated(needed: length, have: count) }
        start += length
    }

    /// The next `length` bytes as a reader of their own.
    mutating func reader(_ length: Int) throws(DecodeError) -> ByteReader { ByteReader(try take(length)) }

    mutating func be<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self) throws(DecodeError) -> T {
        T(bigEndian: try raw())
    }

    mutating func le<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self) throws(DecodeError) -> T {
        T(littleEndian: try raw())
    }

    private mutating func raw<T: FixedWidthInteger & BitwiseCopyable>() throws(DecodeError) -> T {
        let offset = start - bytes.startIndex
        try skip(MemoryLayout<T>.size)
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: T.self) }
    }

    mutating func byte() throws(DecodeError) -> UInt8 {
        guard start < end else { throw .truncated(needed: 1, have: 0) }
        defer { start += 1 }
        return bytes[start]
    }

    /// A big-endian number of three bytes.
    mutating func be24() throws(DecodeError) -> Int { try number(3) }

    private mutating func number(_ length: Int) throws(DecodeError) -> Int {
        let first = start
        try skip(length)
        var value = 0
        for index in first..<start { value = value << 8 | Int(bytes[index]) }
        return value
    }

    /// A vector whose length stands before it in one, two or three bytes (RFC 8446 section 3.4).
    mutating func vector(lengthBytes: Int) throws(DecodeError) -> ByteReader {
        try reader(try number(lengthBytes))
    }

    /// A vector whose length stands before it in two bytes, or its beginning where the bytes end before it does.
    mutating func cutVector16() throws(DecodeError) -> ByteReader {
        let length = Int(try be(UInt16.self))
        return try reader(min(length, count))
    }

    /// What is left as big-endian numbers of two bytes; an odd byte at the end is left out.
    func numbers16() -> [UInt16] {
        rest.withUnsafeBytes { bytes in
            (0..<bytes.count / 2).map { UInt16(bytes[2 * $0]) << 8 | UInt16(bytes[2 * $0 + 1]) }
        }
    }
}

extension ArraySlice<UInt8> {
    /// The bytes as text, in Zeek's notation where they are not text; at most ``WireText/limit`` of them.
    var wireText: String { prefix(WireText.limit).withUnsafeBytes { WireText.string(decoding: $0) } }
}
