internal import Shared

/// A conversation of DCE/RPC (C706, MS-RPCE) over a TCP connection or a named pipe: which interface each context
/// means, which calls wait for their reply, and the authentication in the trailers.
struct DCERPCConversation {
    private var streams = PerSide(originator: DCERPCStream(), responder: DCERPCStream())
    var heldBytes: Int { streams.heldBytes + contexts.heldBytes }
    private var contexts = DCERPCContexts()
    private var calls: [UInt32: Call] = [:]
    private var security = SecurityExchange()
    /// The login that no answer has judged yet.
    private var login: Login?
    /// Tokens that the client has sent.
    private var tokenCount: UInt32 = 0
    /// Where the tokens of the first login belong to, and whether others belong elsewhere.
    private var firstSecurityContext: UInt32?
    private var hasSeveralLogins = false
    /// Pipe or port that the server names in its answer to the bind.
    private var secondaryAddress: String?
    /// Name to tell where the bind was not seen.
    private let pipeName: String?
    /// What the pipe is known for, once it was asked for.
    private var pipeInterface: RPCInterfaces.Interface?
    private var isPipeLookedUp = false

    /// A call that waits for its reply.
    private struct Call: Sendable {
        let time: Timestamp
        /// nil where it is not known.
        let interface: RPCInterfaces.Interface?
        let operation: UInt16
        /// Tokens that were sent before it.
        let tokenCount: UInt32
    }

    /// What the client's last token was sent for.
    private struct Login: Sendable {
        /// `auth_context_id`: several logins may share a connection (MS-RPCE 2.2.2.11).
        let securityContext: UInt32
        /// The bind or alter_context with the token, until it is answered; rpc_auth_3 gets no answer.
        var callID: UInt32?
    }

    /// Open calls that are remembered; Windows overlaps a few.
    private static let callLimit = 256

    init(pipeName: String? = nil) { self.pipeName = pipeName }

    /// Takes the next bytes of one side.
    /// - Throws: ``DecodeError`` when they are no PDUs.
    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        var offset = 0
        // Where several have logged in, the end of an answer says whose call it answers.
        while try streams[side].next(payload, at: &offset, isWhole: login != nil && hasSeveralLogins) {
            try take(streams[side].pdu, into: &sink)
            streams[side].consume()
        }
    }

    /// Passes over lost bytes. Of a bind that is cut, the first interfaces may be there.
    /// - Returns: false when the next PDU of this side is to be found again.
    mutating func lose(_ byteCount: Int, from side: Side) -> Bool {
        let pdu = streams[side].pdu
        if pdu.count > 24, pdu[2] == 11 || pdu[2] == 14 { try? contexts.offer(pdu) }
        return streams[side].lose(byteCount)
    }

    /// The end: calls without a reply are told too, without a round-trip time.
    mutating func finish(into sink: inout RecordSink) {
        tellCalls(into: &sink)
        security.finish(into: &sink)
    }

    private mutating func tellCalls(into sink: inout RecordSink) {
        for id in calls.keys.sorted() {
            if let call = calls.removeValue(forKey: id) { write(call, roundTrip: nil, into: &sink) }
        }
    }

    private mutating func take(_ pdu: [UInt8], into sink: inout RecordSink) throws(DecodeError) {
        switch pdu[2] {
        case 0: request(pdu, into: &sink)
        case 2:
            judge(pdu, into: &sink)
            reply(pdu, into: &sink)
        case 3:
            refuse(pdu, into: &sink)
            reply(pdu, into: &sink)
        case 11, 14:
            try contexts.offer(pdu)
            token(pdu, into: &sink)
        case 12, 15:
            try acknowledge(pdu)
            if let token = Self.token(pdu) { security.answer(token, into: &sink) }
        case 13:
            contexts.refuse(callID: DCERPCHeader.number32(pdu, at: 12))
            login = nil
            security.outcome(success: false, into: &sink)
        case 16: token(pdu, into: &sink)
        default: break
        }
    }

    // MARK: Calls

    private mutating func request(_ pdu: [UInt8], into sink: inout RecordSink) {
        let isFirstFragment = pdu[3] & 1 != 0
        guard isFirstFragment, pdu.count >= 24 else { return }
        if calls.count >= Self.callLimit { tellCalls(into: &sink) }
        let context = UInt16(truncatingIfNeeded: DCERPCHeader.number16(pdu, at: 20))
        let call = Call(
            time: sink.now, interface: interface(of: context),
            operation: UInt16(truncatingIfNeeded: DCERPCHeader.number16(pdu, at: 22)), tokenCount: tokenCount)
        // Some clients number all calls alike: where no answer is seen, each is told without one.
        let earlier = calls.updateValue(call, forKey: DCERPCHeader.number32(pdu, at: 12))
        if let earlier { write(earlier, roundTrip: nil, into: &sink) }
    }

    /// The interface that a context means; where no bind was seen, the one that its pipe is known for.
    private mutating func interface(of context: UInt16) -> RPCInterfaces.Interface? {
        guard contexts.isEmpty else { return contexts[context] }
        if !isPipeLookedUp {
            isPipeLookedUp = true
            pipeInterface = pipeName.flatMap { RPCInterfaces.interface(ofPipe: $0) }
        }
        return pipeInterface
    }

    private mutating func reply(_ pdu: [UInt8], into sink: inout RecordSink) {
        guard let call = calls.removeValue(forKey: DCERPCHeader.number32(pdu, at: 12)) else { return }
        write(call, roundTrip: sink.now - call.time, into: &sink)
    }

    private func write(_ call: Call, roundTrip: Interval?, into sink: inout RecordSink) {
        guard let interface = call.interface else { return }
        let record = Records.dceRpc
        sink.begin(record, at: call.time)
        sink.batch.set(record.rtt, roundTrip)
        sink.batch.set(record.namedPipe, secondaryAddress ?? pipeName)
        sink.batch.set(record.endpoint, interface.name)
        sink.batch.set(record.operation, interface.operation(call.operation))
        sink.end()
    }

    /// bind_ack and alter_context_resp: which contexts are accepted. The former has the address that was bound, with a
    /// zero byte at its end.
    private mutating func acknowledge(_ pdu: [UInt8]) throws(DecodeError) {
        if login?.callID == DCERPCHeader.number32(pdu, at: 12) { login?.callID = nil }
        contexts.answer(pdu)
        guard pdu[2] == 12 else { return }
        let length = DCERPCHeader.number16(pdu, at: 24)
        var reader = ByteReader(pdu.dropFirst(26))
        let address = try reader.take(length).prefix { $0 != 0 }
        if !address.isEmpty { secondaryAddress = address.wireText }
    }

    // MARK: Authentication

    /// Takes the token of a client.
    private mutating func token(_ pdu: [UInt8], into sink: inout RecordSink) {
        guard let token = Self.token(pdu) else { return }
        let context = Self.securityContext(pdu)
        if let firstSecurityContext, firstSecurityContext != context { hasSeveralLogins = true }
        firstSecurityContext = firstSecurityContext ?? context
        tokenCount &+= 1
        login = Login(securityContext: context, callID: pdu[2] == 16 ? nil : DCERPCHeader.number32(pdu, at: 12))
        security.token(token, into: &sink)
    }

    /// NTLM's third message gets no answer of its own (MS-RPCE 3.3.1.5.2.2): whose call the server answers, it took.
    private mutating func judge(_ pdu: [UInt8], into sink: inout RecordSink) {
        guard let login, calls[DCERPCHeader.number32(pdu, at: 12)]?.tokenCount == tokenCount else { return }
        if hasSeveralLogins, Self.token(pdu) == nil || Self.securityContext(pdu) != login.securityContext { return }
        self.login = nil
        security.outcome(success: true, into: &sink)
    }

    /// A fault that answers a call tells nothing of the authentication: who may not call gets the same as who is not
    /// known. One that answers an alter_context refuses the token in it.
    private mutating func refuse(_ pdu: [UInt8], into sink: inout RecordSink) {
        let id = DCERPCHeader.number32(pdu, at: 12)
        guard calls[id] == nil else { return }
        contexts.refuse(callID: id)
        guard let login, login.callID == id else { return }
        self.login = nil
        security.outcome(success: false, into: &sink)
    }

    /// The token at the end of a PDU, behind eight bytes of head (MS-RPCE 2.2.2.11).
    private static func token(_ pdu: [UInt8]) -> ArraySlice<UInt8>? {
        let length = DCERPCHeader.number16(pdu, at: 10)
        guard length > 0, length + 8 + DCERPCStream.headerLength <= pdu.count else { return nil }
        return pdu.suffix(length)
    }

    /// The end of the head before a token; where there is none, no matter what.
    private static func securityContext(_ pdu: [UInt8]) -> UInt32 {
        DCERPCHeader.number32(pdu, at: pdu.count - DCERPCHeader.number16(pdu, at: 10) - 4)
    }
}
