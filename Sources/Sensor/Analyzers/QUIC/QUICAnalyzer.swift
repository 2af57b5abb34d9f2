internal import Shared

/// QUIC versions 1 and 2, the late drafts and Google's own before them, over UDP (RFC 9000, RFC 9001, RFC 9369): the
/// hellos in the first packets. Everything after them is encrypted for good.
struct QUICAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "quic"
    static var transports: Transports { .udp }
    private var handshake = TLSHandshake(carrier: .quic)
    private var streams = PerSide(originator: CryptoStream(), responder: CryptoStream())
    private var keys: QUICInitialKeys?
    /// A version that is not known, once another's keys have opened a packet of it.
    private var learnt: QUICVersion?
    /// That was tried, which is done once.
    private var triedToLearn = false
    /// A retry was the last that came of a handshake.
    private var isRetried = false
    /// The keys have opened a packet.
    private var hasOpened = false
    /// A side has said that the connection is over: another may begin between the same ports.
    private var isClosed = false
    /// The hellos were told: further ones of the session say nothing new, and none of their bytes is kept.
    private var isTold = false
    /// Records begun, and keys worked out after the first.
    private var recordCount = 1, derivationCount = 0
    private var isGoogles = false
    private var datagrams = 0
    private var shortCount: UInt64 = 0
    private var facts = QUICFacts(client: nil)

    /// Datagrams that are looked into: hellos are in the first. Of those behind only short headers are counted.
    private static let datagramLimit = 64
    /// Records of one connection: retries and closes begin another.
    private static let recordLimit = 8
    /// Keys that are worked out anew for one connection, for packets that the first did not open.
    private static let derivationLimit = 16
    /// Short headers behind which no hello is awaited any longer.
    private static let shortLimit = 8
    /// Packets that are read of one datagram.
    private static let packetLimit = 16

    init() {}

    var heldBytes: Int { streams.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if GoogleQUICPacket.probe(payload) { return .match }
        guard let first = try? payload.byte(at: 0), first & 0xC0 == 0xC0,
            let number: UInt32 = try? payload.readBE(at: 1), let length = try? payload.byte(at: 5), length <= 20
        else { return .noMatch }
        guard let version = QUICVersion(number) else { return isOpening(payload) ? .match : .noMatch }
        // What a client says before it is answered may overtake its hello.
        return version.isHandshake(first >> 4 & 3) ? .noMatch : .match
    }

    /// A client's first datagram of a version without known keys: one that makes the server name its versions
    /// (RFC 9000 section 6.3), or a known company's.
    private static func isOpening(_ payload: RawSpan) -> Bool {
        guard let version = QUICPacket.openingVersion(payload) else { return false }
        return version & 0x0F0F_0F0F == 0x0A0A_0A0A || QUICVersion.isFacebooks(version)
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard let first = try? payload.byte(at: 0) else { return .wantMore }
        if first & 0xC0 == 0x40 {
            facts.takeShort(from: side)
            // Both ends have keys by now.
            shortCount &+= 1
            if shortCount >= Self.shortLimit { tell(into: &sink) }
            return .wantMore
        }
        guard datagrams < Self.datagramLimit else {
            tell(into: &sink)
            return .wantMore
        }
        datagrams += 1
        if let packet = GoogleQUICPacket(payload) {
            isGoogles = true
            facts.take(packet, from: side, at: sink.now)
        } else if first & 0x80 != 0 || hasOpened {
            try takeLong(payload, from: side, into: &sink)
        } else if isGoogles {
            facts.takeShort(from: side)
        }
        if handshake.sawServerHello, handshake.sawClientHello { tell(into: &sink) }
        return .wantMore
    }

    /// Tells the hellos, of which nothing more is awaited.
    private mutating func tell(into sink: inout RecordSink) {
        if isTold { return }
        isTold = true
        handshake.tell(into: &sink)
        streams = PerSide(originator: CryptoStream(), responder: CryptoStream())
    }

    /// Takes the packets of a datagram that begins with a long header; one with a short header may be the last.
    private mutating func takeLong(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        let datagram = payload.withUnsafeBytes { Array($0) }
        if keys == nil, !triedToLearn, let number = QUICPacket.openingVersion(payload), QUICVersion(number) == nil {
            triedToLearn = true
            learnt = QUICInitialKeys.version(number, opening: datagram, from: side)
        }
        var reader = ByteReader(datagram)
        for _ in 0..<Self.packetLimit where !reader.isEmpty {
            let rest = reader.rest
            if let first = rest.first, first & 0xC0 == 0x40 { return facts.takeShort(from: side) }
            // Long headers are known by more than the bit that is always set, and ends may agree to clear that
            // (RFC 9287).
            guard let packet = QUICPacket(&reader, learnt: learnt) else {
                return takeRest(rest, from: side, at: sink.now)
            }
            // A client heeds one retry (RFC 9000 section 17.2.5.2): the next is the same one again.
            if packet.isRetry, isRetried { continue }
            isRetried = isRetried || packet.isRetry
            facts.take(packet, from: side, at: sink.now)
            try take(packet, from: side, into: &sink)
        }
    }

    /// Takes what is no packet of a known version. Without the bit that is always set (RFC 9000 section 17.2) it is
    /// padding, or another protocol; a list of versions sets it as it likes (section 17.2.1).
    private mutating func takeRest(_ rest: ArraySlice<UInt8>, from side: Side, at now: Timestamp) {
        if hasOpened, let first = rest.first, first & 0x40 == 0, !QUICPacket.isNegotiation(rest) {
            facts.note("X", from: side)
        } else {
            facts.takeUnknown(rest, from: side, at: now)
        }
    }

    private mutating func take(
        _ packet: QUICPacket, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        if packet.isRetry {
            // The client begins anew with the identifier that the server chose (RFC 9000 section 17.2.5).
            beginAnew(into: &sink)
            keys = nil
            return
        }
        guard packet.isInitial else { return }
        if keys == nil { keys = QUICInitialKeys(packet, from: side) }
        if let payload = keys?.payload(of: packet, from: side) {
            return try crypto(payload, of: packet.version, from: side, into: &sink)
        }
        let isOtherVersion = hasOpened && packet.version != keys?.version
        guard !handshake.hasHello || isClosed || isOtherVersion, derivationCount < Self.derivationLimit else { return }
        derivationCount += 1
        let old = keys
        keys = hasOpened ? keys?.changed(for: packet, from: side) : QUICInitialKeys(packet, from: side)
        guard let payload = keys?.payload(of: packet, from: side) else {
            // It may be one of the connection that is over, or none at all.
            if isClosed || isOtherVersion { keys = old }
            return
        }
        if isClosed {
            handshake.tell(into: &sink)
            handshake = TLSHandshake(carrier: .quic)
            (isClosed, isTold) = (false, false)
            isRetried = false
        } else if let version = learnt, version == old?.version {
            // What forced the negotiation is over, and the client begins anew with a version that the server named.
            streams = PerSide(originator: CryptoStream(), responder: CryptoStream())
        }
        try crypto(payload, of: packet.version, from: side, into: &sink)
    }

    /// Tells what came so far, and begins another record.
    private mutating func beginAnew(into sink: inout RecordSink) {
        guard recordCount < Self.recordLimit else { return }
        recordCount += 1
        facts.write(handshake, into: &sink)
        facts = QUICFacts(client: facts.client)
        streams = PerSide(originator: CryptoStream(), responder: CryptoStream())
    }

    private mutating func crypto(
        _ payload: [UInt8], of version: QUICVersion, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        hasOpened = true
        if isTold {
            // Only whether it closes is of interest.
            var unread = CryptoStream()
            return close(try unread.frames(payload, isGoogles: version.isGoogles), from: side, into: &sink)
        }
        let closes = try streams[side].frames(payload, isGoogles: version.isGoogles)
        if GoogleHello.begins(streams[side].beginning) {
            facts.note("S", from: side)
            return facts.takeHello(streams[side].beginning)
        }
        while let message = try streams[side].nextMessage() {
            if message.type == 1 || message.type == 2 { facts.note("S", from: side) }
            try handshake.message(message.type, message.body, from: side, into: &sink)
            if handshake.client != nil { sink.found(service: "ssl") }
        }
        close(closes, from: side, into: &sink)
    }

    /// Notes a close; the first of a session ends its record.
    private mutating func close(_ closes: Bool, from side: Side, into sink: inout RecordSink) {
        guard closes else { return }
        facts.note("C", from: side)
        if !isClosed { beginAnew(into: &sink) }
        isClosed = true
    }

    mutating func finish(into sink: inout RecordSink) {
        handshake.tell(into: &sink)
        facts.write(handshake, into: &sink)
    }
}
