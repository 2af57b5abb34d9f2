internal import Shared

/// SSL 3.0 and TLS 1.0 to 1.3 over TCP (RFC 8446, RFC 5246): the handshake, until it is complete.
///
/// A stream that begins inside of a connection (records, but no hello) has the service and no record.
struct TLSAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "ssl"
    private var streams = PerSide(originator: TLSRecordStream(), responder: TLSRecordStream())
    private var handshake = TLSHandshake(carrier: .tcp)
    /// Sides that something was lost of that had to be read: what they send from there on is passed over.
    private var isLost = PerSide(originator: false, responder: false)
    /// Records seen while no hello was.
    private var strayRecords = 0

    /// Records without a hello after which a stream is only counted.
    private static let strayLimit = 4

    init() {}

    var heldBytes: Int { streams.heldBytes }

    /// Whether a record of the handshake begins here, for protocols that TLS may follow.
    static func begins(_ payload: RawSpan) -> Bool { (try? payload.readBE(at: 0, as: UInt16.self)) == 0x1603 }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let type = try? payload.byte(at: 0), (20...23).contains(type) else {
            if payload.byteCount == 0 { return .needMore }
            return side == .originator ? OldClientHello.probe(payload) : .noMatch
        }
        guard let major = try? payload.byte(at: 1) else { return .needMore }
        guard major == 3 || type == 22 else { return .noMatch }
        guard let minor = try? payload.byte(at: 2), let length: UInt16 = try? payload.readBE(at: 3) else {
            return .needMore
        }
        guard length > 0, length <= TLSRecordStream.recordLimit else { return .noMatch }
        guard major == 3, minor <= 4 else { return isWholeHello(type, length: length, payload) ? .match : .noMatch }
        guard type == 22 else { return isPlausible(type, length: length, payload) ? .match : .noMatch }
        guard let message = try? payload.byte(at: 5) else { return .needMore }
        // A first handshake record is a hello; in the middle of a connection it may be an encrypted message.
        return message <= 24 || length >= 40 ? .match : .noMatch
    }

    /// Whether a record is a client's hello and nothing else, so that its version, which says nothing (RFC 8446
    /// section 5.1), need not be one that was.
    private static func isWholeHello(_ type: UInt8, length: UInt16, _ payload: RawSpan) -> Bool {
        guard type == 22, let head: UInt16 = try? payload.readBE(at: 5), let count: UInt16 = try? payload.readBE(at: 7),
            let major = try? payload.byte(at: 9)
        else { return false }
        return head == 0x0100 && Int(length) == 4 + Int(count) && Int(count) >= fewestHelloBytes && major == 3
    }

    /// Version, random value, and the lengths of session identifier, ciphers and compression methods.
    private static let fewestHelloBytes = 38

    private static func isPlausible(_ type: UInt8, length: UInt16, _ payload: RawSpan) -> Bool {
        switch type {
        case 20: length == 1
        // Encrypted at most with a vector, two bytes, 48 of authentication, and filled up to blocks of 16.
        case 21: length == 2 || (16...80).contains(length)
        default: length >= 16
        }
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard !isLost[side] else { return .wantMore }
        var offset = 0
        while offset < payload.byteCount {
            let encrypted = handshake.isEncrypted(side)
            let event = try streams[side].take(payload, at: &offset, isEncrypted: encrypted)
            try react(to: event, from: side, into: &sink)
            if case .needMore = event { continue }
            // The record that tells of encryption is in the clear itself; an application's data is not.
            if streams[side].remaining == 0, encrypted || isApplicationData(from: side), handshake.isEncrypted(side) {
                handshake.encryptedRecord()
            }
            let isLast = isLost[side.other] && handshake.isEncrypted(side)
            if handshake.isEstablished || strayRecords > Self.strayLimit || isLast {
                handshake.tell(into: &sink)
                return .finished
            }
        }
        return .wantMore
    }

    private func isApplicationData(from side: Side) -> Bool { streams[side].contentType == 23 }

    private mutating func react(
        to event: TLSRecordStream.Event, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        switch event {
        case .recordBegan:
            if isApplicationData(from: side) { handshake.applicationData(from: side) }
            if !handshake.hasHello, !isHelloGoingOn(from: side) { strayRecords += 1 }
        case .handshakeBytes: try messages(from: side, into: &sink)
        case .changeCipher: handshake.changeCipher(from: side, at: sink.now)
        case .alert(let description): handshake.alert(description, from: side)
        case .heartbeat: handshake.heartbeat(from: side)
        case .oldHello: handshake.oldClientHello(from: side, at: sink.now)
        case .needMore, .other: break
        }
    }

    /// Whether the record that began goes on with a hello: one may be cut into records of a single byte (RFC 8446
    /// section 5.1). Each brings a byte of what may wait, so that there is an end.
    private func isHelloGoingOn(from side: Side) -> Bool {
        streams[side].contentType == 22 && streams[side].recordLength > 0 && streams[side].isHelloWaiting
    }

    private mutating func messages(from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        while let message = try streams[side].nextMessage() {
            try handshake.message(message.type, message.body, from: side, into: &sink)
        }
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let encrypted = handshake.isEncrypted(side)
        if isLost[side] || streams[side].lose(byteCount, isEncrypted: encrypted) { return .wantMore }
        isLost[side] = true
        streams[side] = TLSRecordStream()
        // The other side may have something to tell yet.
        guard isLost[side.other] || handshake.isEncrypted(side.other) else { return .wantMore }
        handshake.tell(into: &sink)
        return .finished
    }

    mutating func finish(into sink: inout RecordSink) { handshake.tell(into: &sink) }
}
