internal import Shared

/// What is known of a request and its responses so far.
struct SIPTransaction: Sendable {
    /// Hops that are kept of one side; RFC 3261 section 8.1.1.6 lets a message pass 70.
    private static let pathLimit = 70
    /// Bytes of a header that are kept.
    static let valueLimit = 1024
    /// Bytes of one hop that are kept: an address and its parameters.
    private static let hopLimit = 256

    let time: Timestamp
    var method, uri, statusMessage: String?
    var statusCode: UInt64?
    /// Provisional responses so far.
    var provisionalCount = 0
    private var date, requestFrom, requestTo, responseFrom, responseTo, replyTo, sequence: String?
    private(set) var callID: String?
    private var subject, userAgent, warning, contentType: String?
    private var requestLength, responseLength: UInt64?
    private var requestPath: [String] = []
    private var responsePath: [String] = []

    init(time: Timestamp) { self.time = time }

    /// Bytes that it keeps, when it was last weighed.
    private(set) var heldBytes = 0

    /// Finds out how much it keeps.
    mutating func weigh() {
        heldBytes = MemoryLayout<Self>.size + requestPath.weight + responsePath.weight
        for text in [
            method, uri, statusMessage, date, requestFrom, requestTo, responseFrom, responseTo, replyTo, sequence,
            callID,
            subject, userAgent, warning, contentType,
        ] { heldBytes += text.weight }
    }

    /// It has what tells its transaction from others.
    var isIdentified: Bool { callID != nil && sequence != nil }

    /// Both have a call and a number in common, as a response has with its request. So has a CANCEL with its INVITE
    /// (section 9.1), and an acknowledgement: Zeek takes these together.
    func isSame(as other: SIPTransaction) -> Bool {
        guard let sequence, let otherSequence = other.sequence, callID == other.callID else { return false }
        return Self.number(sequence) == Self.number(otherSequence)
    }

    /// What is in front of the method in CSeq.
    private static func number(_ sequence: String) -> Substring { sequence.prefix { !$0.isWhitespace } }

    mutating func take(_ header: SIPHeader, _ whole: RawSpan, isRequest: Bool) {
        let value = whole.extracting(first: Self.valueLimit)
        switch header {
        case .contentLength where isRequest: requestLength = HTTPText.decimal(value)
        case .contentLength: responseLength = HTTPText.decimal(value)
        case .via:
            let hop = value.extracting(first: Self.hopLimit)
            takeHop(hop.extracting(first: Self.length(hop, before: "branch")).text(), isRequest: isRequest)
        case .from:
            let from = SIPAddress.text(value.extracting(first: Self.length(value, before: "tag=")))
            if isRequest { requestFrom = from } else { responseFrom = from }
        case .to where isRequest: requestTo = SIPAddress.text(value)
        case .to: responseTo = SIPAddress.text(value)
        // Of a response without its request, these tell which call it belongs to.
        case .callID: if isRequest || callID == nil { callID = value.text() }
        case .sequence: if isRequest || sequence == nil { sequence = value.text() }
        case .date: if isRequest { date = value.text() }
        case .subject: if isRequest { subject = value.text() }
        case .replyTo: if isRequest { replyTo = SIPAddress.text(value) }
        case .userAgent: if isRequest { userAgent = value.text() }
        case .contentType: if !isRequest { contentType = value.text() }
        case .warning: if !isRequest { warning = value.text() }
        }
    }

    private mutating func takeHop(_ hop: String, isRequest: Bool) {
        guard (isRequest ? requestPath : responsePath).count < Self.pathLimit else { return }
        if isRequest { requestPath.append(hop) } else { responsePath.append(hop) }
    }

    /// How much of the value is in front of the parameter `name`.
    private static func length(_ value: RawSpan, before name: StaticString) -> Int {
        var start = 0
        while let mark = value.firstIndex(of: 0x3B, from: start) {
            let next = (try? value.byte(at: mark + 1)) == 0x20 ? mark + 2 : mark + 1
            if HTTPText.hasPrefix(value.extracting(droppingFirst: Swift.min(next, value.byteCount)), name) {
                return mark
            }
            start = mark + 1
        }
        return value.byteCount
    }

    func write(into sink: inout RecordSink) {
        let sip = Records.sip
        sink.begin(sip, at: time)
        sink.batch.set(sip.transDepth, 0)
        sink.batch.set(sip.method, method)
        sink.batch.set(sip.uri, uri)
        sink.batch.set(sip.date, date)
        sink.batch.set(sip.requestFrom, requestFrom)
        sink.batch.set(sip.requestTo, requestTo)
        sink.batch.set(sip.responseFrom, responseFrom)
        sink.batch.set(sip.responseTo, responseTo)
        sink.batch.set(sip.replyTo, replyTo)
        sink.batch.set(sip.callId, callID)
        sink.batch.set(sip.seq, sequence)
        sink.batch.set(sip.subject, subject)
        sink.batch.set(sip.requestPath, requestPath)
        sink.batch.set(sip.responsePath, responsePath)
        sink.batch.set(sip.userAgent, userAgent)
        sink.batch.set(sip.statusCode, statusCode)
        sink.batch.set(sip.statusMsg, statusMessage)
        sink.batch.set(sip.warning, warning)
        sink.batch.set(sip.requestBodyLen, requestLength)
        sink.batch.set(sip.responseBodyLen, responseLength)
        sink.batch.set(sip.contentType, contentType)
        sink.end()
    }
}
