internal import Shared

/// The header of SMB 1 (MS-CIFS 2.2.3.1).
struct SMB1Header: Sendable {
    let command: UInt8
    let status: UInt32
    private let flags: UInt8
    private let flags2: UInt16
    let tree: UInt16
    let user: UInt16
    /// Process and multiplex identifier: which request a response belongs to.
    let message: UInt32

    static let length = 32
    /// Commands of one chain; real ones have up to three.
    static let chainLimit = 8

    var isResponse: Bool { flags & 0x80 != 0 }
    var isUnicode: Bool { flags2 & 0x8000 != 0 }
    /// STATUS_BUFFER_OVERFLOW: what is there is right, and more can be read.
    var isPartial: Bool { status == 0x8000_0005 }
    /// The server did not do what was asked: neither is more to come (STATUS_MORE_PROCESSING_REQUIRED).
    var isRefusal: Bool { status != 0 && !isPartial && status != 0xC000_0016 }

    /// Nil when the bytes are no header of SMB 1.
    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard let header = try? Self(&reader) else { return nil }
        self = header
    }

    private init(_ reader: inout ByteReader) throws(DecodeError) {
        guard try reader.be(UInt32.self) == 0xFF53_4D42 else { throw .invalid(.magic) }
        command = try reader.byte()
        status = try reader.le()
        flags = try reader.byte()
        flags2 = try reader.le()
        try reader.skip(12)
        tree = try reader.le()
        let process: UInt16 = try reader.le()
        user = try reader.le()
        message = UInt32(process) << 16 | UInt32(try reader.le(UInt16.self))
    }
}

/// The parameters and data of one command (MS-CIFS 2.2.3.2 and 2.2.3.3), inside of its message.
struct SMB1Block: Sendable {
    private let message: [UInt8]
    private let wordStart: Int
    private let isUnicode: Bool
    let wordCount: Int
    /// Where the data begins, from the header on.
    let dataStart: Int

    /// Characters of a name or path that are read.
    private static let textLimit = 2048

    /// - Throws: ``DecodeError/truncated(needed:have:)`` when the parameters are cut.
    init(_ message: [UInt8], at start: Int, isUnicode: Bool) throws(DecodeError) {
        self.message = message
        self.isUnicode = isUnicode
        guard message.indices.contains(start) else { throw .truncated(needed: start + 1, have: message.count) }
        wordCount = Int(message[start])
        wordStart = start + 1
        dataStart = wordStart + wordCount * 2 + 2
        guard dataStart <= message.count else { throw .truncated(needed: dataStart, have: message.count) }
    }

    /// Whether another command may be chained to this one.
    private static func isChainable(_ command: UInt8) -> Bool {
        switch command {
        case 0x24, 0x2D, 0x2E, 0x2F, 0x73, 0x74, 0x75, 0xA2: true
        default: false
        }
    }

    /// The next command of the chain and where it begins.
    func chained(after command: UInt8) -> (UInt8, Int)? {
        guard Self.isChainable(command), wordCount >= 2, message[wordStart] != 0xFF, let offset = try? word(2),
            offset > 0
        else { return nil }
        return (message[wordStart], Int(offset))
    }

    /// Parameters from byte `offset` on.
    func wordBytes(_ offset: Int, count: Int) throws(DecodeError) -> ArraySlice<UInt8> {
        guard offset + count <= wordCount * 2 else { throw .truncated(needed: offset + count, have: wordCount * 2) }
        return message[(wordStart + offset)..<(wordStart + offset + count)]
    }

    func word(_ offset: Int) throws(DecodeError) -> UInt16 {
        var reader = ByteReader(try wordBytes(offset, count: 2))
        return try reader.le()
    }

    func number(_ offset: Int) throws(DecodeError) -> UInt32 {
        var reader = ByteReader(try wordBytes(offset, count: 4))
        return try reader.le()
    }

    /// An offset in a file, whose upper half is only there in the longer form of a command.
    func offset(_ low: Int, high: Int) throws(DecodeError) -> UInt64 {
        UInt64((try? number(high)) ?? 0) << 32 | UInt64(try number(low))
    }

    /// - Throws: ``DecodeError/truncated(needed:have:)`` when they are not all there.
    func data(at start: Int, count: Int) throws(DecodeError) -> ArraySlice<UInt8> {
        guard count > 0 else { return [] }
        guard start <= message.count, count <= message.count - start else {
            throw .truncated(needed: start + count, have: message.count)
        }
        return message[start..<(start + count)]
    }

    /// Text up to its zero, in the message's characters; that of two bytes begins at an even place.
    func string(at start: Int, limit: Int = textLimit) -> (text: String, end: Int) {
        isUnicode ? unicode(at: start + (start & 1), limit: limit) : ascii(at: start, limit: limit)
    }

    /// Text behind the byte that tells its format (MS-CIFS 2.2.1.1.1). Some clients leave out the byte that brings text
    /// of two bytes to an even place.
    func formatted(at start: Int) -> (text: String, end: Int) {
        let first = start + 1
        guard isUnicode, first & 1 == 1, message.indices.contains(first), message[first] != 0 else {
            return string(at: first)
        }
        return unicode(at: first, limit: Self.textLimit)
    }

    private func unicode(at first: Int, limit: Int) -> (text: String, end: Int) {
        var end = first
        let last = Swift.min(message.count - 1, first + Swift.min(limit, Self.textLimit))
        while end < last, message[end] | message[end + 1] != 0 { end += 2 }
        guard first < end, end <= message.count else { return ("", first + 2) }
        return (UTF16Text.littleEndian(message[first..<end]), end + 2)
    }

    func ascii(at start: Int, limit: Int = textLimit) -> (text: String, end: Int) {
        guard start < message.count else { return ("", start) }
        let text = message[start...].prefix(Swift.min(limit, Self.textLimit)).prefix { $0 != 0 }
        return (text.wireText, text.endIndex + 1)
    }
}

extension SMBFileID {
    /// SMB 1's number of an open.
    init(number: UInt16) { self.init(persistent: UInt64(number), volatile: 1) }

    /// Stands for the open that the same chain asks for.
    static let chained = SMBFileID(number: 0xFFFF)
}
