internal import Shared

/// Microsoft SQL Server's Tabular Data Stream 7 and 8 ([MS-TDS]): logins, statements and procedures with their outcome.
/// TLS inside of it (section 2.2.6.5) gets its own `ssl` record. Passwords are passed over.
struct TDSAnalyzer: FramedAnalyzer, ReversibleAnalyzer {
    static let service: StaticString = "tds"

    /// Longest message that is put together of packets; of a longer one, the beginning.
    private static let messageLimit = 32_768
    /// Longest packet: section 2.2.3.1.3.
    private static let packetLimit = 32_767
    static let frameLimit = packetLimit + SMPPacket.headerLength
    /// Sessions on a connection whose messages are put together at a time.
    private static let sessionLimit = 8

    /// A message that waits for its last packet.
    private struct Message: Sendable {
        var type: UInt8 = 0
        var body: [UInt8] = []

        /// Adds what is behind the header of the next packet.
        /// - Returns: whether it was the last one.
        mutating func add(_ packet: RawSpan) throws(DecodeError) -> Bool {
            type = try packet.byte(at: 0)
            let room = Swift.max(0, messageLimit - body.count)
            packet.extracting(droppingFirst: 8).withUnsafeBytes { body.append(contentsOf: $0.prefix(room)) }
            return try packet.byte(at: 1) & 1 != 0
        }
    }

    /// By role: the client stands for the originator, though in a connection that was picked up in its middle it may be
    /// the other.
    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    private(set) var isReversed: Bool?
    private var messages = PerSide(originator: Message(), responder: Message())
    /// Those of sessions that share the connection.
    private var sessions = PerSide<[UInt16: Message]>(originator: [:], responder: [:])
    private var tls: TLSAnalyzer?
    /// A login was answered or something else asked for: TLS does not begin any more.
    private var isOpen = false
    /// The handshake was told: what is encrypted is only counted.
    private var isTLSOver = false
    private var login: TDSLogin?
    /// While it waited, something of the server was lost.
    private var answerMayBeLost = false
    private var security = SecurityExchange()
    /// A statement that was prepared may be about a password.
    private var hidesExecutions = false
    /// What was asked last is hidden: an error may repeat it. Of sessions that share the connection, any of them.
    private var hidesError = false
    /// Sessions share the connection (MARS).
    private var isShared = false

    init() {}

    var heldBytes: Int {
        streams.heldBytes + messages.originator.body.capacity + messages.responder.body.capacity
            + sessions.originator.values.reduce(0) { $0 + $1.body.capacity }
            + sessions.responder.values.reduce(0) { $0 + $1.body.capacity } + (tls?.heldBytes ?? 0)
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if isReversed == nil {
            let isAnswer = (try? payload.byte(at: 0)) == TDSMessage.response
            isReversed = side == (isAnswer ? .originator : .responder) && Self.probe(payload, from: side) == .match
        }
        try takeFrames(of: payload, from: role(of: side), into: &sink)
        return .wantMore
    }

    func beginsFrame(_ segment: RawSpan, from side: Side) -> Bool {
        Self.beginsMessage(segment, from: side) || SMPPacket.begins(segment, from: side)
    }

    /// A TDS packet, one of a session, or a record of TLS once that has begun.
    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        let type = try bytes.byte(at: 0)
        if type == SMPPacket.identifier { return try SMPPacket.length(bytes) }
        guard tls != nil, (20...23).contains(type) else {
            guard bytes.byteCount >= 4 else { return 0 }
            let length = Int(try bytes.readBE(at: 2, as: UInt16.self))
            guard TDSMessage.names[type] != nil, length >= 8, length <= Self.packetLimit else {
                throw .invalid(.length)
            }
            return length
        }
        return bytes.byteCount < 5 ? 0 : 5 + Int(try bytes.readBE(at: 3, as: UInt16.self))
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let side = role(of: side)
        if streams[side].lose(byteCount) { return .wantMore }
        // Mostly the login alone is encrypted: what is behind it is found again, and records of TLS are no messages.
        endTLS(into: &sink)
        streams[side].loseMessage()
        messages[side] = Message()
        sessions[side] = [:]
        if side == .responder { answerMayBeLost = login != nil }
        return .wantMore
    }

    /// The answer to a login was not seen: those that come belong to others.
    private mutating func giveUpLogin(into sink: inout RecordSink) {
        guard login != nil else { return }
        security.finish(into: &sink)
        settleLogin(success: nil, error: nil, into: &sink)
    }

    private mutating func settleLogin(success: Bool?, error: String?, into sink: inout RecordSink) {
        login?.write(success: success, error: error, into: &sink)
        (login, answerMayBeLost, isOpen) = (nil, false, true)
    }

    mutating func finish(into sink: inout RecordSink) {
        giveUpLogin(into: &sink)
        security.finish(into: &sink)
        endTLS(into: &sink)
    }

    private mutating func endTLS(into sink: inout RecordSink) {
        guard tls != nil, !isTLSOver else { return }
        tls?.finish(into: &sink)
        isTLSOver = true
    }

    mutating func takeFrame(_ packet: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        let type = try packet.byte(at: 0)
        if tls != nil, (20...23).contains(type) { return try encrypted(packet, from: side, into: &sink) }
        if type == SMPPacket.identifier { return try takeSession(packet, from: side, into: &sink) }
        let body = packet.extracting(droppingFirst: 8)
        if isWrapped(body, in: type, from: side) {
            if tls == nil {
                tls = TLSAnalyzer()
                sink.found(service: TLSAnalyzer.service)
            }
            return try encrypted(body, from: side, into: &sink)
        }
        var message = messages.take(side, leaving: Message())
        guard try message.add(packet) else { return messages[side] = message }
        take(message, from: side, into: &sink)
    }

    /// Takes a packet of one of several sessions, which wait for their messages' ends by themselves.
    private mutating func takeSession(
        _ packet: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        (isOpen, isShared) = (true, true)
        let inner = packet.extracting(droppingFirst: SMPPacket.headerLength)
        guard let session = SMPPacket.session(packet), inner.byteCount >= 8,
            TDSMessage.names[try inner.byte(at: 0)] != nil
        else { return }
        // Of those that could not wait the middle is no message: packets are numbered from 1.
        var message = Message()
        if let waiting = sessions[side].removeValue(forKey: session) {
            message = waiting
        } else if try inner.byte(at: 6) != 1 {
            return
        }
        if try message.add(inner) { return take(message, from: side, into: &sink) }
        if sessions[side].count < Self.sessionLimit { sessions[side][session] = message }
    }

    private mutating func take(_ message: Message, from side: Side, into sink: inout RecordSink) {
        if side == .originator {
            request(message, into: &sink)
        } else {
            response(message.body, into: &sink)
        }
    }

    /// Whether a packet carries TLS: its first begins as a record does, where a prelogin's options and the tokens of an
    /// answer have other bytes; behind it all prelogins are TLS, for a record may fill several packets. In the middle
    /// of an answer, and behind the login, rows may begin with any bytes (section 2.2.6.5).
    private func isWrapped(_ body: RawSpan, in type: UInt8, from side: Side) -> Bool {
        guard type == TDSMessage.prelogin || type == TDSMessage.response else { return false }
        if tls != nil, type == TDSMessage.prelogin { return true }
        guard !isOpen, messages[side].body.isEmpty, let first = try? body.byte(at: 0), (20...23).contains(first) else {
            return false
        }
        return (try? body.byte(at: 1)) == 3
    }

    private mutating func encrypted(_ bytes: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError)
    {
        guard !isTLSOver, var nested = tls else { return }
        if case .finished = try nested.consume(bytes, from: side, into: &sink) { isTLSOver = true }
        tls = nested
    }

    // MARK: messages

    private mutating func request(_ message: Message, into sink: inout RecordSink) {
        switch message.type {
        case TDSMessage.login:
            guard let login = try? TDSLogin(decoding: message.body, at: sink.now) else { return }
            if answerMayBeLost { giveUpLogin(into: &sink) }
            // Sent without waiting: the answer is that to the first.
            if self.login != nil { return login.write(success: nil, error: nil, into: &sink) }
            self.login = login
            if let token = login.token { security.token(token, into: &sink) }
        case TDSMessage.securityToken: security.token(message.body[...], into: &sink)
        case TDSMessage.batch:
            isOpen = true
            TDSMessage.command(message.type, into: &sink)
            let isHidden = TDSMessage.batch(message.body, into: &sink)
            hidesError = isHidden || hidesError && isShared
        case TDSMessage.call:
            isOpen = true
            TDSMessage.command(message.type, into: &sink)
            let isHidden = TDSCall.write(message.body, hidesExecutions: &hidesExecutions, into: &sink)
            hidesError = isHidden || hidesError && isShared
        case TDSMessage.prelogin:
            TDSMessage.command(message.type, encryption: TDSMessage.encryption(message.body), into: &sink)
        default: TDSMessage.command(message.type, into: &sink)
        }
    }

    private mutating func response(_ body: [UInt8], into sink: inout RecordSink) {
        // The answer to a prelogin is one in form, without tokens.
        if body.first == 0 {
            return TDSMessage.command(
                TDSMessage.response, encryption: TDSMessage.encryption(body), into: &sink)
        }
        let answer = TDSAnswer(body)
        if let token = answer.token { security.token(token, into: &sink) }
        if answer.isAccepted { isOpen = true }
        if login != nil {
            // Only a login is accepted; an error behind a loss may be about what came after it.
            if answer.isAccepted || answer.error != nil && !answerMayBeLost {
                security.outcome(success: answer.isAccepted, into: &sink)
                return settleLogin(success: answer.isAccepted, error: answer.error, into: &sink)
            }
            guard answerMayBeLost, answer.token == nil else { return }
            giveUpLogin(into: &sink)
        }
        let error = hidesError ? answer.errorNumber : answer.error
        TDSMessage.command(TDSMessage.response, success: error == nil, error: error, into: &sink)
    }
}
