internal import Shared

/// Kerberos 5 (RFC 4120) over TCP, with its record marks (section 7.2.2), and over UDP.
struct KerberosAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "krb"
    static var transports: Transports { [.tcp, .udp] }
    private var exchange = KerberosExchange()
    private var buffers = PerSide(originator: StreamBuffer(), responder: StreamBuffer())

    /// Bytes of one message: tickets with large PACs reach 64 KiB, and a request holds one.
    private static let messageLimit = 196_608

    init() {}

    var heldBytes: Int { buffers.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let first = try? payload.byte(at: 0) else { return .needMore }
        if KerberosMessage.Kind(rawValue: first) != nil { return probeMessage(payload, at: 0) }
        guard first == 0 else { return .noMatch }
        guard let length: UInt32 = try? payload.readBE(at: 0) else { return .needMore }
        guard length >= 20, length <= messageLimit else { return .noMatch }
        return probeMessage(payload, at: 4)
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
            try exchange.message(bytes[...], into: &sink)
            return .wantMore
        }
        try buffers[side].append(payload, limit: Self.messageLimit)
        while let message = try nextMessage(of: side) { try exchange.message(message, into: &sink) }
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
