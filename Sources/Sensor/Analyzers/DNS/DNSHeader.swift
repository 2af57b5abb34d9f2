internal import Shared

/// Header of a DNS message, RFC 1035 §4.1.1.
struct DNSHeader: Equatable, Sendable {
    static let byteCount = 12

    let id: UInt16
    /// QR, opcode, AA, TC, RD, RA, Z (with AD and CD of RFC 4035), RCODE.
    let flags: UInt16
    let questionCount, answerCount, authorityCount, additionalCount: Int

    /// - Throws: ``DecodeError/truncated(needed:have:)`` below 12 bytes.
    init(decoding message: RawSpan) throws(DecodeError) {
        id = try message.readBE(at: 0)
        flags = try message.readBE(at: 2)
        questionCount = Int(try message.readBE(at: 4, as: UInt16.self))
        answerCount = Int(try message.readBE(at: 6, as: UInt16.self))
        authorityCount = Int(try message.readBE(at: 8, as: UInt16.self))
        additionalCount = Int(try message.readBE(at: 10, as: UInt16.self))
    }

    var isResponse: Bool { flags & 0x8000 != 0 }
    var opcode: UInt8 { UInt8(truncatingIfNeeded: flags >> 11 & 15) }
    var isAuthoritative: Bool { flags & 0x0400 != 0 }
    var isTruncated: Bool { flags & 0x0200 != 0 }
    var wantsRecursion: Bool { flags & 0x0100 != 0 }
    var offersRecursion: Bool { flags & 0x0080 != 0 }
    /// The three bits of RFC 1035's Z, today Z, AD and CD.
    var reserved: UInt64 { UInt64(flags >> 4 & 7) }
    var responseCode: UInt8 { UInt8(truncatingIfNeeded: flags & 15) }
    var recordCount: Int { answerCount + authorityCount + additionalCount }
}

/// One question, RFC 1035 §4.1.2.
struct DNSQuestion: Equatable, Sendable {
    let name: String
    let type: UInt16
    let queryClass: UInt16
    /// Where it ends in the message.
    let end: Int

    /// Wherever it stands in its message.
    func asksSame(as other: DNSQuestion?) -> Bool {
        type == other?.type && queryClass == other?.queryClass && name == other?.name
    }

    init(decoding message: RawSpan, at offset: Int, keepsCase: Bool) throws(DecodeError) {
        let (name, end) = try DNSName.decode(message, at: offset, keepsCase: keepsCase)
        self.name = name
        type = try message.readBE(at: end)
        queryClass = try message.readBE(at: end + 2)
        self.end = end + 4
    }
}
