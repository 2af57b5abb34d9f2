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

    /// Whether messages of the command are read whole: negotiate, session setup, tree connect and disconnect, create,
    /// close, ioctl, set info.
    var isReadWhole: Bool {
        switch command {
        case 0, 1, 3, 4, 5, 6, 11, 17: true
        default: false
        }
    }

    var isResponse: Bool { flags & 1 != 0 }
    /// An interim response: the real one follows under the same message identifier (3.3.4.2).
    var isPending: Bool { isResponse && status == 0x0000_0103 }
    var isRelated: Bool { flags & 4 != 0 }
    /// STATUS_BUFFER_OVERFLOW: what is there is right, and more of a pipe's message can be read (3.3.4.4).
    var isPartial: Bool { status == 0x8000_0005 }
    /// Whether it answers a read with content.
    var isReadContent: Bool { isResponse && command == 8 && (status == 0 || isPartial) }

    /// Nil when the bytes are no header of SMB 2.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let header = try? Self(decoding: bytes.span.bytes) else { return nil }
        self = header
    }

    private init(decoding bytes: RawSpan) throws(DecodeError) {
        try bytes.require(SMBHead.smb2Length, at: 0)
        guard try bytes.readBE(at: 0, as: UInt32.self) == 0xFE53_4D42 else { throw .invalid(.magic) }
        status = try bytes.readLE(at: 8)
        command = try bytes.readLE(at: 12)
        flags = try bytes.readLE(at: 16)
        nextCommand = Int(try bytes.readLE(at: 20, as: UInt32.self))
        messageID = try bytes.readLE(at: 24)
        treeID = try bytes.readLE(at: 36)
        sessionID = try bytes.readLE(at: 40)
    }
}
