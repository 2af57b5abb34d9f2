internal import Shared

/// Internet Key Exchange, version 1 (RFC 2408) and 2 (RFC 7296), on its own and beside ESP in UDP (RFC 3948): one
/// record a message, as long as they are few. ESP alone names the connection.
struct IPsecAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "ipsec"
    static let transports: Transports = .udp
    static let fewestDatagrams = 4

    private static let headerLength = 28
    /// Messages of one connection that get a record: a negotiation has up to nine, dead peers are looked for forever.
    private static let recordLimit = 64
    /// Payloads of one message that are looked at; the openings of real ones have under twenty.
    private static let payloadLimit = 32
    private var recordsLeft = recordLimit

    init() {}

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        let isMarked = (try? payload.readBE(at: 0, as: UInt32.self)) == 0
        return isHeader(isMarked ? payload.extracting(droppingFirst: 4) : payload) ? .match : .noMatch
    }

    /// Packets of ESP of one index, each with a later number than the one before it. What comes on its port is held
    /// for this, whatever it looks like.
    static func probe(_ held: HeldPayload, datagramsFrom side: Side) -> ProbeResult {
        let bytes = held.bytes[side]
        var last: (index: UInt32, number: UInt32)?
        var count = 0
        // A single byte keeps a translation open (RFC 3948 section 2.3).
        for piece in held.pieces where piece.side == side && piece.range.count > 1 {
            let next = packet(bytes.span.bytes.extracting(piece.range))
            let step = (next?.number ?? 0) &- (last?.number ?? 0)
            let follows = next != nil && next?.index == last?.index && (1...widestStep).contains(step)
            count = follows ? count + 1 : next == nil ? 0 : 1
            last = next
        }
        return count >= fewestDatagrams ? .match : .needMore
    }

    /// Numbers that may be missing between two packets which are seen.
    private static let widestStep: UInt32 = 16

    /// Index, of which the first 255 are reserved, and number of a packet of ESP (RFC 4303 section 2): whole words, of
    /// which two are the header and three at least its end. What OpenVPN's data begins with is not believed.
    private static func packet(_ datagram: RawSpan) -> (index: UInt32, number: UInt32)? {
        guard datagram.byteCount >= 20, datagram.byteCount & 3 == 0, let index: UInt32 = try? datagram.readBE(at: 0),
            index > 255, index >> 27 != 9 || index >> 16 & 0xFF != 0, let number: UInt32 = try? datagram.readBE(at: 4)
        else { return nil }
        return (index, number)
    }

    /// A header with the length of the whole, an exchange of its version, and flags that this version has.
    private static func isHeader(_ message: RawSpan) -> Bool {
        guard message.byteCount >= headerLength, let initiator: UInt64 = try? message.readBE(at: 0), initiator != 0,
            let version = try? message.byte(at: 17), let exchange = try? message.byte(at: 18),
            let flags = try? message.byte(at: 19), let length: UInt32 = try? message.readBE(at: 24),
            Int(length) == message.byteCount
        else { return false }
        switch version {
        case 0x10: return (1...6).contains(exchange) && flags & ~0x07 == 0 || exchange == 32 || exchange == 33
        // Sessions that are resumed (RFC 5723) and groups (RFC 9838) have their own, up to 41.
        case 0x20: return (34...41).contains(exchange) && flags & ~0x38 == 0 || exchange == 43 || exchange == 44
        default: return false
        }
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let isMarked = (try? payload.readBE(at: 0, as: UInt32.self)) == 0
        let message = isMarked ? payload.extracting(droppingFirst: 4) : payload
        // What is no message of IKE is ESP, or the one byte that keeps a mapping alive.
        guard recordsLeft > 0, Self.isHeader(message) else { return .wantMore }
        recordsLeft -= 1
        try write(message, from: side, into: &sink)
        return .wantMore
    }

    private func write(_ message: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        let ipsec = Records.ipsec
        let version = try message.byte(at: 17)
        let flags = try message.byte(at: 19)
        sink.begin(ipsec)
        sink.batch.set(ipsec.isOrig, side == .originator)
        sink.batch.set(ipsec.initiatorSpi, Hexadecimal.text(of: message.extracting(0..<8)))
        sink.batch.set(ipsec.responderSpi, Hexadecimal.text(of: message.extracting(8..<16)))
        sink.batch.set(ipsec.majVer, UInt64(version >> 4))
        sink.batch.set(ipsec.minVer, UInt64(version & 0x0F))
        sink.batch.set(ipsec.exchangeType, UInt64(try message.byte(at: 18)))
        // Version 1 has encryption, commit and authentication; version 2 initiator, version and response.
        for (index, field) in [ipsec.flagE, ipsec.flagC, ipsec.flagA, ipsec.flagI, ipsec.flagV, ipsec.flagR]
            .enumerated()
        where (index < 3) == (version == 0x10) {
            sink.batch.set(field, flags & (1 << UInt8(index)) != 0)
        }
        sink.batch.set(ipsec.messageId, UInt64(try message.readBE(at: 20, as: UInt32.self)))
        sink.batch.set(ipsec.length, UInt64(message.byteCount))
        let isPlain = version == 0x10 ? flags & 1 == 0 : try message.byte(at: 16) != 46
        if isPlain { writePayloads(message, isFirst: version == 0x10, into: &sink) }
        sink.end()
    }

    /// The chain of payloads (RFC 7296 section 3.2): what follows, a reserved byte, the length.
    private func writePayloads(_ message: RawSpan, isFirst: Bool, into sink: inout RecordSink) {
        var (vendors, notices, groups): ([String], [String], [UInt64]) = ([], [], [])
        var proposals = IKEProposals()
        var type = (try? message.byte(at: 16)) ?? 0
        var offset = Self.headerLength
        for _ in 0..<Self.payloadLimit {
            guard type != 0, let next = try? message.byte(at: offset),
                let length = try? Int(message.readBE(at: offset + 2, as: UInt16.self)), length >= 4,
                length <= message.byteCount - offset
            else { break }
            let content = message.extracting((offset + 4)..<(offset + length))
            switch (isFirst, type) {
            case (true, 1), (false, 33): proposals.read(content, isFirst: isFirst)
            case (true, 13), (false, 43): vendors.append(Hexadecimal.text(of: content.extracting(first: 64)))
            case (true, 11):
                if let number: UInt16 = try? content.readBE(at: 6) { notices.append(IKENames.notice(number)) }
            case (false, 41):
                if let number: UInt16 = try? content.readBE(at: 2) { notices.append(IKENames.notice(number)) }
            case (false, 34): if let number: UInt16 = try? content.readBE(at: 0) { groups.append(UInt64(number)) }
            default: break
            }
            (type, offset) = (next, offset + length)
        }
        let ipsec = Records.ipsec
        if !proposals.numbers.isEmpty { sink.batch.set(ipsec.proposals, proposals.numbers) }
        if !proposals.transforms.isEmpty { sink.batch.set(ipsec.transforms, proposals.transforms) }
        if !proposals.attributes.isEmpty { sink.batch.set(ipsec.transformAttributes, proposals.attributes) }
        if !vendors.isEmpty { sink.batch.set(ipsec.vendorIds, vendors) }
        if !notices.isEmpty { sink.batch.set(ipsec.notifyMessages, notices) }
        if !groups.isEmpty { sink.batch.set(ipsec.keDhGroups, groups) }
    }
}
