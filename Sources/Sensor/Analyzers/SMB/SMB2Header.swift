internal import Shared

/// The header of SMB 2 and 3 (MS-SMB2 2.2.1).
struct SMB2Header: Sendable {
    let status: UInt32
    let command: UInt16
    let flags: UInt32
    let nextCommand: Int
    let messageID: UInt64
    let treeID: UInt32
    let sessionID: UInt64

    /// Commands whose messages are read whole: negotiate, session setup, tree connect and disconnect, create, close,
    /// ioctl, set info.
    static let readWhole: Set<UInt16> = [0, 1, 3, 4, 5, 6, 11, 17]

    var isResponse: Bool { flags & 1 != 0 }
    /// An interim response: the real one follows under the same message identifier (3.3.4.2).
    var isPending: Bool { isResponse && status == 0x0000_0103 }
    var isRelated: Bool { flags & 4 != 0 }

    /// Nil when the bytes are no header of SMB 2.
    init?(_ bytes: ArraySlice<UInt8>) {
        var reader = ByteReader(bytes)
        guard let header = try? Self(&reader) else { return nil }
        self = header
    }

    private init(_ reader: inout ByteReader) throws(DecodeError) {
        guard try reader.be(UInt32.self) == 0xFE53_4D42 else { throw .invalid(.magic) }
        try reader.skip(4)
        status = try reader.le()
        command = try reader.le()
        try reader.skip(2)
        flags = try reader.le()
        nextCommand = Int(try reader.le(UInt32.self))
        messageID = try reader.le()
        try reader.skip(4)
        treeID = try reader.le()
        sessionID = try reader.le()
        try reader.skip(16)
    }
}
