internal import Shared

/// Kerberos 5 (RFC 4120) over TCP, with its record marks (section 7.2.2), and over UDP; changes of passwords (RFC
/// 3244), which put a head of their own before the ticket.
struct KerberosAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "krb"
    static var transports: Transports { [.tcp, .udp] }
    private var exchange = KerberosExchange()
    private var buffers = PerSide(originator: StreamBuffer(), responder: StreamBuffer())
    /// Bytes of a side were lost: its next message begins with a segment.
    private var isLost = PerSide(originator: false, responder: false)

    /// Bytes of one message: tickets with large PACs reach 64 KiB, and a request holds one.
    private static let messageLimit = 196_608

    init() {}

    var heldBytes: Int { buffers.heldBytes + exchange.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let first = try? payload.byte(at: 0) else { return .needMore }
        if KerberosMessage.Kind(rawValue: first) != nil { return probeMessage(payload, at: 0) }
        // Lengths of datagrams and marks of records: tickets have under 16 KiB in a datagram.
        guard first < 0x40 else { return .noMatch }
        guard let length: UInt32 = try? payload.readBE(at: 0) else { return .needMore }
        // A change of a password in a datagram has no mark.
        guard length >= 20, length <= messageLimit else { return probePassword(payload, at: 0) }
        guard let tag = try? payload.byte(at: 4) else { return .needMore }
        guard KerberosMessage.Kind(rawValue: tag) == nil else { return probeMessage(payload, at: 4) }
        guard let inner: UInt16 = try? payload.readBE(at: 4) else { return .needMore }
        return UInt32(inner) == length ? probePassword(payload, at: 4) : .noMatch
    }

    /// Length, version and length of the ticket (RFC 3244 section 2), then the ticket, its answer or an error.
    private static func probePassword(_ payload: RawSpan, at offset: Int) -> ProbeResult {
        guard let version: UInt16 = try? payload.readBE(at: offset + 2) else { return .needMore }
        guard isPasswordVersion(version) else { return .noMatch }
        guard let length: UInt16 = try? payload.readBE(at: offset),
            let part: UInt16 = try? payload.readBE(at: offset + 4)
        else { return .needMore }
        guard Int(part) + passwordHeadLength < length else { return .noMatch }
        return probeMessage(payload, at: offset + passwordHeadLength)
    }

    private static let passwordHeadLength = 6
    /// That of who changes his own, or that of who may set another's.
    private static func isPasswordVersion(_ version: UInt16) -> Bool { version == 1 || version == 0xFF80 }

    /// What stands behind the head of a change of a password; any other message as it is. Without a ticket an error
    /// does, with one the new password, encrypted.
    private static func message(in bytes: ArraySlice<UInt8>) throws(DecodeError) -> ArraySlice<UInt8> {
        if let first = bytes.first, KerberosMessage.Kind(rawValue: first) != nil { return bytes }
        var reader = ByteReader(bytes)
        try reader.skip(2)
        guard isPasswordVersion(try reader.be()) else { throw .invalid(.version) }
        let length = Int(try reader.be(UInt16.self))
        return length == 0 ? reader.rest : try reader.take(length)
    }

    /// Type, length, SEQUENCE, and the version 5 in the first field.
    private static func probeMessage(_ payload: RawSpan, at offset: Int) -> ProbeResult {
        guard let tag = try? payload.byte(at: offset) else { return .needMore }
        guard KerberosMessage.Kind(rawValue: tag) != nil else { return .noMatch }
        guard let inner = offsetOfContent(payload, at: offset), payload.byteCount > inner else { return .needMore }
        guard (try? payload.byte(at: inner)) == DERTag.sequence else { return .noMatch }
        guard let field = offsetOfContent(payload, at: inner), payload.byteCount >= field + 5 else { return .needMore }
        guard let mark: UInt32 = try? payload.readBE(at: field + 1), let number = try? payload.byte(at: field)
        else { return .needMore }
        return mark == 0x0302_0105 && (number == 0xA0 || number == 0xA1) ? .match : .noMatch
    }

    /// Where the content of the element at `offset` begins, nil when its length is cut.
    private static func offsetOfContent(_ payload: RawSpan, at offset: Int) -> Int? {
        guard let length = try? payload.byte(at: offset + 1) else { return nil }
        return length < 0x80 ? offset + 2 : offset + 2 + Int(length & 0x7F)
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if sink.connection.transport == .udp {
            let bytes = payload.withUnsafeBytes { Array($0) }
            try exchange.message(try Self.message(in: bytes[...]), into: &sink)
            return .wantMore
        }
        if isLost[side] {
            guard Self.probe(payload, from: side) == .match else { return .wantMore }
            isLost[side] = false
        }
        try buffers[side].append(payload, limit: Self.messageLimit)
        while let message = try nextMessage(of: side) {
            try exchange.message(try Self.message(in: message), into: &sink)
        }
        return .wantMore
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        buffers[side].removeAll()
        isLost[side] = true
        return .wantMore
    }

    /// The next whole message, taken out of what waits.
    private mutating func nextMessage(of side: Side) throws(DecodeError) -> ArraySlice<UInt8>? {
        let buffer = buffers[side]
        var reader = ByteReader(buffer.bytes[buffer.start...])
        guard reader.count >= 4 else { return nil }
        let length = Int(try reader.be(UInt32.self) & 0x7FFF_FFFF)
        guard length <= Self.messageLimit - 4 else { throw .limit(.length) }
        guard reader.count >= length else { return nil }
        let message = try reader.take(length)
        buffers[side].consume(4 + length)
        return message
    }

    mutating func finish(into sink: inout RecordSink) { exchange.finish(into: &sink) }
}
