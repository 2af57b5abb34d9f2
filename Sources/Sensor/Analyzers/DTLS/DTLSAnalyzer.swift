internal import Shared

/// DTLS 1.0 to 1.3 over UDP (RFC 6347, RFC 9147): the handshake, put together from fragments.
///
/// WebRTC agrees on the keys of SRTP so, and carries that on the same ports (RFC 5764): when it begins, the connection
/// is handed over. STUN on these ports has its records.
struct DTLSAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "ssl"
    static var transports: Transports { .udp }
    private var handshake = TLSHandshake(carrier: .dtls)
    private var fragments = PerSide(originator: DTLSFragments(), responder: DTLSFragments())

    /// Type, version, epoch, sequence number, length.
    private static let headerLength = 13
    /// `tls12_cid`: a record with a connection's identifier, RFC 9146 section 4.
    private static let identifiedType: UInt8 = 25
    /// Records that are read of one datagram.
    private static let recordLimit = 64

    /// Datagrams of RTP in a row after which the connection is RTP's: what is encrypted by DTLS may go on beside it.
    private static let mediaLimit = 2
    private var mediaCount = 0
    private var isTold = false
    private var stun = STUNAnalyzer()

    init() {}

    var heldBytes: Int { fragments.heldBytes + stun.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let type = try? payload.byte(at: 0), let version: UInt16 = try? payload.readBE(at: 1),
            let length: UInt16 = try? payload.readBE(at: 11), let epoch: UInt16 = try? payload.readBE(at: 3)
        else { return .noMatch }
        let isKnown = version == 0xFEFF || version == 0xFEFD || version == 0x0100
        return isKnown && (20...23).contains(type) && epoch <= 3 && length > 0
            && Int(length) <= payload.byteCount - headerLength ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if sink.openSTUN != nil { stun.takeRequests(from: &sink) }
        // RFC 7983: the first byte tells who a datagram is for.
        let first = try payload.byte(at: 0)
        if (128...191).contains(first) {
            mediaCount += 1
            guard mediaCount >= Self.mediaLimit else { return .wantMore }
            sink.unreadByteCount = payload.byteCount
            return .handOver
        }
        mediaCount = 0
        if first < 4 { try takeSTUN(payload, from: side, into: &sink) }
        if isTold || first < 20 { return .wantMore }
        try records(payload, from: side, into: &sink)
        guard handshake.isEstablished else { return .wantMore }
        handshake.tell(into: &sink)
        isTold = true
        return .wantMore
    }

    /// The ends go on to ask each other whether they still agree (RFC 7675 section 5.1).
    private mutating func takeSTUN(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        guard case .match = STUNAnalyzer.probe(payload, from: side) else { return }
        _ = try stun.consume(payload, from: side, into: &sink)
        sink.unreadByteCount = 0
        sink.found(service: STUNAnalyzer.service)
    }

    private mutating func records(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        var offset = 0
        for _ in 0..<Self.recordLimit where offset < payload.byteCount {
            let type = try payload.byte(at: offset)
            // The header of encrypted records of DTLS 1.3 (RFC 9147 section 4) may tell no length, and an identifier
            // as long as the hellos agreed on: what is behind it is left.
            if type & 0xE0 == 0x20 {
                handshake.applicationData(from: side)
                return encryptedRecord(from: side)
            }
            // So do those of DTLS 1.2 with an identifier (RFC 9146 section 4), all of which are encrypted.
            if type == Self.identifiedType {
                handshake.encrypts(side)
                return encryptedRecord(from: side)
            }
            guard offset + Self.headerLength <= payload.byteCount else { return }
            let epoch: UInt16 = try payload.readBE(at: offset + 3)
            let length = Int(try payload.readBE(at: offset + 11, as: UInt16.self))
            offset += Self.headerLength
            try payload.require(length, at: offset)
            let body = Array(payload.extracting(offset..<(offset + length)).withUnsafeBytes { Array($0) })
            offset += length
            try record(type, isEncrypted: epoch > 0, body, from: side, into: &sink)
        }
    }

    private mutating func encryptedRecord(from side: Side) {
        if handshake.isEncrypted(side) { handshake.encryptedRecord() }
    }

    private mutating func record(
        _ type: UInt8, isEncrypted: Bool, _ body: [UInt8], from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        if type == 23 { handshake.applicationData(from: side) }
        // Datagrams get lost: the epoch tells as well as what was to announce it.
        if isEncrypted { handshake.encrypts(side) }
        if isEncrypted || type == 23 { return encryptedRecord(from: side) }
        switch type {
        case 20 where !handshake.isEncrypted(side): handshake.changeCipher(from: side, at: sink.now)
        case 21 where body.count == 2: handshake.alert(body[1], from: side)
        case 22:
            var reader = ByteReader(body)
            while !reader.isEmpty {
                guard let message = try fragments[side].take(&reader) else { continue }
                try handshake.message(
                    message.type, message.body, from: side, isRepeated: message.isRepeated, into: &sink)
            }
        // Type and length of a heartbeat (RFC 6520 section 4).
        case 24 where body.count >= 3: handshake.heartbeat(from: side)
        default: break
        }
    }

    mutating func finish(into sink: inout RecordSink) {
        handshake.tell(into: &sink)
        stun.finish(into: &sink)
    }
}
