internal import Shared

/// SNMP 1, 2c and 3 (RFC 1157, RFC 3416, RFC 3412) over UDP, and over TCP (RFC 3430): one record a conversation.
struct SNMPAnalyzer: FramedAnalyzer {
    static let service: StaticString = "snmp"
    static let transports: Transports = [.tcp, .udp]

    /// Longest message over TCP that is put together: what fits into a datagram.
    static let frameLimit = 65_535

    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    private var start: Timestamp?
    private var last = Timestamp.distantPast
    private var version: String?
    private var community: String?
    private var counts = Counts()
    private var description: String?
    private var upSince: Timestamp?

    /// Variables, by what was done with them.
    private struct Counts {
        var gets: UInt64 = 0, bulks: UInt64 = 0, responses: UInt64 = 0, sets: UInt64 = 0
    }

    init() {}

    /// A sequence that fills the datagram, with the version in front and a community or a header of version 3 behind.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.starts(with: "0"), payload.byteCount >= 12, let first = try? payload.byte(at: 1) else {
            return .noMatch
        }
        let header = first < 0x80 ? 2 : 2 + Int(first & 0x7F)
        guard header <= 6, (try? payload.byte(at: header)) == 2, (try? payload.byte(at: header + 1)) == 1,
            let version = try? payload.byte(at: header + 2), [0, 1, 3].contains(version),
            let next = try? payload.byte(at: header + 3)
        else { return .noMatch }
        return next == (version == 3 ? 0x30 : 0x04) ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard sink.connection.transport == .tcp else {
            takeFrame(payload, from: side, into: &sink)
            return .wantMore
        }
        try takeFrames(of: payload, from: side, into: &sink)
        return .wantMore
    }

    /// Bytes of the sequence that begins here, which tells its own length (RFC 3430 section 2.1).
    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        guard bytes.starts(with: "0") else { throw .invalid(.magic) }
        guard bytes.byteCount >= 2 else { return 0 }
        let first = Int(try bytes.byte(at: 1))
        guard first >= 0x80 else { return 2 + first }
        let digits = first & 0x7F
        guard (1...4).contains(digits) else { throw .invalid(.length) }
        guard bytes.byteCount >= 2 + digits else { return 0 }
        var content = 0
        for index in 0..<digits { content = content << 8 | Int(try bytes.byte(at: 2 + index)) }
        return 2 + digits + content
    }

    mutating func takeFrame(_ payload: RawSpan, from side: Side, into sink: inout RecordSink) {
        do throws(DecodeError) {
            var outer = DERReader(payload.withUnsafeBytes { Array($0) })
            var message = try outer.next(DERTag.sequence).children
            let number = try message.next(DERTag.integer).integer
            version = number == 0 ? "1" : number == 1 ? "2c" : "3"
            if start == nil { start = sink.now }
            last = sink.now
            if number == 3 {
                try takeScoped(&message, at: sink.now)
            } else {
                community = Self.shown(try message.next(DERTag.octetString).content)
                try take(try message.next(), at: sink.now)
            }
        } catch {
            sink.weird("snmp_malformed", detail: "\(error)", source: Self.service)
        }
    }

    /// Communities are passwords; those that devices are delivered with are a finding.
    private static func shown(_ community: ArraySlice<UInt8>) -> String {
        let text = community.wireText
        return ["public", "private"].contains(text) || text.isEmpty ? text : "<hidden>"
    }

    /// Takes the PDU of version 3 where it is in clear (RFC 3412 section 6): behind its header with the flags, of which
    /// the second says that it is encrypted, and behind what says who asks.
    private mutating func takeScoped(_ message: inout DERReader, at now: Timestamp) throws(DecodeError) {
        var header = try message.next(DERTag.sequence).children
        for _ in 0..<2 { _ = try header.next(DERTag.integer) }
        let flags = try header.next(DERTag.octetString).content
        guard let flag = flags.first, flag & 2 == 0 else { return }
        _ = try message.next(DERTag.octetString)
        var scoped = try message.next(DERTag.sequence).children
        for _ in 0..<2 { _ = try scoped.next(DERTag.octetString) }
        try take(try scoped.next(), at: now)
    }

    /// Takes a PDU (RFC 3416 section 3): request, status, index, variables.
    private mutating func take(_ pdu: DERElement, at now: Timestamp) throws(DecodeError) {
        var parts = pdu.children
        guard pdu.tag != 0xA4 else { return }  // a trap of version 1 has another form
        for _ in 0..<3 { _ = try parts.next(DERTag.integer) }
        var list = try parts.next(DERTag.sequence).children
        var count: UInt64 = 0
        while !list.isEmpty {
            var variable = try list.next(DERTag.sequence).children
            let name = try variable.next(DERTag.objectIdentifier).content
            count += 1
            if pdu.tag == 0xA2 { take(name, try variable.next(), at: now) }
        }
        switch pdu.tag {
        case 0xA0, 0xA1: counts.gets += count
        case 0xA2: counts.responses += count
        case 0xA3: counts.sets += count
        case 0xA5: counts.bulks += count
        default: break
        }
    }

    /// sysDescr.0 and sysUpTime.0 (RFC 3418).
    private mutating func take(_ name: ArraySlice<UInt8>, _ value: DERElement, at now: Timestamp) {
        guard name.count == 8, name.starts(with: [0x2B, 6, 1, 2, 1, 1]), name.last == 0 else { return }
        switch name[name.startIndex + 6] {
        case 1: description = value.content.prefix(256).wireText
        case 3:
            let hundredths = value.content.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
            upSince = now - .milliseconds(hundredths &* 10)
        default: break
        }
    }

    mutating func finish(into sink: inout RecordSink) {
        guard let start else { return }
        let snmp = Records.snmp
        sink.begin(snmp, at: start)
        sink.batch.set(snmp.duration, last - start)
        sink.batch.set(snmp.version, version)
        sink.batch.set(snmp.community, community)
        sink.batch.set(snmp.getRequests, counts.gets)
        sink.batch.set(snmp.getBulkRequests, counts.bulks)
        sink.batch.set(snmp.getResponses, counts.responses)
        sink.batch.set(snmp.setRequests, counts.sets)
        sink.batch.set(snmp.displayString, description)
        sink.batch.set(snmp.upSince, upSince)
        sink.end()
        self.start = nil
    }
}
