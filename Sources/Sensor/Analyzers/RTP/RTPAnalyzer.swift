internal import Shared

/// RTP (RFC 3550): a record for each source, with its losses and its jitter.
///
/// One datagram has too little to be told by: it takes several of one source whose numbers and times go on as they
/// should. What shares the port (RFC 7983) is told as well: reports of RTCP by name, STUN with its records.
struct RTPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "rtp"
    static let transports: Transports = .udp
    static let fewestDatagrams = 4

    /// Sources of one connection: those of a conference that is mixed by nobody, and of both ends.
    private static let streamLimit = 32
    /// Datagrams in a row that are none of RTP's before the connection is another's.
    private static let foreignLimit = 64

    private var streams: [RTPStream] = []
    private var foreignCount = 0
    private var stun = STUNAnalyzer()

    init() {}

    /// A header with a type that has a meaning or may be given one, a source, and something behind.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.byteCount > RTPHeader.byteCount, let header = try? RTPHeader(decoding: payload),
            RTPPayloadType.isDynamic(header.payloadType) || RTPPayloadType.names[header.payloadType] != nil,
            header.source != 0, header.source != UInt32.max
        else { return .noMatch }
        return .needMore
    }

    /// Packets of one picture, which have one time (RFC 3550 section 5.1), that are enough where no other time comes.
    private static let frameRun = 8

    /// Those of the last datagram's source follow one another, and their time does not stand still; that of pictures
    /// may, as long as nothing lacks.
    static func probe(_ held: HeldPayload, datagramsFrom side: Side) -> ProbeResult {
        let bytes = held.bytes[side]
        var previous: RTPHeader?
        var (count, isMoving, isFrame) = (0, false, true)
        for piece in held.pieces.reversed() where piece.side == side {
            guard let header = try? RTPHeader(decoding: bytes.span.bytes.extracting(piece.range)) else { continue }
            if let later = previous {
                guard header.source == later.source else { continue }
                // Mirrored twice, each comes twice.
                if header.sequence == later.sequence, header.timestamp == later.timestamp { continue }
                guard later.follows(header) else { return .needMore }
                if later.timestamp != header.timestamp { isMoving = true }
                isFrame = isFrame && later.continuesFrame(of: header)
            }
            previous = header
            count += 1
            if count >= fewestDatagrams, isMoving || count >= frameRun && isFrame { return .match }
        }
        return .needMore
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if let header = try? RTPHeader(decoding: payload) {
            foreignCount = 0
            if let index = place(of: header, side, sink) { streams[index].take(header, at: sink.now) }
        } else if RTCPAnalyzer.isReport(payload) {
            foreignCount = 0
            sink.found(service: RTCPAnalyzer.service)
        } else if STUNAnalyzer.probe(payload, from: side) == .match {
            foreignCount = 0
            _ = try stun.consume(payload, from: side, into: &sink)
            sink.found(service: STUNAnalyzer.service)
        } else if DTLSAnalyzer.probe(payload, from: side) == .match {
            // Keys are agreed upon anew.
            sink.unreadByteCount = payload.byteCount
            return .handOver
        } else {
            foreignCount += 1
            if foreignCount >= Self.foreignLimit { return .handOver }
        }
        return .wantMore
    }

    /// The stream of a packet's source. When there are too many, one that hardly was one gives way.
    private mutating func place(of header: RTPHeader, _ side: Side, _ sink: RecordSink) -> Int? {
        if let index = streams.firstIndex(where: { $0.source == header.source && $0.side == side }) { return index }
        let stream = RTPStream(header, from: side, agreement(side, sink), at: sink.now)
        if streams.count < Self.streamLimit {
            streams.append(stream)
            return streams.count - 1
        }
        guard let index = streams.firstIndex(where: { $0.packets < Self.fewestDatagrams }) else { return nil }
        streams[index] = stream
        return index
    }

    /// What was agreed for media that `side` sends.
    private func agreement(_ side: Side, _ sink: RecordSink) -> MediaAgreements.Agreement? {
        if sink.memories.media.isEmpty { return nil }
        let connection = sink.connection
        return side == .originator
            ? sink.memories.media[.init(address: connection.responder, port: connection.responderPort)]
            : sink.memories.media[.init(address: connection.originator, port: connection.originatorPort)]
    }

    mutating func finish(into sink: inout RecordSink) {
        for stream in streams where stream.packets >= Self.fewestDatagrams {
            stream.write(agreement(stream.side, sink), into: &sink)
        }
        streams = []
        stun.finish(into: &sink)
    }
}
