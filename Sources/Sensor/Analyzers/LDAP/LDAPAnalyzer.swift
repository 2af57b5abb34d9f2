internal import Shared

/// LDAP (RFC 4511) over TCP and UDP: operations with their results; authentication of NTLM and Kerberos; messages
/// that SASL signs but does not encrypt.
struct LDAPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "ldap"
    static var transports: Transports { [.tcp, .udp] }
    private var buffers = PerSide(originator: StreamBuffer(), responder: StreamBuffer())
    private var rests = PerSide(originator: LDAPRest(), responder: LDAPRest())
    /// Bytes of a side were lost: its next message mostly begins with a segment.
    private var isLost = PerSide(originator: false, responder: false)
    private var hasBegun = PerSide(originator: false, responder: false)
    private var pending = PendingTable<UInt64, LDAPOperation>(limits: PendingLimits(count: Self.pendingLimit))
    /// Requests that the client gave up, the latest last: what of their answers was under way is told with none.
    private var abandoned: [UInt64] = []
    private var security = SecurityExchange()
    /// The bind's tokens are those of GSS-API or NTLM, and not of a method such as DIGEST-MD5.
    private var hasSecurityTokens = true
    /// Number of the last bind that was seen: the answer to another says nothing of its tokens.
    private var bindID: UInt64?
    /// Some answers were not seen.
    private var answersMayLack = false

    /// Bytes of one message that is put together; of a longer one, what it begins with is told.
    private static let messageLimit = 1_048_576
    /// Bytes that wait: a message, and what came with its end.
    private static let bufferLimit = 2 * messageLimit
    /// Bytes of a segment behind which a message may go on: with IPv6 and tunnels there is room for 1,200.
    private static let fullSegment = 1200
    /// Requests that wait for a result.
    private static let pendingLimit = 256
    private static let abandonedLimit = 32

    init() {}

    var heldBytes: Int { buffers.heldBytes + pending.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let first = try? payload.byte(at: 0) else { return .needMore }
        guard first == DERTag.sequence else { return probeWrapped(payload, from: side) }
        guard let length = try? payload.byte(at: 1) else { return .needMore }
        guard length <= 0x84 else { return .noMatch }
        let number = length < 0x80 ? 2 : 2 + Int(length & 0x7F)
        guard let tag = try? payload.byte(at: number), let size = try? payload.byte(at: number + 1) else {
            return .needMore
        }
        guard tag == DERTag.integer, (1...5).contains(size) else { return .noMatch }
        guard let operation = try? payload.byte(at: number + 2 + Int(size)) else { return .needMore }
        return operations.contains(operation) ? .match : .noMatch
    }

    /// Behind a bind that was not seen, messages of Active Directory stand in a SASL layer that signs or encrypts them.
    private static func probeWrapped(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let number: UInt32 = try? payload.readBE(at: 0), number <= SASLWrapping.longest else { return .noMatch }
        let length = Int(number)
        let wrapped = payload.extracting(droppingFirst: 4)
        guard length == wrapped.byteCount || length > wrapped.byteCount && payload.byteCount >= fullSegment else {
            return .noMatch
        }
        guard SASLWrapping.isToken(wrapped) else { return .noMatch }
        // Others put four bytes in front of a sealed token as well; Windows' are rotated (RFC 4121 section 4.2.5).
        if SASLWrapping.isOpaque(wrapped) {
            return (try? wrapped.readBE(at: 6, as: UInt16.self)).map { $0 != 0 } ?? false ? .match : .noMatch
        }
        guard let content = SASLWrapping.content(wrapped, of: length), content.lowerBound < wrapped.byteCount,
            (try? wrapped.byte(at: content.lowerBound)) == DERTag.sequence
        else { return .noMatch }
        return probe(wrapped.extracting(droppingFirst: content.lowerBound), from: side)
    }

    /// Whether what a side is seen to begin with is the rest of a message whose beginning was not seen.
    private static func isRest(_ payload: RawSpan) -> Bool {
        guard let length: UInt32 = try? payload.readBE(at: 0), let mark: UInt16 = try? payload.readBE(at: 4),
            length >> 24 != UInt32(DERTag.sequence)
        else { return false }
        return length > SASLWrapping.longest || mark != 0x0504 && mark != 0x0100
    }

    /// Identifier octets of protocolOp (section 4.2 and later).
    private static let operations: Set<UInt8> = [
        0x60, 0x61, 0x42, 0x63, 0x64, 0x65, 0x73, 0x66, 0x67, 0x68, 0x69, 0x4A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F,
        0x50, 0x77, 0x78, 0x79,
    ]

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if sink.connection.transport == .udp {
            // A datagram stands alone.
            buffers[side].removeAll()
            rests[side] = LDAPRest()
        }
        let passed = pass(payload.byteCount, of: side, into: &sink)
        if passed > 0, passed == payload.byteCount { return .wantMore }
        if !hasBegun[side] {
            hasBegun[side] = true
            isLost[side] = isLost[side] || Self.isRest(payload)
        }
        if isLost[side] {
            if side == .originator, TLSAnalyzer.begins(payload) {
                // That it was asked for was not seen.
                sink.unreadByteCount = payload.byteCount
                return .handOver
            }
            guard Self.probe(payload, from: side) == .match else { return .wantMore }
            isLost[side] = false
        }
        if side == .originator, TLSAnalyzer.begins(payload), pending.elements.values.contains(where: \.startsTLS) {
            // That the server agreed was not seen.
            sink.unreadByteCount = payload.byteCount
            return .handOver
        }
        try buffers[side].append(payload.extracting(droppingFirst: passed), limit: Self.bufferLimit)
        while let messages = try nextMessages(of: side) {
            if try take(messages.bytes, isWrapped: messages.isWrapped, into: &sink) { return .handOver }
        }
        try skip(from: side, into: &sink)
        if sink.isCut { tellBeginning(of: side, into: &sink) }
        return .wantMore
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard pass(byteCount, of: side, into: &sink) < byteCount else { return .wantMore }
        tellBeginning(of: side, into: &sink)
        isLost[side] = true
        if side == .responder { answersMayLack = true }
        return .wantMore
    }

    /// Takes what is there of a message whose end was lost, is not in the capture, or is not waited for.
    private mutating func tellBeginning(of side: Side, into sink: inout RecordSink) {
        guard !buffers[side].isEmpty else { return }
        var bytes = buffers[side].takeAll()
        if bytes.first != DERTag.sequence { bytes = SASLWrapping.beginning(bytes.dropFirst(4)) }
        var outer = DERReader(bytes)
        // In one of the SASL layer, whole ones may stand before it.
        while outer.nextTag == DERTag.sequence, let message = try? outer.next().whole {
            _ = try? take(message, into: &sink)
        }
        guard var parts = try? outer.nextBeginning().children, let id = try? parts.next(DERTag.integer).integer,
            let element = try? parts.nextBeginning()
        else { return }
        takeBeginning(element, UInt64(clamping: id), into: &sink)
    }

    private mutating func takeBeginning(_ element: DERElement, _ id: UInt64, into sink: inout RecordSink) {
        switch element.tag {
        case 0x64: countEntry(of: id, into: &sink)
        case 0x61, 0x65, 0x67, 0x69, 0x6B, 0x6D, 0x6F: _ = try? result(element, id, into: &sink)
        case 0x78 where pending[id]?.startsTLS == false: _ = try? result(element, id, into: &sink)
        default:
            // A name that is cut is another's.
            guard element.isConstructed,
                let operation = LDAPOperation(beginning: element, messageID: id, at: sink.now)
            else { return }
            take(operation, element, id, into: &sink)
        }
    }

    /// Passes over bytes of a message of which nothing is told.
    /// - Returns: how many belong to it.
    private mutating func pass(_ byteCount: Int, of side: Side, into sink: inout RecordSink) -> Int {
        let passed = Swift.min(rests[side].byteCount, byteCount)
        guard passed > 0 else { return 0 }
        rests[side].byteCount -= passed
        if rests[side].byteCount == 0, let search = rests[side].search { countEntry(of: search, into: &sink) }
        return passed
    }

    private mutating func countEntry(of messageID: UInt64, into sink: inout RecordSink) {
        if pending[messageID] == nil, !abandoned.contains(messageID),
            let search = LDAPOperation(answered: 0x64, messageID: messageID, at: sink.now)
        {
            wait(for: search, into: &sink)
        }
        pending[messageID]?.search?.resultCount += 1
    }

    /// Passes over what need not be put together.
    private mutating func skip(from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        let rest = try buffers[side].withSpan { bytes throws(DecodeError) -> LDAPRest in
            LDAPRest(of: bytes, limit: Self.messageLimit)
        }
        guard rest.byteCount > 0 else { return }
        rests[side] = rest
        if rest.isTold { tellBeginning(of: side, into: &sink) }
        buffers[side].removeAll()
    }

    /// The next whole message, or those that one of the SASL layer holds, taken out of what waits; empty when they are
    /// encrypted.
    private mutating func nextMessages(
        of side: Side
    ) throws(DecodeError) -> (bytes: ArraySlice<UInt8>, isWrapped: Bool)? {
        let frame = try buffers[side].withSpan { bytes throws(DecodeError) in try Self.frame(of: bytes) }
        guard let frame else { return nil }
        let taken = buffers[side].take(frame.head + frame.content)
        return (frame.isWrapped ? SASLWrapping.content(taken.dropFirst(frame.head)) : taken, frame.isWrapped)
    }

    /// Bytes of the message that begins here, and of the SASL layer's head in front of it; nil until it is whole.
    private static func frame(
        of bytes: RawSpan
    ) throws(DecodeError) -> (head: Int, content: Int, isWrapped: Bool)? {
        guard bytes.byteCount > 0 else { return nil }
        if try bytes.byte(at: 0) == DERTag.sequence {
            do throws(DecodeError) {
                let message = try DERHead(bytes)
                guard message.contentCount <= LDAPRest.longest else { throw .invalid(.length) }
                guard message.contentCount <= bytes.byteCount - message.count else { return nil }
                return (message.count, message.contentCount, false)
            } catch {
                if case .truncated = error { return nil }
                throw error
            }
        }
        // A SASL security layer (RFC 4422 section 3.7): four bytes of length.
        guard bytes.byteCount >= 4 else { return nil }
        let length = Int(try bytes.readBE(at: 0) as UInt32)
        let isLong = length > Self.messageLimit - 4
        guard length > 0, !isLong || SASLWrapping.mayBegin(bytes.extracting(droppingFirst: 4), of: length) else {
            throw .invalid(.length)
        }
        return length <= bytes.byteCount - 4 ? (4, length, true) : nil
    }

    /// Takes messages that came together: a server puts the entries of a search and its result into one of the SASL
    /// layer. What cannot be read in there leaves those behind it, for the layer's framing goes on.
    /// - Returns: true when TLS begins.
    private mutating func take(
        _ messages: ArraySlice<UInt8>, isWrapped: Bool, into sink: inout RecordSink
    ) throws(DecodeError) -> Bool {
        var reader = DERReader(messages)
        while reader.nextTag == DERTag.sequence {
            do throws(DecodeError) {
                if try take(try reader.next().whole, into: &sink) { return true }
            } catch {
                if isWrapped { return false }
                throw error
            }
        }
        return false
    }

    /// - Returns: true when TLS begins.
    private mutating func take(
        _ message: ArraySlice<UInt8>, into sink: inout RecordSink
    ) throws(DecodeError) -> Bool {
        guard message.first == DERTag.sequence else { return false }
        var outer = DERReader(message)
        var parts = try outer.next().children
        let id = UInt64(clamping: try parts.next(DERTag.integer).integer ?? 0)
        let element = try parts.next()
        switch element.tag {
        case 0x64: countEntry(of: id, into: &sink)
        case 0x61, 0x65, 0x67, 0x69, 0x6B, 0x6D, 0x6F, 0x78: return try result(element, id, into: &sink)
        default: try request(element, id, into: &sink)
        }
        return false
    }

    private mutating func request(
        _ element: DERElement, _ id: UInt64, into sink: inout RecordSink
    ) throws(DecodeError) {
        guard let operation = try LDAPOperation(element, messageID: id, at: sink.now) else { return }
        if element.tag == 0x50 { abandon(element, into: &sink) }
        take(operation, element, id, into: &sink)
    }

    /// AbandonRequest (section 4.11): the request that it names gets no result. A login cannot be abandoned.
    private mutating func abandon(_ element: DERElement, into sink: inout RecordSink) {
        guard let number = element.integer, let operation = pending[UInt64(clamping: number)], !operation.isBind,
            !operation.startsTLS
        else { return }
        _ = pending.remove(operation.messageID)
        operation.write(result: nil, diagnostic: nil, into: &sink)
        if abandoned.count >= Self.abandonedLimit { abandoned.removeFirst() }
        abandoned.append(operation.messageID)
    }

    private mutating func take(
        _ operation: LDAPOperation, _ element: DERElement, _ id: UInt64, into sink: inout RecordSink
    ) {
        if element.tag == 0x60 {
            if let bindID, pending[bindID] != nil { security.outcome(success: nil, into: &sink) }
            bindID = id
            bindToken(element, into: &sink)
        }
        if operation.isUnanswered { return operation.write(result: nil, diagnostic: nil, into: &sink) }
        wait(for: operation, into: &sink)
    }

    private mutating func wait(for operation: LDAPOperation, into sink: inout RecordSink) {
        if let earlier = pending.remove(operation.messageID) {
            // Over UDP, a question that is not answered is asked again.
            let isRepeated = sink.connection.transport == .udp && operation.asksSame(as: earlier)
            if !isRepeated { earlier.write(result: nil, diagnostic: nil, into: &sink) }
            // A number that is used again, when the answer to what had it before was not seen. Else nobody can tell
            // which of two logins is answered.
            if operation.isBind, !answersMayLack, sink.connection.transport == .tcp {
                return operation.write(result: nil, diagnostic: nil, into: &sink)
            }
        }
        if pending.isFull { tellPending(into: &sink) }
        pending.insert(operation, for: operation.messageID)
    }

    /// The credentials of a SASL or Sicily bind.
    private mutating func bindToken(_ element: DERElement, into sink: inout RecordSink) {
        var parts = element.children
        guard (try? parts.next()) != nil, (try? parts.next()) != nil, let choice = try? parts.next() else { return }
        guard choice.tag == 0xA3 else {
            if choice.tag != 0x80 { security.token(choice.content, into: &sink) }
            return
        }
        var fields = choice.children
        guard let mechanism = try? fields.next().text.uppercased() else { return }
        hasSecurityTokens = mechanism.hasPrefix("GSS") || mechanism.hasPrefix("GS2") || mechanism.contains("NTLM")
        guard hasSecurityTokens, let credentials = try? fields.next() else { return }
        security.token(credentials.content, into: &sink)
    }

    /// LDAPResult (section 4.1.9).
    private mutating func result(
        _ element: DERElement, _ id: UInt64, into sink: inout RecordSink
    ) throws(DecodeError) -> Bool {
        var parts = element.children
        let code = try parts.next(DERTag.enumerated).integer ?? -1
        let matched = try parts.next().content
        let diagnostic = Self.diagnostic(try parts.next().content)
        if element.tag == 0x61, bindID == nil || bindID == id {
            // A Sicily bind has its challenge where the name of an entry would stand (MS-ADTS 5.1.1.1.3).
            if NTLMExchange.isToken(matched) { security.token(matched, into: &sink) }
            while let part = try? parts.next() {
                if part.tag == 0x87, hasSecurityTokens { security.token(part.content, into: &sink) }
            }
            // 14: the exchange goes on.
            if code != 14 { security.outcome(success: code == 0, into: &sink) }
        }
        var requested = pending.remove(id)
        if requested == nil, !abandoned.contains(id) {
            requested = LDAPOperation(answered: element.tag, messageID: id, at: sink.now)
        }
        guard let operation = requested else { return false }
        operation.write(result: code, diagnostic: diagnostic, into: &sink)
        return operation.startsTLS && code == 0
    }

    /// A text as Zeek shows it: Active Directory's have line ends inside and a zero byte at the end.
    private static func diagnostic(_ text: ArraySlice<UInt8>) -> String {
        text.prefix(WireText.limit).map { (0x20...0x7E).contains($0) ? $0 : 0x3F }[...].wireText
    }

    private mutating func tellPending(into sink: inout RecordSink) {
        for id in pending.elements.keys.sorted() { pending[id]?.write(result: nil, diagnostic: nil, into: &sink) }
        pending.removeAll()
    }

    mutating func finish(into sink: inout RecordSink) {
        tellPending(into: &sink)
        security.finish(into: &sink)
    }
}
