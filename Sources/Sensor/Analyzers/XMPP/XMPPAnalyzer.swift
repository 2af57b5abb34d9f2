internal import Shared

/// XMPP (RFC 6120): recognised by its stream header, and handed over to TLS after STARTTLS (section 5.4.2). Of what is
/// said in the clear, logins are told (section 6) and nothing else.
struct XMPPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "xmpp"

    /// Where the opening tag of a stream must have begun: behind an XML declaration and blanks.
    private static let headerLimit = 256
    /// Bytes of one side within which TLS is agreed or is not: features, and stanzas of servers that dial back.
    private static let negotiationLimit = 64 << 10

    private var tags = PerSide(originator: XMLTags(), responder: XMLTags())
    private var seen = PerSide(originator: 0, responder: 0)
    /// Who wanted TLS.
    private var asker: Side?
    /// Those that are not answered: a client may send the next one without waiting.
    private var logins: [XMPPLogin] = []
    private static let waitingLimit = 8
    private var refusedCount = 0
    /// Refused logins of a connection that are told: servers allow a few (RFC 6120 section 6.4.5).
    private static let refusedLimit = 16
    private var verdict = Progress.wantMore

    init() {}

    var heldBytes: Int { tags.heldBytes + logins.count * MemoryLayout<XMPPLogin>.stride }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.starts(with: "<") else { return .noMatch }
        if payload.starts(with: "<iq ") { return isQuery(payload) ? .match : .noMatch }
        var rest = payload
        if payload.starts(with: "<?xml") {
            let head = payload.extracting(first: headerLimit)
            guard let end = head.firstIndex(of: 0x3E) else {
                return payload.byteCount < headerLimit ? .needMore : .noMatch
            }
            rest = payload.extracting(droppingFirst: end + 1)
            while let byte = try? rest.byte(at: 0), byte == 0x20 || byte == 0x0A || byte == 0x0D {
                rest = rest.extracting(droppingFirst: 1)
            }
            if rest.byteCount == 0 { return .needMore }
        }
        guard rest.starts(with: "<stream:stream") else {
            // Not enough of the tag yet.
            return rest.byteCount < 14 && rest.starts(with: "<s") ? .needMore : .noMatch
        }
        return .match
    }

    /// A question as clients send it in a stream whose beginning was not seen: RFC 6120 section 8.2.3 demands both.
    private static func isQuery(_ payload: RawSpan) -> Bool {
        guard let end = payload.extracting(first: headerLimit).firstIndex(of: 0x3E) else { return false }
        let tag = payload.extracting(0..<end)
        return HTTPText.contains(tag, " id=") && HTTPText.contains(tag, " type=")
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        seen[side] += payload.byteCount
        var reader = tags.take(side, leaving: XMLTags())
        reader.append(payload) { tag, text in
            take(tag, behind: text, from: side, into: &sink)
            if case .wantMore = verdict { return true }
            return false
        }
        tags[side] = reader
        if case .wantMore = verdict, seen[side] > Self.negotiationLimit { verdict = .finished }
        if case .finished = verdict { finish(into: &sink) }
        return verdict
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        seen[side] += byteCount
        tags[side] = XMLTags()
        // The answer to a login may be what was lost: the next one is another's.
        if let last = logins.indices.last, logins[last].client == side {
            logins[last].lose()
        } else {
            finish(into: &sink)
        }
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        for login in logins { tell(login, success: login.isRefused ? false : nil, into: &sink) }
        logins = []
    }

    private mutating func tell(_ login: XMPPLogin, success: Bool?, into sink: inout RecordSink) {
        if success != true { refusedCount += 1 }
        guard success == true || refusedCount <= Self.refusedLimit else { return }
        login.write(success: success, into: &sink)
    }

    private mutating func take(_ tag: XMLTag, behind text: RawSpan, from side: Side, into sink: inout RecordSink) {
        // Who asks is the client of the stream, whichever side opened the connection.
        if tag.isNamed("starttls") {
            asker = side
        } else if tag.isNamed("proceed"), asker.map({ $0 != side }) ?? (seen[side.other] == 0) {
            // Where one direction alone is captured, nobody was seen to ask.
            verdict = .handOver
        } else if tag.isNamed("auth") || tag.isNamed("authenticate"), let mechanism = tag.value(of: "mechanism") {
            if logins.count >= Self.waitingLimit { finish(into: &sink) }
            logins.append(XMPPLogin(mechanism: mechanism, client: side, at: sink.now))
        } else if let first = logins.first {
            // The server answers them one after the other.
            let index = first.client == side ? logins.count - 1 : 0
            guard let success = logins[index].take(tag, behind: text, from: side) else { return }
            tell(logins.remove(at: index), success: success, into: &sink)
            // The stream begins anew (RFC 6120 section 6.4.6), and TLS is for before that.
            if success { verdict = .finished }
        }
    }
}
