internal import Shared

/// A conversation of DCE/RPC (C706, MS-RPCE) over a TCP connection or a named pipe: which interface each context
/// means, which calls wait for their reply, and the authentication in the trailers.
struct DCERPCConversation {
    private var streams = PerSide(originator: DCERPCStream(), responder: DCERPCStream())
    var heldBytes: Int { streams.heldBytes + contexts.heldBytes }
    private var contexts = DCERPCContexts()
    private var calls: [UInt32: Call] = [:]
    private var security = SecurityExchange()
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
        let interface: RPCInterfaces.Interface
        let operation: UInt16
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
        while try streams[side].next(payload, at: &offset) {
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
            // NTLM's third message gets no answer of its own (MS-RPCE 3.3.1.5.2.2): whom the server answers, it took.
            security.outcome(success: true, into: &sink)
            reply(pdu, into: &sink)
        // A fault tells nothing of the authentication: who may not call gets the same as who is not known.
        case 3:
            let id = DCERPCHeader.number32(pdu, at: 12)
            if calls[id] == nil { contexts.refuse(callID: id) }
            reply(pdu, into: &sink)
        case 11, 14:
            try contexts.offer(pdu)
            trailer(pdu, into: &sink)
        case 12, 15:
            try acknowledge(pdu)
            trailer(pdu, into: &sink)
        case 13:
            contexts.refuse(callID: DCERPCHeader.number32(pdu, at: 12))
            security.outcome(success: false, into: &sink)
        case 16: trailer(pdu, into: &sink)
        default: break
        }
    }

    private mutating func request(_ pdu: [UInt8], into sink: inout RecordSink) {
        let isFirstFragment = pdu[3] & 1 != 0
        let context = UInt16(truncatingIfNeeded: DCERPCHeader.number16(pdu, at: 20))
        guard isFirstFragment, pdu.count >= 24, let interface = interface(of: context) else { return }
        if calls.count >= Self.callLimit { tellCalls(into: &sink) }
        let operation = UInt16(truncatingIfNeeded: DCERPCHeader.number16(pdu, at: 22))
        calls[DCERPCHeader.number32(pdu, at: 12)] = Call(time: sink.now, interface: interface, operation: operation)
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
        let record = Records.dceRpc
        sink.begin(record, at: call.time)
        sink.batch.set(record.rtt, roundTrip)
        sink.batch.set(record.namedPipe, secondaryAddress ?? pipeName)
        sink.batch.set(record.endpoint, call.interface.name)
        sink.batch.set(record.operation, call.interface.operation(call.operation))
        sink.end()
    }

    /// bind_ack and alter_context_resp: which contexts are accepted. The former has the address that was bound, with a
    /// zero byte at its end.
    private mutating func acknowledge(_ pdu: [UInt8]) throws(DecodeError) {
        contexts.answer(pdu)
        guard pdu[2] == 12 else { return }
        let length = DCERPCHeader.number16(pdu, at: 24)
        var reader = ByteReader(pdu.dropFirst(26))
        let address = try reader.take(length).prefix { $0 != 0 }
        if !address.isEmpty { secondaryAddress = address.wireText }
    }

    /// Authentication at the end of a PDU (MS-RPCE 2.2.2.11): eight bytes of head, then the token.
    private mutating func trailer(_ pdu: [UInt8], into sink: inout RecordSink) {
        let length = DCERPCHeader.number16(pdu, at: 10)
        guard length > 0, length + 8 + DCERPCStream.headerLength <= pdu.count else { return }
        security.token(pdu.suffix(length), into: &sink)
    }
}
