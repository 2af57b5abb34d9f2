internal import Shared

/// RDP's opening ([MS-RDPBCGR] section 1.3.1.1): who asks for which protection, and where it is RDP's own, the
/// settings of both sides. What TLS protects is handed over.
struct RDPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "rdp"

    /// Longest packet that is put together: a chain of certificates is the longest of the opening.
    private static let packetLimit = 32_768
    /// Version, reserved byte and length (RFC 1006 section 6).
    private static let tpktLength = 4
    /// A connection request without anything behind its fixed part.
    private static let bareLength = 11
    /// A connection confirm with its answer to a negotiation.
    private static let confirmLength = 19
    /// Packets of the opening; what follows it is encrypted.
    private static let packetCountLimit = 16

    private var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    private var facts = RDPFacts()
    private var packetCount = 0
    private var verdict = Progress.wantMore

    init() {}

    var heldBytes: Int { streams.heldBytes }

    /// A connection request (section 2.2.1.1) in its TPKT, with a cookie, the token of a broker, a negotiation request
    /// or, from clients before these, nothing in it: other protocols on TPKT have parameters there. Or the server's
    /// answer to a negotiation, where the client's side is captured elsewhere.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let version = try? payload.readBE(at: 0, as: UInt16.self), version == 0x0300 else { return .noMatch }
        if side == .responder { return probe(confirm: payload) }
        guard let length = try? Int(payload.readBE(at: 2, as: UInt16.self)) else { return .needMore }
        if length == bareLength {
            return isBareRequest(payload) ? .match : payload.byteCount < length ? .needMore : .noMatch
        }
        guard (19...512).contains(length), payload.byteCount <= length else { return .noMatch }
        guard payload.byteCount == length else { return .needMore }
        guard (try? payload.byte(at: 4)) == UInt8(truncatingIfNeeded: length - 5), (try? payload.byte(at: 5)) == 0xE0,
            (try? payload.readBE(at: 6, as: UInt16.self)) == 0
        else { return .noMatch }
        let rest = payload.extracting(droppingFirst: 11)
        if HTTPText.hasPrefix(rest, "cookie: msts") { return .match }
        if isNegotiation(rest, type: 1), rest.byteCount <= 44 { return .match }
        guard let start = endOfToken(rest) else { return .noMatch }
        return isNegotiation(rest.extracting(droppingFirst: start), type: 1) ? .match : .noMatch
    }

    /// Where a token for the balancing of load ends, a line of text: `tsv://...`.
    private static func endOfToken(_ bytes: RawSpan) -> Int? {
        guard let end = bytes.firstIndex(of: 0x0A), end > 1, (try? bytes.byte(at: end - 1)) == 0x0D,
            bytes.extracting(0..<(end - 1)).withUnsafeBytes({ WireText.isPrintable($0) })
        else { return nil }
        return end + 1
    }

    /// A connection confirm (section 2.2.1.2) with nothing in it but RDP_NEG_RSP or RDP_NEG_FAILURE.
    private static func probe(confirm payload: RawSpan) -> ProbeResult {
        guard let length = try? Int(payload.readBE(at: 2, as: UInt16.self)) else { return .needMore }
        guard length == confirmLength, payload.byteCount <= length else { return .noMatch }
        guard payload.byteCount == length else { return .needMore }
        guard (try? payload.readBE(at: 4, as: UInt16.self)) == 0x0ED0, (try? payload.byte(at: 10)) == 0
        else { return .noMatch }
        let answer = payload.extracting(droppingFirst: bareLength)
        return isNegotiation(answer, type: 2) || isNegotiation(answer, type: 3) ? .match : .noMatch
    }

    /// A request with nothing in it, all references zero (X.224 section 13.3).
    private static func isBareRequest(_ payload: RawSpan) -> Bool {
        guard payload.byteCount == bareLength, (try? payload.readBE(at: 4, as: UInt16.self)) == 0x06E0,
            (try? payload.readBE(at: 6, as: UInt32.self)) == 0
        else { return false }
        return (try? payload.byte(at: 10)) == 0
    }

    /// RDP_NEG_REQ, RDP_NEG_RSP or RDP_NEG_FAILURE: a type, flags and the length 8.
    private static func isNegotiation(_ bytes: RawSpan, type: UInt8) -> Bool {
        bytes.byteCount >= 8 && (try? bytes.byte(at: 0)) == type
            && (try? bytes.readLE(at: 2, as: UInt16.self)) == 8
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if side == .originator, packetCount == 1, streams.heldBytes == 0, TLSAnalyzer.begins(payload) {
            // What the server agreed to was not seen.
            sink.unreadByteCount = payload.byteCount
            return .handOver
        }
        var stream = streams.take(side, leaving: FramedStream())
        try stream.append(payload, limit: Self.packetLimit, length: Self.length) {
            (packet) throws(DecodeError) -> Bool in
            try take(packet, from: side, into: &sink)
            if case .wantMore = verdict { return true }
            return false
        }
        streams[side] = stream
        return verdict
    }

    mutating func finish(into sink: inout RecordSink) { facts.write(into: &sink) }

    private static func length(_ bytes: RawSpan) throws(DecodeError) -> Int {
        guard let version = try? bytes.byte(at: 0) else { return 0 }
        guard version == 3 else { throw .invalid(.version) }
        guard bytes.byteCount >= tpktLength else { return 0 }
        let length = Int(try bytes.readBE(at: 2, as: UInt16.self))
        guard length > tpktLength else { throw .invalid(.length) }
        return length
    }

    private mutating func take(
        _ packet: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        packetCount += 1
        if facts.time == nil { facts.time = sink.now }
        guard packetCount <= Self.packetCountLimit else { return verdict = .finished }
        switch try packet.byte(at: 5) {
        case 0xE0: takeRequest(packet)
        case 0xD0: takeConfirm(packet)
        case 0xF0: try takeData(packet, from: side, into: &sink)
        default: verdict = .finished
        }
    }

    /// Connection request, section 2.2.1.1: the cookie.
    private mutating func takeRequest(_ packet: RawSpan) {
        let rest = packet.extracting(droppingFirst: Swift.min(11, packet.byteCount))
        let name: StaticString = "cookie: mstshash="
        guard HTTPText.hasPrefix(rest, name) else { return }
        let value = rest.extracting(droppingFirst: name.utf8CodeUnitCount)
        facts.cookie = value.extracting(0..<(value.firstIndex(of: 0x0D) ?? value.byteCount)).text()
    }

    /// Connection confirm, section 2.2.1.2: the protection that the server chose, or why it refuses.
    private mutating func takeConfirm(_ packet: RawSpan) {
        let rest = packet.extracting(droppingFirst: Swift.min(11, packet.byteCount))
        guard let code = try? rest.readLE(at: 4, as: UInt32.self) else { return }
        if Self.isNegotiation(rest, type: 3) {
            facts.result = RDPNames.failure(code)
            verdict = .finished
        } else if Self.isNegotiation(rest, type: 2) {
            facts.securityProtocol = RDPNames.securityProtocol(code)
            guard code != 0 else { return }
            facts.result = "encrypted"
            verdict = .handOver
        }
    }

    /// Data: of the MCS messages (T.125 section 7), the two that open the connection.
    private mutating func takeData(
        _ packet: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        var reader = ByteReader(packet.withUnsafeBytes { Array($0.dropFirst(7)) })
        guard reader.count > 2, try reader.byte() == 0x7F else { return verdict = .finished }
        switch (try reader.byte(), side) {
        case (0x65, .originator):
            try facts.takeClient(try GCCBlocks(connectInitial: &reader))
        case (0x66, .responder):
            let answer = try GCCBlocks(connectResponse: &reader)
            facts.result = answer.result.map(RDPNames.result)
            try facts.takeServer(answer, into: &sink)
            verdict = .finished
        default: verdict = .finished
        }
    }
}
