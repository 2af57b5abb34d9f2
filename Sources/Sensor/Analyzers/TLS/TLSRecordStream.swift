internal import Shared

/// One side's stream of TLS records (RFC 8446 section 5.1): where in a record the next byte lies, and the bytes of
/// handshake messages that are not complete. Encrypted bytes are passed over, never kept.
struct TLSRecordStream: BytesHolding, Sendable {
    private(set) var contentType: UInt8 = 0
    /// Bytes of the current record that have not come yet.
    private(set) var remaining = 0
    private var header: [UInt8] = []
    private var messages = StreamBuffer()
    var heldBytes: Int { messages.heldBytes }
    /// First bytes of the current alert.
    private var alertBytes: [UInt8] = []
    private(set) var recordLength = 0
    /// No record has begun yet.
    private var isFresh = true
    /// The first byte of the version of the stream's records, which says nothing (RFC 8446 section 5.1).
    private var versionByte: UInt8 = 3

    static let headerLength = 5
    /// Type and length of a heartbeat (RFC 6520 section 4); its content may be empty.
    private static let heartbeatLength = 3
    /// A record's most bytes: 2^14 and the room for encryption that TLS 1.2 allows.
    static let recordLimit = 16_384 + 2_048
    /// Bytes of a message that are waited for: certificate chains have some kilobytes, and up to a megabyte where
    /// somebody tries the limits.
    static let messageLimit = 1_048_576
    /// What stands for the type of a record that has none, for its form is that of SSL 2.0.
    private static let oldForm: UInt8 = 0x80

    /// What a piece of the stream was.
    enum Event: Sendable {
        case needMore
        /// A record of this type began.
        case recordBegan
        case handshakeBytes
        case changeCipher
        case alert(UInt8)
        case heartbeat
        /// A client's hello in the form of SSL 2.0.
        case oldHello
        case other
    }

    /// Takes bytes off the front of `payload` from `offset` on, at most to the end of what belongs together.
    /// - Throws: ``DecodeError/invalid(_:)`` for what cannot be a record's header.
    mutating func take(
        _ payload: RawSpan, at offset: inout Int, isEncrypted: Bool
    ) throws(DecodeError) -> Event {
        if remaining == 0 { return try takeHeader(payload, at: &offset) }
        let count = min(remaining, payload.byteCount - offset)
        guard count > 0 else { return .needMore }
        let piece = payload.extracting(offset..<(offset + count))
        offset += count
        remaining -= count
        switch contentType {
        case 22 where !isEncrypted:
            try messages.append(piece, limit: Self.messageLimit)
            return .handshakeBytes
        case 20 where !isEncrypted: return remaining == 0 ? .changeCipher : .other
        case 21 where !isEncrypted && recordLength == 2:
            piece.withUnsafeBytes { alertBytes.append(contentsOf: $0) }
            return remaining == 0 ? .alert(alertBytes.last ?? 0) : .other
        case 24 where !isEncrypted && recordLength >= Self.heartbeatLength:
            return remaining == 0 ? .heartbeat : .other
        case Self.oldForm:
            try messages.append(piece, limit: Self.messageLimit)
            return remaining == 0 ? try takeOldHello() : .other
        default: return .other
        }
    }

    /// Whether a hello begins among the messages that are not whole.
    var isHelloWaiting: Bool {
        guard !messages.isEmpty else { return false }
        return (1...2).contains(messages.bytes[messages.start])
    }

    private mutating func takeOldHello() throws(DecodeError) -> Event {
        let hello = messages.takeAll()
        guard OldClientHello.addsUp(hello.span.bytes, length: hello.count) else { throw .invalid(.length) }
        return .oldHello
    }

    private mutating func takeHeader(_ payload: RawSpan, at offset: inout Int) throws(DecodeError) -> Event {
        while header.count < Self.headerLength {
            guard offset < payload.byteCount else { return .needMore }
            header.append(try payload.byte(at: offset))
            offset += 1
        }
        defer { isFresh = false }
        if isFresh, OldClientHello.begins(header[0], header[2], UInt16(header[3]) << 8 | UInt16(header[4])) {
            // Type and version belong to the record already.
            let length = (Int(header[0] & 0x7F) << 8 | Int(header[1])) - 3
            guard length > 0 else { throw .invalid(.length) }
            return begin(Self.oldForm, length: length)
        }
        let length = Int(header[3]) << 8 | Int(header[4])
        if isFresh, header[0] == 22 { versionByte = header[1] }
        let isVersion = header[1] == 3 || header[1] == 0x7F || header[1] == versionByte
        guard (20...24).contains(header[0]), isVersion else { throw .invalid(.type) }
        guard length <= Self.recordLimit else { throw .limit(.length) }
        return begin(header[0], length: length)
    }

    private mutating func begin(_ type: UInt8, length: Int) -> Event {
        contentType = type
        remaining = length
        recordLength = length
        header.removeAll(keepingCapacity: true)
        alertBytes.removeAll(keepingCapacity: true)
        return .recordBegan
    }

    /// The next whole handshake message, taken out of what waits.
    mutating func nextMessage() throws(DecodeError) -> (type: UInt8, body: ByteReader)? {
        var reader = ByteReader(messages.bytes[messages.start...])
        guard reader.count >= 4 else { return nil }
        let type = try reader.byte()
        let length = try reader.be24()
        guard length <= Self.messageLimit else { throw .limit(.length) }
        guard reader.count >= length else { return nil }
        // Mostly one message is there at a time.
        if reader.count == length { return (type, ByteReader(messages.takeAll().dropFirst(4))) }
        let body = ByteReader(Array(try reader.take(length)))
        messages.consume(4 + length)
        return (type, body)
    }

    /// Passes over lost bytes.
    /// - Returns: false when they are not all inside a record that is only counted.
    mutating func lose(_ byteCount: Int, isEncrypted: Bool) -> Bool {
        guard byteCount <= remaining, contentType == 23 || (contentType == 22 && isEncrypted) else { return false }
        remaining -= byteCount
        return true
    }
}
