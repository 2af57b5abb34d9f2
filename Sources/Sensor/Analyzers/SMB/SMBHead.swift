internal import Shared

/// How much of a message must be seen, and where content of files lies in it.
enum SMBHead {
    /// 0xFF, 0xFE, 0xFD (encrypted) or 0xFC (compressed), then "SMB".
    static func isProtocol(_ mark: UInt32) -> Bool { mark & 0xFF_FFFF == 0x53_4D42 && mark >> 24 >= 0xFC }

    /// Length of SMB 2's header (MS-SMB2 2.2.1).
    static let smb2Length = 64
    /// Heads of a read response and a write request: header and fixed part.
    private static let readResponseLength = 80
    private static let writeRequestLength = 112
    /// Fixed part of a read request, the longest of those that are not read whole.
    private static let requestPartLength = 49

    /// Bytes that are wanted of a message of `whole` bytes, whose first bytes are in `head`.
    static func wantedLength(_ head: [UInt8], of whole: Int) -> Int {
        guard head.count >= 4 else { return min(4, whole) }
        // Of encrypted and compressed messages nothing can be read; SMB 1 is small.
        guard head[0] == 0xFE else { return head[0] == 0xFF ? whole : min(4, whole) }
        guard head.count >= smb2Length else { return min(smb2Length, whole) }
        guard let header = SMB2Header(head[...]) else { return min(smb2Length, whole) }
        if header.nextCommand != 0 { return whole }
        if header.isReadContent { return min(readResponseLength, whole) }
        if !header.isResponse, header.command == 9 { return min(writeRequestLength, whole) }
        return header.isReadWhole ? whole : min(smb2Length + requestPartLength, whole)
    }

    /// Offset and length of the content that follows a single read response or write request.
    static func content(_ message: [UInt8]) -> (offset: Int, length: Int)? {
        guard message.count >= readResponseLength, let header = SMB2Header(message[...]), header.nextCommand == 0
        else { return nil }
        var body = ByteReader(message.dropFirst(smb2Length + 2))
        if header.isReadContent {
            guard let offset = try? body.byte(), (try? body.skip(1)) != nil, let length = try? body.le(UInt32.self)
            else { return nil }
            return (max(Int(offset), readResponseLength), Int(length))
        }
        if !header.isResponse, header.command == 9, message.count >= writeRequestLength {
            guard let offset = try? body.le(UInt16.self), let length = try? body.le(UInt32.self) else { return nil }
            return (max(Int(offset), writeRequestLength), Int(length))
        }
        return nil
    }
}
