internal import Shared

/// RDP over UDP ([MS-RDPEUDP], [MS-RDPEUDP2]): recognised by how it opens; of TLS or DTLS in it, the handshake is told.
struct RDPEUDPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "rdpeudp"
    static let transports: Transports = .udp

    /// Datagrams in which a handshake is looked for.
    private static let datagramLimit = 64
    /// Longest header in front of a payload of version 3, [MS-RDPEUDP2] section 2.2.1.
    private static let headerLimit = 32
    /// Elements of an acknowledgement vector in the opening.
    private static let vectorLimit = 64

    private var tls = TLSAnalyzer()
    private var dtls = DTLSAnalyzer()
    private var datagramCount = 0
    /// Number of the last payload of each side: what is sent again was read already.
    private var last: PerSide<UInt32?> = PerSide(originator: nil, responder: nil)

    init() {}

    /// The first datagram of a connection ([MS-RDPEUDP] section 2.2.2.1), or a payload with a record of TLS or
    /// DTLS in it.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let acknowledged = try? payload.readBE(at: 0, as: UInt32.self),
            let flags = try? payload.readBE(at: 6, as: UInt16.self)
        else { return .noMatch }
        if acknowledged == .max { return isOpening(payload, flags) ? .match : .noMatch }
        guard flags == 0x000C, let (start, _) = payloadStart(payload) else { return .noMatch }
        return isRecord(payload, at: start) ? .match : .noMatch
    }

    /// SYN without ACK, in a datagram filled up to the size that it proposes for both directions (section 3.1.5.1.1).
    private static func isOpening(_ payload: RawSpan, _ flags: UInt16) -> Bool {
        guard flags & 5 == 1, (1132...1232).contains(payload.byteCount),
            let up = try? payload.readBE(at: 12, as: UInt16.self),
            let down = try? payload.readBE(at: 14, as: UInt16.self)
        else { return false }
        return (1132...1232).contains(up) && (1132...1232).contains(down)
    }

    /// Where a payload of version 1 or 2 begins, and its number: behind the header, an acknowledgement vector in whole
    /// words and the number, twice (sections 2.2.2.4 and 2.2.2.7).
    private static func payloadStart(_ bytes: RawSpan) -> (Int, UInt32)? {
        guard let flags = try? bytes.readBE(at: 6, as: UInt16.self), flags & 0x000D == 0x000C,
            let size = try? Int(bytes.readBE(at: 8, as: UInt16.self)), size <= vectorLimit
        else { return nil }
        let start = 8 + (2 + size + 3) & ~3
        guard let coded = try? bytes.readBE(at: start, as: UInt32.self),
            let number = try? bytes.readBE(at: start + 4, as: UInt32.self), coded == number
        else { return nil }
        return (start + 8, number)
    }

    /// Whether a record of TLS or DTLS begins there (RFC 5246 section 6.2.1, RFC 6347 section 4.1).
    private static func isRecord(_ bytes: RawSpan, at offset: Int) -> Bool {
        guard let type = try? bytes.byte(at: offset), (20...23).contains(type),
            let version = try? bytes.readBE(at: offset + 1, as: UInt16.self)
        else { return false }
        return version == 0xFEFF || version == 0xFEFD || (0x0301...0x0303).contains(version)
    }

    /// Whether a handshake record of TLS or DTLS with a hello lies there.
    private static func isHello(_ bytes: RawSpan, at offset: Int) -> Bool {
        guard let type = try? bytes.byte(at: offset), type == 22,
            let version = try? bytes.readBE(at: offset + 1, as: UInt16.self)
        else { return false }
        let isDatagram = version == 0xFEFF || version == 0xFEFD
        guard isDatagram || (0x0301...0x0303).contains(version),
            let message = try? bytes.byte(at: offset + (isDatagram ? 13 : 5))
        else { return false }
        return message >= 1 && message <= 3
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if datagramCount == 0 { sink.found(service: "rdp") }
        datagramCount += 1
        guard datagramCount <= Self.datagramLimit else { return .finished }
        if let (start, number) = Self.payloadStart(payload) {
            guard last[side] != number else { return .wantMore }
            last[side] = number
            return read(payload.extracting(droppingFirst: start), from: side, into: &sink)
        }
        // Version 3 has another header; a hello in it is found by its form, once for each side.
        guard last[side] == nil else { return .wantMore }
        for offset in 8..<Self.headerLimit where Self.isHello(payload, at: offset) {
            last[side] = 0
            return read(payload.extracting(droppingFirst: offset), from: side, into: &sink)
        }
        return .wantMore
    }

    private mutating func read(_ bytes: RawSpan, from side: Side, into sink: inout RecordSink) -> Progress {
        do throws(DecodeError) {
            if DTLSAnalyzer.probe(bytes, from: side) == .match {
                sink.found(service: "ssl")
                return try dtls.consume(bytes, from: side, into: &sink)
            }
            if Self.isHello(bytes, at: 0) { sink.found(service: "ssl") }
            return try tls.consume(bytes, from: side, into: &sink)
        } catch {
            // Lost datagrams are not told from bad ones here: what was read stays true.
            return .finished
        }
    }

    mutating func finish(into sink: inout RecordSink) {
        tls.finish(into: &sink)
        dtls.finish(into: &sink)
    }
}
