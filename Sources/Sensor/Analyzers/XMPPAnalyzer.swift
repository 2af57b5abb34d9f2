internal import Shared

/// XMPP (RFC 6120): recognised by its stream header, and handed over to TLS after STARTTLS (section 5.4.2). Of what is
/// said in the clear nothing is kept.
struct XMPPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "xmpp"

    /// Where the opening tag of a stream must have begun: behind an XML declaration and blanks.
    private static let headerLimit = 256
    /// Bytes of one side within which TLS is agreed or is not: features, and stanzas of servers that dial back.
    private static let negotiationLimit = 64 << 10

    private var request = TagSearch("<starttls")
    private var consent = TagSearch("<proceed")
    private var seen = PerSide(originator: 0, responder: 0)

    init() {}

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
        // Who asks is the client of the stream, whichever side opened the connection.
        let asks = request.find(in: payload)
        if asks { return .wantMore }
        if request.isFound, consent.find(in: payload) { return .handOver }
        return seen[side] > Self.negotiationLimit ? .finished : .wantMore
    }
}

/// Looks for the beginning of a tag in text that comes in pieces.
private struct TagSearch {
    private let tag: StaticString
    private var matched = 0
    private(set) var isFound = false

    /// - Parameter tag: begins with `<`, which occurs nowhere else in it.
    init(_ tag: StaticString) { self.tag = tag }

    /// Whether the tag ended in this piece or in one before.
    mutating func find(in text: RawSpan) -> Bool {
        if isFound { return false }
        return tag.withUTF8Buffer { expected in
            for index in 0..<text.byteCount {
                guard let byte = try? text.byte(at: index) else { break }
                matched = byte == expected[matched] ? matched + 1 : byte == expected[0] ? 1 : 0
                if matched == expected.count {
                    isFound = true
                    return true
                }
            }
            return false
        }
    }
}
