internal import Shared

/// QUIC versions 1 and 2, the late drafts and Google's own before them, over UDP (RFC 9000, RFC 9001, RFC 9369): the
/// hellos in the first packets. Everything after them is encrypted for good.
struct QUICAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "quic"
    static var transports: Transports { .udp }
    private var handshake = TLSHandshake(carrier: .quic)
    private var streams = PerSide(originator: CryptoStream(), responder: CryptoStream())
    private var keys = PerSide<QUICKeys?>(originator: nil, responder: nil)
    private var isKeyed = false
    private var datagrams = 0
    private var facts = QUICFacts()

    /// Datagrams that are looked at: hellos are in the first, and the history tells the opening only.
    private static let datagramLimit = 64
    /// Packets that are read of one datagram.
    private static let packetLimit = 16

    init() {}

    var heldBytes: Int { streams.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if GoogleQUICPacket.probe(payload) { return .match }
        guard let first = try? payload.byte(at: 0), first & 0xC0 == 0xC0,
            let number: UInt32 = try? payload.readBE(at: 1), let length = try? payload.byte(at: 5), length <= 20
        else { return .noMatch }
        guard let version = QUICVersion(number) else {
            return isForcedNegotiation(payload, number, length) ? .match : .noMatch
        }
        return version.isInitial(first >> 4 & 3) || version.isRetry(first >> 4 & 3) ? .match : .noMatch
    }

    /// A client that makes its server name its versions (RFC 9000 section 6.3): a version that is reserved for that,
    /// and a datagram as long as a first one must be.
    private static func isForcedNegotiation(_ payload: RawSpan, _ version: UInt32, _ length: UInt8) -> Bool {
        guard version & 0x0F0F_0F0F == 0x0A0A_0A0A, payload.byteCount >= 1200, length >= 8,
            let other = try? payload.byte(at: 6 + Int(length))
        else { return false }
        return other <= 20
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        datagrams += 1
        if let packet = GoogleQUICPacket(payload) {
            facts.take(packet, from: side, at: sink.now)
        } else if let first = try? payload.byte(at: 0), first & 0x80 == 0 {
            facts.takeShort(from: side)
        } else {
            try takeLong(payload, from: side, into: &sink)
        }
        if handshake.sawServerHello, handshake.client != nil { handshake.tell(into: &sink) }
        return datagrams < Self.datagramLimit ? .wantMore : .finished
    }

    /// Takes the packets of a datagram that begins with a long header; one with a short header may be the last.
    private mutating func takeLong(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        var reader = ByteReader(payload.withUnsafeBytes { Array($0) })
        for _ in 0..<Self.packetLimit where !reader.isEmpty {
            if let first = reader.rest.first, first & 0xC0 == 0x40 { return facts.takeShort(from: side) }
            let rest = reader.rest
            guard let packet = QUICPacket(&reader) else { return facts.takeUnknown(rest, from: side, at: sink.now) }
            facts.take(packet, from: side, at: sink.now)
            try take(packet, from: side, into: &sink)
        }
    }

    private mutating func take(
        _ packet: QUICPacket, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        if packet.isRetry {
            // The client begins anew with the identifier that the server chose (RFC 9000 section 17.2.5): what came
            // before is told.
            facts.write(handshake, into: &sink)
            facts = QUICFacts()
            streams = PerSide(originator: CryptoStream(), responder: CryptoStream())
            isKeyed = false
            return
        }
        guard packet.isInitial else { return }
        if !isKeyed { derive(packet, from: side) }
        guard let payload = keys[side].flatMap({ packet.payload($0) }) else {
            guard !handshake.hasHello else { return }
            derive(packet, from: side)
            guard let again = keys[side].flatMap({ packet.payload($0) }) else { return }
            return try crypto(again, of: packet.version, from: side, into: &sink)
        }
        try crypto(payload, of: packet.version, from: side, into: &sink)
    }

    /// Keys from the first packet's destination: the sender of it is the client.
    private mutating func derive(_ packet: QUICPacket, from side: Side) {
        isKeyed = true
        let secret = QUICKeys.secret(version: packet.version, connectionID: packet.destinationID)
        keys[side] = secret.flatMap { QUICKeys(version: packet.version, secret: $0, isClient: true) }
        keys[side.other] = secret.flatMap { QUICKeys(version: packet.version, secret: $0, isClient: false) }
    }

    private mutating func crypto(
        _ payload: [UInt8], of version: QUICVersion, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        do throws(DecodeError) { try streams[side].frames(payload) } catch {
            // Google's frames are not all the standard's; what came before is good.
            guard version.isGoogles else { throw error }
        }
        if GoogleHello.begins(streams[side].beginning) {
            facts.note("S", from: side)
            return facts.takeHello(streams[side].beginning)
        }
        while let message = try streams[side].nextMessage() {
            if message.type == 1 || message.type == 2 { facts.note("S", from: side) }
            // After a retry, the client's hello comes again.
            let isAgain = message.type == 1 && handshake.hasHello
            if !isAgain { try handshake.message(message.type, message.body, from: side, into: &sink) }
            if handshake.client != nil { sink.found(service: "ssl") }
        }
    }

    mutating func finish(into sink: inout RecordSink) {
        handshake.tell(into: &sink)
        facts.write(handshake, into: &sink)
    }
}
