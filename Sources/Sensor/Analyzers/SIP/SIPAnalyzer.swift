internal import Shared

/// SIP (RFC 3261) over UDP and TCP: a record for each response, told with the request before it.
///
/// Calls and registrations share a connection, most of all a telephone's one UDP port to its exchange: a response
/// belongs to the request with its Call-ID and number in CSeq. As Zeek does, what else has these is taken together:
/// repetitions, and a CANCEL with its INVITE; so is an acknowledgement, which has no response of its own, with the
/// request behind it.
struct SIPAnalyzer: FramedAnalyzer {
    static let service: StaticString = "sip"
    static let transports: Transports = [.tcp, .udp]

    /// Longest message over TCP that is put together: RFC 3261 section 18.1.1 asks for 65,535, of which the headers
    /// are a small part.
    static let frameLimit = 16_384

    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    /// Requests that await a final response, the latest last.
    private var open: [SIPTransaction] = []
    /// How many of them are kept: more than a telephone has under way, and what a scanner sends ahead of the answers.
    private static let openLimit = 32
    /// Provisional responses that are told of one request: each is told with all that the request has said, and a few
    /// come in real calls.
    private static let provisionalLimit = 16
    /// What they may hold together.
    private static let openLimitBytes = 64 << 10

    init() {}

    var heldBytes: Int { open.reduce(streams.heldBytes) { $0 + $1.heldBytes } }

    /// Bytes in front of a message that keep an address translation open and mean nothing.
    private static let paddingLimit = 64

    /// How many such bytes, CR, LF and NUL, are in front (section 7.5).
    private static func padding(_ bytes: RawSpan) -> Int {
        var count = 0
        while count < paddingLimit, let byte = try? bytes.byte(at: count), byte == 0x0D || byte == 0x0A || byte == 0 {
            count += 1
        }
        return count
    }

    /// A request line or a status line, whole (section 7).
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        beginning(payload.extracting(droppingFirst: padding(payload)))
    }

    /// Whether a message begins here, without anything in front of it.
    /// - Parameter isKnown: the connection is SIP's: any method is one.
    private static func beginning(_ payload: RawSpan, isKnown: Bool = false) -> ProbeResult {
        if payload.starts(with: "SIP/2.0 ") {
            guard payload.byteCount >= 12 else { return .needMore }
            return HTTPText.decimal(payload.extracting(8..<11)) != nil && isBlank(payload, at: 11) ? .match : .noMatch
        }
        guard let space = isKnown ? tokenEnd(payload) : methodEnd(payload) else { return .noMatch }
        guard let end = payload.firstIndex(of: 0x0A) else {
            return payload.byteCount - space < 1024 ? .needMore : .noMatch
        }
        let line = payload.extracting(0..<HTTPText.endOfLine(payload.extracting(0..<end)))
        guard line.byteCount > space + 9 else { return .noMatch }
        return line.extracting(droppingFirst: line.byteCount - 8).starts(with: " SIP/2.0") ? .match : .noMatch
    }

    private static func isBlank(_ bytes: RawSpan, at offset: Int) -> Bool { (try? bytes.byte(at: offset)) == 0x20 }

    /// Where the method ends, when it is one of SIP's.
    private static func methodEnd(_ bytes: RawSpan) -> Int? {
        // Most payloads are told by their first byte.
        guard let first = try? bytes.byte(at: 0), (0x41...0x53).contains(first) || first == 0x55 else { return nil }
        for method in methods where bytes.starts(with: method) && isBlank(bytes, at: method.utf8CodeUnitCount) {
            return method.utf8CodeUnitCount
        }
        return nil
    }

    /// Longest method of an extension that is believed.
    private static let tokenLimit = 32

    /// Where the method ends, when it may be that of an extension: any token (section 7.1), of letters, digits and
    /// -.!%*_+`'~ (section 25.1).
    private static func tokenEnd(_ bytes: RawSpan) -> Int? {
        for index in 0...tokenLimit {
            guard let byte = try? bytes.byte(at: index) else { return nil }
            switch byte {
            case 0x20: return index > 0 ? index : nil
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: break
            case 0x2D, 0x2E, 0x21, 0x25, 0x2A, 0x5F, 0x2B, 0x60, 0x27, 0x7E: break
            default: return nil
            }
        }
        return nil
    }

    /// RFC 3261 and its extensions, IANA's list.
    private static let methods: [StaticString] = [
        "REGISTER", "INVITE", "ACK", "OPTIONS", "BYE", "CANCEL", "NOTIFY", "SUBSCRIBE", "MESSAGE", "INFO", "PRACK",
        "UPDATE", "REFER", "PUBLISH",
    ]

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard sink.connection.transport == .tcp else {
            // Between messages, clients send blank lines and STUN to keep their address translation open.
            takeFrame(payload, from: side, into: &sink)
            return .wantMore
        }
        try takeFrames(of: payload, from: side, into: &sink)
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        // What was told with a provisional response is told again only as the last, as Zeek does.
        for (index, transaction) in open.enumerated()
        where transaction.statusCode == nil || index == open.count - 1 {
            transaction.write(into: &sink)
        }
        open = []
    }

    /// Bytes of the message that begins here: headers, then as much as Content-Length says (section 18.3).
    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        let padding = Self.padding(bytes)
        if padding > 0 { return padding }
        guard bytes.byteCount < Self.tokenLimit + 1 || Self.beginning(bytes, isKnown: true) != .noMatch else {
            throw .invalid(.magic)
        }
        var (offset, body) = (0, 0)
        for _ in 0..<SIPHeaders.lineLimit {
            guard let end = bytes.firstIndex(of: 0x0A, from: offset) else { return 0 }
            let line = bytes.extracting(offset..<(offset + HTTPText.endOfLine(bytes.extracting(offset..<end))))
            offset = end + 1
            let (name, value) = SIPHeader.read(line)
            if name == .contentLength { body = Int(HTTPText.decimal(line.extracting(value)) ?? 0) }
            if line.byteCount == 0 { return offset + Swift.min(body, 1 << 30) }
        }
        throw .limit(.count)
    }

    /// Takes a whole message; anything that is none is passed over.
    mutating func takeFrame(_ whole: RawSpan, from side: Side, into sink: inout RecordSink) {
        let message = whole.extracting(droppingFirst: Self.padding(whole))
        guard Self.beginning(message, isKnown: true) == .match, let end = message.firstIndex(of: 0x0A) else { return }
        let first = message.extracting(0..<HTTPText.endOfLine(message.extracting(0..<end)))
        let isRequest = !first.starts(with: "SIP/")
        let rest = message.extracting(droppingFirst: end + 1)
        let headers = SIPHeaders(rest)
        var transaction = takeOpen(like: headers, of: rest, isRequest: isRequest) ?? SIPTransaction(time: sink.now)
        if isRequest {
            let space = first.firstIndex(of: 0x20) ?? 0
            transaction.method = HTTPText.text(first, 0..<space)
            let uri = first.extracting(space..<(first.byteCount - 8)).extracting(first: SIPTransaction.valueLimit)
            transaction.uri = SIPAddress.text(uri.extracting(HTTPText.core(uri, 0..<uri.byteCount)))
        } else {
            transaction.statusCode = HTTPText.decimal(first.extracting(8..<11))
            let reason = first.extracting(droppingFirst: 11).extracting(first: SIPTransaction.valueLimit)
            transaction.statusMessage = HTTPText.text(reason, 0..<reason.byteCount)
        }
        for (header, value) in headers.places {
            transaction.take(header, rest.extracting(value), isRequest: isRequest)
        }
        agree(rest.extracting(droppingFirst: headers.bodyStart), call: transaction.callID, from: side, into: &sink)
        if !isRequest {
            // A provisional response (section 13.3.1.1) leaves the request open.
            guard let code = transaction.statusCode, code < 200, transaction.method != nil else {
                return transaction.write(into: &sink)
            }
            transaction.provisionalCount += 1
            if transaction.provisionalCount <= Self.provisionalLimit { transaction.write(into: &sink) }
        }
        transaction.weigh()
        open.append(transaction)
        while open.count > 1, open.count > Self.openLimit || heldBytes - streams.heldBytes > Self.openLimitBytes {
            let oldest = open.removeFirst()
            if oldest.statusCode == nil { oldest.write(into: &sink) }
        }
    }

    /// Takes the open request that a message with these headers repeats, answers or follows up, if there is one.
    private mutating func takeOpen(
        like headers: SIPHeaders, of bytes: RawSpan, isRequest: Bool
    ) -> SIPTransaction? {
        guard let last = open.indices.last else { return nil }
        // A message without its identity can only be told with what came before it.
        var message = SIPTransaction(time: open[last].time)
        for (header, value) in headers.places where header == .callID || header == .sequence {
            message.take(header, bytes.extracting(value), isRequest: isRequest)
        }
        guard message.isIdentified else { return open.remove(at: last) }
        if let index = open.lastIndex(where: { $0.isSame(as: message) }) { return open.remove(at: index) }
        return isRequest && open[last].method == "ACK" ? open.remove(at: last) : nil
    }

    /// Remembers what a session description (RFC 3264) asks for: its sender wants media there, behind address
    /// translation at the address that its messages come from.
    private func agree(_ body: RawSpan, call: String?, from side: Side, into sink: inout RecordSink) {
        guard body.starts(with: "v=0") else { return }
        let sender = side == .originator ? sink.connection.originator : sink.connection.responder
        for medium in SessionDescription.media(in: body) {
            let agreement = MediaAgreements.Agreement(formats: medium.formats, call: call)
            sink.memories.media.agree(agreement, for: .init(address: sender, port: medium.port))
            if let address = medium.address, address != sender {
                sink.memories.media.agree(agreement, for: .init(address: address, port: medium.port))
            }
        }
    }
}
