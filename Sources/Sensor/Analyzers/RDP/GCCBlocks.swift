internal import Shared

/// The settings in an MCS Connect Initial or Connect Response (T.125 section 7, BER), behind the Generic Conference
/// Control header that wraps them (T.124 section 8.7, PER): blocks with a type and a length.
struct GCCBlocks {
    struct Block {
        let type: UInt16
        let content: ByteReader
    }

    /// Blocks of one message; [MS-RDPBCGR] section 2.2.1.3 knows eight.
    private static let blockLimit = 32

    private(set) var blocks: [Block] = []
    /// Result of the conference's creation (T.124 section 8.7.1), of a response only.
    private(set) var result: UInt8?

    /// Client data, [MS-RDPBCGR] section 2.2.1.3. The tag was taken already.
    init(connectInitial reader: inout ByteReader) throws(DecodeError) {
        var body = try Self.content(&reader)
        // Two domain selectors and a flag, then three sets of domain parameters.
        for _ in 0..<6 { _ = try Self.element(&body) }
        var data = try Self.element(&body)
        try Self.skipKey(&data)
        // A conference name and the settings of its creation, eight bytes, then the key "Duca".
        try data.skip(8)
        guard try data.be(UInt32.self) == 0x4475_6361 else { throw .invalid(.magic) }
        try take(&data)
    }

    /// Server data, section 2.2.1.4. The tag was taken already.
    init(connectResponse reader: inout ByteReader) throws(DecodeError) {
        var body = try Self.content(&reader)
        // Result, identifier and domain parameters.
        for _ in 0..<3 { _ = try Self.element(&body) }
        var data = try Self.element(&body)
        try Self.skipKey(&data)
        // Choice, node and a tag with its length, then the result in the upper bits of a byte.
        try data.skip(3)
        try data.skip(Int(try data.byte()))
        result = try data.byte() >> 4 & 7
        try data.skip(3)
        guard try data.be(UInt32.self) == 0x4D63_446E else { throw .invalid(.magic) }  // "McDn"
        try take(&data)
    }

    /// The object key of T.124 (`0.0.20.124.0.1`) in seven bytes and the length of what follows.
    private static func skipKey(_ data: inout ByteReader) throws(DecodeError) {
        guard try data.be(UInt32.self) == 0x0005_0014, try data.be24() == 0x7C_0001 else { throw .invalid(.magic) }
        try skipLength(&data)
    }

    /// A length of PER in one byte or two (X.691 section 10.9).
    private static func skipLength(_ data: inout ByteReader) throws(DecodeError) {
        if try data.byte() & 0x80 != 0 { try data.skip(1) }
    }

    private mutating func take(_ data: inout ByteReader) throws(DecodeError) {
        try Self.skipLength(&data)
        while data.count >= 4, blocks.count < Self.blockLimit {
            let type: UInt16 = try data.le()
            let length = Int(try data.le(UInt16.self))
            guard length >= 4 else { throw .invalid(.length) }
            // The last block may be cut; what is there of it counts.
            blocks.append(Block(type: type, content: try data.reader(Swift.min(length - 4, data.count))))
        }
    }

    /// The content of the next element of BER, its tag included.
    private static func element(_ reader: inout ByteReader) throws(DecodeError) -> ByteReader {
        try reader.skip(1)
        return try content(&reader)
    }

    /// A length of BER, in the short form or the long one of up to four bytes, and as many bytes.
    private static func content(_ reader: inout ByteReader) throws(DecodeError) -> ByteReader {
        var length = Int(try reader.byte())
        if length & 0x80 != 0 {
            let size = length & 0x7F
            guard (1...4).contains(size) else { throw .invalid(.length) }
            length = 0
            for _ in 0..<size { length = length << 8 | Int(try reader.byte()) }
        }
        return try reader.reader(length)
    }
}
