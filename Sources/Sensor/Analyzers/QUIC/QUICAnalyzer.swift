internal import Shared

/// QUIC versions 1 and 2, the late drafts and Google's own before them, over UDP (RFC 9000, RFC 9001, RFC 9369): the
/// hellos in the first packets. Everything after them is encrypted for good.
struct QUICAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "quic"
    static var transports: Transports { .udp }
    /// Beginnings whose keys have opened a packet. The first is the current one, which the records tell of; what a
    /// client says behind a hello that is not answered yet may be another, or a lure.
    private var attempts: [QUICAttempt] = []
    /// Keys of a client's first packet while none have opened any: what comes behind one that they did not open may be
    /// whole.
    private var untried: QUICInitialKeys?
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
    /// The hellos of the current beginning were told: further ones say nothing new, and none of their bytes is kept.
    private var isTold = false
    private var recordCount = 1
    /// Keys were worked out for the datagram at hand.
    private var hasDerived = false
    private var isGoogles = false
    private var datagrams = 0
    private var shortCount: UInt64 = 0
    private var facts = QUICFacts(client: nil)

    /// Datagrams that are looked into: hellos are in the first. Of those behind only short headers are counted.
    private static let datagramLimit = 64
    /// Records of one connection: retries and closes begin another.
    private static let recordLimit = 8
    /// Beginnings that are kept at once.
    private static let attemptLimit = 4
    /// Short headers behind which no hello is awaited any longer.
    private static let shortLimit = 8
    /// Packets that are read of one datagram: as many as one that is whole has room for, nearly.
    private static let packetLimit = 64

    init() {}

    var heldBytes: Int { attempts.reduce(0) { $0 + $1.heldBytes } }

    private var handshake: TLSHandshake { attempts.first?.handshake ?? TLSHandshake(carrier: .quic) }

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
            // Both ends have keys by now; without a hello it is nothing that a server takes.
            shortCount &+= 1
            if shortCount >= Self.shortLimit, handshake.hasHello { tell(into: &sink) }
            return .wantMore
        }
        guard datagrams < Self.datagramLimit else {
            tell(into: &sink)
            return .wantMore
        }
        datagrams += 1
        if !hasOpened, let packet = GoogleQUICPacket(payload) {
            isGoogles = true
            facts.take(packet, from: side, at: sink.now)
        } else if first & 0x80 != 0 || hasOpened {
            takeLong(payload, from: side, into: &sink)
        } else if isGoogles {
            facts.takeShort(from: side)
        }
        if let hellos = attempts.first?.handshake, hellos.sawServerHello, hellos.sawClientHello { tell(into: &sink) }
        return .wantMore
    }

    /// Tells the hellos, of which nothing more is awaited.
    private mutating func tell(into sink: inout RecordSink) {
        if isTold { return }
        isTold = true
        guard !attempts.isEmpty else { return }
        attempts.removeSubrange(1...)
        attempts[0].handshake.tell(into: &sink)
        attempts[0].clear()
    }

    /// Takes the packets of a datagram that begins with a long header; one with a short header may be the last.
    private mutating func takeLong(_ payload: RawSpan, from side: Side, into sink: inout RecordSink) {
        let datagram = payload.withUnsafeBytes { Array($0) }
        hasDerived = false
        if attempts.isEmpty, !triedToLearn, side == .originator, let number = QUICPacket.openingVersion(payload),
            QUICVersion(number) == nil
        {
            triedToLearn = true
            learn(number, from: datagram)
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
            if packet.isRetry {
                guard isHeeded(packet, from: side) else { continue }
                isRetried = true
            }
            facts.take(packet, from: side, at: sink.now)
            // Whoever cannot seal a packet changes no names.
            if !hasOpened || !facts.isNamed { facts.name(packet, from: side) }
            take(packet, from: side, into: &sink)
        }
    }

    /// Whether a client heeds a retry (RFC 9000 section 17.2.5.2): the first of its server, addressed to it, while
    /// nothing else has come of that.
    private func isHeeded(_ retry: QUICPacket, from side: Side) -> Bool {
        if isRetried || side == facts.client ?? .originator { return false }
        guard let current = attempts.first else { return true }
        return !current.handshake.sawServerHello && facts.isAddressed(retry)
    }

    /// Learns of a made-up version from the first datagram, which is the originator's: a forged one of the other end
    /// would make that the client.
    private mutating func learn(_ number: UInt32, from datagram: [UInt8]) {
        guard let keys = QUICInitialKeys.opening(datagram, of: number, from: .originator) else { return }
        learnt = keys.version
        untried = keys
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

    private mutating func take(_ packet: QUICPacket, from side: Side, into sink: inout RecordSink) {
        if packet.isRetry {
            // The client begins anew with the identifier that the server chose (RFC 9000 section 17.2.5).
            beginAnew(into: &sink)
            if !attempts.isEmpty { attempts[0].isRetried = true }
        } else if packet.isInitial, let (index, payload) = open(packet, from: side) {
            hasOpened = true
            read(payload, of: packet, by: index, from: side, into: &sink)
        }
    }

    /// Opens an Initial packet with keys that are at hand, else with its own.
    /// - Returns: the place of the beginning that it belongs to, and what it says.
    private mutating func open(_ packet: QUICPacket, from side: Side) -> (index: Int, payload: [UInt8])? {
        for index in attempts.indices {
            if let payload = attempts[index].payload(of: packet, from: side) { return (index, payload) }
        }
        if attempts.isEmpty, let payload = untried?.payload(of: packet, from: side), let keys = untried {
            return add(keys, payload)
        }
        // All packets of a datagram have the same destination (RFC 9000 section 12.2), so the same keys.
        if hasDerived { return nil }
        hasDerived = true
        if let current = attempts.first, current.isServer(side), current.version != packet.version {
            for index in attempts.indices {
                if let payload = attempts[index].payload(ofChanged: packet, from: side) { return (index, payload) }
            }
            return nil
        }
        var keys = QUICInitialKeys(packet, from: side)
        guard let payload = keys.payload(of: packet, from: side) else {
            untried = keys
            return nil
        }
        return add(keys, payload)
    }

    /// Another beginning, of which the keys have opened the first packet.
    private mutating func add(_ keys: QUICInitialKeys, _ payload: [UInt8]) -> (index: Int, payload: [UInt8]) {
        var attempt = QUICAttempt(keys)
        if let current = attempts.first, current.isRetried, !isClosed, current.version == attempt.version {
            attempt.handshake = current.handshake
            attempt.handshake.awaitHelloAgain()
        }
        if attempts.count >= Self.attemptLimit {
            let least = attempts.indices.dropFirst().first { !attempts[$0].handshake.hasHello }
            attempts.remove(at: least ?? attempts.count - 1)
        }
        attempts.append(attempt)
        return (attempts.count - 1, payload)
    }

    /// Reads an opened packet of one of the beginnings. Only the current one can close the connection.
    private mutating func read(
        _ payload: [UInt8], of packet: QUICPacket, by place: Int, from side: Side, into sink: inout RecordSink
    ) {
        let index = promote(place, by: packet, from: side, into: &sink)
        let isGoogles = packet.version.isGoogles
        if isTold, index == 0 {
            // Only whether it closes is of interest.
            var unread = CryptoStream()
            let closes = try? unread.frames(payload, isGoogles: isGoogles)
            facts.name(packet, from: side)
            return close(closes ?? false, from: side, into: &sink)
        }
        let wasAnswered = attempts[index].handshake.sawServerHello
        let closes = attempts[index].read(payload, isGoogles: isGoogles, from: side, facts: &facts, into: &sink)
        guard promote(index, by: packet, from: side, into: &sink) == 0 else { return }
        facts.name(packet, from: side)
        // A server that answers goes on: whoever said that it is over was not believed.
        if !wasAnswered, attempts[0].handshake.sawServerHello { isClosed = false }
        close(closes, from: side, into: &sink)
    }

    /// Makes a beginning the current one when a packet of a side says that it is. The one before stays, unless it is
    /// over: its server may answer yet.
    /// - Returns: where the beginning is now.
    private mutating func promote(
        _ index: Int, by packet: QUICPacket, from side: Side, into sink: inout RecordSink
    ) -> Int {
        guard index > 0, isClosed || isTaken(index, from: side) else { return index }
        if isTold, !isClosed {
            // Another connection between the same ports, which its server has answered.
            beginAnew(into: &sink)
            facts.goOn(behind: attempts[index].connectionID, of: attempts[index].client, at: sink.now)
            facts.take(packet, from: side, at: sink.now)
        }
        attempts.swapAt(0, index)
        guard isClosed || isTold else { return 0 }
        attempts[index].handshake.tell(into: &sink)
        attempts.remove(at: index)
        (isClosed, isTold, isRetried, shortCount) = (false, false, false, 0)
        return 0
    }

    /// Whether the ends go on with a beginning and not with the current one: the server does, or the client has said
    /// its hello there and none here, or one that was to force a negotiation (RFC 9000 section 6.2).
    private func isTaken(_ index: Int, from side: Side) -> Bool {
        let (current, other) = (attempts[0], attempts[index])
        if current.handshake.sawServerHello { return isTold && other.isServer(side) }
        if other.isServer(side) { return true }
        return other.handshake.hasHello
            && (!current.handshake.hasHello || current.isRetried || current.version == learnt)
    }

    /// Tells what came so far, and begins another record.
    private mutating func beginAnew(into sink: inout RecordSink) {
        guard recordCount < Self.recordLimit else { return }
        recordCount += 1
        facts.write(handshake, into: &sink)
        facts = QUICFacts(client: facts.client)
        if !attempts.isEmpty { attempts[0].clear() }
    }

    /// Notes a close; the first of a session ends its record.
    private mutating func close(_ closes: Bool, from side: Side, into sink: inout RecordSink) {
        guard closes else { return }
        facts.note("C", from: side)
        if !isClosed { beginAnew(into: &sink) }
        isClosed = true
    }

    mutating func finish(into sink: inout RecordSink) {
        if !attempts.isEmpty { attempts[0].handshake.tell(into: &sink) }
        facts.write(handshake, into: &sink)
    }
}
