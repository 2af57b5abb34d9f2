internal import Shared

/// RADIUS authentication (RFC 2865) and accounting (RFC 2866): a request and its answer make a record. Passwords are
/// passed over.
struct RADIUSAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "radius"
    static let transports: Transports = .udp

    private static let headerLength = 20

    private struct Exchange: Weighed, Sendable {
        var id: UInt8
        /// The request's (RFC 2865 section 3): one that is sent again has the same, another with the number has not.
        var authenticator: [2 of UInt64] = [0, 0]
        /// The server wants more before it decides (Access-Challenge): a later request goes on with this exchange.
        var isChallenged = false
        /// What the server gave with its challenge, and the request that goes on gives back (RFC 2865 section 5.24).
        var state: [UInt8]?
        let start: Timestamp
        var answer: Timestamp?
        var username, mac, tunnelClient, connectInfo, replyMessage: String?
        var framedAddress: IPAddress?
        var result = "unknown"
        /// What is told of a session; nil for authentications.
        var accounting: RADIUSAccounting?

        var weight: Int {
            MemoryLayout<Self>.size + username.weight + mac.weight + tunnelClient.weight + connectInfo.weight
                + replyMessage.weight + (state?.count ?? 0) + (accounting?.sessionID.weight ?? 0)
        }

        /// Whether the request goes on with it: one access server has the logins of many users open on one port.
        func isContinued(by request: Exchange) -> Bool {
            guard isChallenged else { return false }
            if state != nil || request.state != nil { return state == request.state }
            return username == request.username
        }
    }

    /// Numbers of questions whether the server is alive (Status-Server, RFC 5997): their answers look like those of
    /// logins. And of answers that were told.
    private var aliveIDs: Set<UInt8> = []
    private var answeredIDs: Set<UInt8> = []
    private var hasRequests = false
    /// Requests that wait for their answer; an identifier has eight bits.
    private var pending = PendingQueue<Exchange>(limits: PendingLimits(count: 256))

    init() {}

    var heldBytes: Int { pending.heldBytes }

    /// A code, a length that is the datagram's, and attributes that fill it exactly.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let code = try? payload.byte(at: 0), [1, 2, 3, 4, 5, 11, 12, 13].contains(code),
            let length = try? payload.readBE(at: 2, as: UInt16.self), Int(length) == payload.byteCount,
            length >= headerLength
        else { return .noMatch }
        var offset = headerLength
        while offset < payload.byteCount {
            guard let size = try? payload.byte(at: offset + 1), size >= 2 else { return .noMatch }
            offset += Int(size)
        }
        return offset == payload.byteCount ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard payload.byteCount >= Self.headerLength else { return .wantMore }
        let id = try payload.byte(at: 1)
        switch try payload.byte(at: 0) {
        case 1, 4: try takeRequest(payload, id, isAccounting: try payload.byte(at: 0) == 4, into: &sink)
        case 2, 3, 5, 11: takeAnswer(payload, try payload.byte(at: 0), id, into: &sink)
        case 12:
            for isAccounting in [false, true] { giveUp(id, isAccounting: isAccounting, into: &sink) }
            aliveIDs.insert(id)
        default: break
        }
        return .wantMore
    }

    /// A request to let somebody in, or of RFC 2866 section 4.1.
    private mutating func takeRequest(
        _ payload: RawSpan, _ id: UInt8, isAccounting: Bool, into sink: inout RecordSink
    ) throws(DecodeError) {
        hasRequests = true
        aliveIDs.remove(id)
        answeredIDs.remove(id)
        var request = Exchange(id: id, start: sink.now)
        request.authenticator = try Self.authenticator(payload)
        if isAccounting { request.accounting = RADIUSAccounting() }
        Self.read(payload, into: &request)
        // One that is not answered is sent again.
        let (first, last) = (request.authenticator[0], request.authenticator[1])
        let isRepeated = pending.elements.contains {
            $0.id == id && ($0.accounting != nil) == isAccounting && $0.authenticator[0] == first
                && $0.authenticator[1] == last
        }
        if isRepeated { return }
        giveUp(id, isAccounting: isAccounting, into: &sink)
        if !isAccounting, let challenged = pending.firstIndex(where: { $0.isContinued(by: request) }) {
            pending.update(challenged) { exchange in
                (exchange.id, exchange.isChallenged) = (id, false)
                exchange.authenticator = request.authenticator
                Self.read(payload, into: &exchange)
            }
            while let oldest = pending.removeExcess() { write(oldest, into: &sink) }
            return
        }
        add(request, into: &sink)
    }

    /// An answer to a request, or that it was noted (RFC 2866 section 4.2).
    private mutating func takeAnswer(_ payload: RawSpan, _ code: UInt8, _ id: UInt8, into sink: inout RecordSink) {
        // That of a server that is alive, and one that is sent again, say nothing of a login.
        if aliveIDs.contains(id) { return }
        let isAccounting = code == 5
        let known = pending.firstIndex {
            $0.id == id && ($0.accounting != nil) == isAccounting && !$0.isChallenged
        }
        if known == nil, isAccounting || hasRequests && answeredIDs.contains(id) { return }
        answeredIDs.insert(id)
        var exchange = known.map { pending.remove(at: $0) } ?? Exchange(id: id, start: sink.now)
        exchange.answer = sink.now
        if isAccounting { return write(exchange, into: &sink) }
        Self.read(payload, into: &exchange)
        switch code {
        case 2: exchange.result = "success"
        case 3: exchange.result = "failed"
        default:
            exchange.isChallenged = true
            var challenge = Exchange(id: id, start: sink.now)
            Self.read(payload, into: &challenge)
            exchange.state = challenge.state
            return add(exchange, into: &sink)
        }
        write(exchange, into: &sink)
    }

    /// The number of a request that waits is another's now: the answer to it was not seen.
    private mutating func giveUp(_ id: UInt8, isAccounting: Bool, into sink: inout RecordSink) {
        let old = pending.firstIndex {
            $0.id == id && ($0.accounting != nil) == isAccounting && !$0.isChallenged
        }
        if let old { write(pending.remove(at: old), into: &sink) }
    }

    private static func authenticator(_ payload: RawSpan) throws(DecodeError) -> [2 of UInt64] {
        [try payload.readBE(at: 4), try payload.readBE(at: 12)]
    }

    private mutating func add(_ exchange: Exchange, into sink: inout RecordSink) {
        pending.append(exchange)
        while let oldest = pending.removeExcess() { write(oldest, into: &sink) }
    }

    /// Attributes of RFC 2865 section 5: type, length, value. Of several of a kind the first counts.
    private static func read(_ payload: RawSpan, into exchange: inout Exchange) {
        var offset = headerLength
        while let type = try? payload.byte(at: offset), let size = try? Int(payload.byte(at: offset + 1)), size >= 2,
            offset + size <= payload.byteCount
        {
            let value = payload.extracting((offset + 2)..<(offset + size))
            switch type {
            case 1: exchange.username = exchange.username ?? value.text()
            case 8:
                let address = (try? value.readBE(at: 0, as: UInt32.self)).map { IPAddress(v4: $0) }
                exchange.framedAddress = exchange.framedAddress ?? address
            case 24: exchange.state = exchange.state ?? value.withUnsafeBytes { Array($0) }
            case 18: exchange.replyMessage = exchange.replyMessage ?? value.text()
            case 31: exchange.mac = exchange.mac ?? mac(value.text())
            case 66: exchange.tunnelClient = exchange.tunnelClient ?? value.text()
            case 77: exchange.connectInfo = exchange.connectInfo ?? value.text()
            default: exchange.accounting?.take(type, value)
            }
            offset += size
        }
    }

    /// A MAC address in whatever spelling; other identifiers of callers stay as they are.
    private static func mac(_ text: String) -> String {
        let digits = text.utf8.filter { $0 != 0x2D && $0 != 0x3A && $0 != 0x2E }
        guard digits.count == 12, let bits = UInt64(String(decoding: digits, as: UTF8.self), radix: 16) else {
            return text
        }
        return MACAddress(bits: bits).description
    }

    mutating func finish(into sink: inout RecordSink) {
        for exchange in pending.removeAll() { write(exchange, into: &sink) }
    }

    private func write(_ exchange: Exchange, into sink: inout RecordSink) {
        let radius = Records.radius
        sink.begin(radius, at: exchange.start)
        sink.batch.set(radius.username, exchange.username)
        sink.batch.set(radius.mac, exchange.mac)
        sink.batch.set(radius.framedAddr, exchange.framedAddress)
        sink.batch.set(radius.tunnelClient, exchange.tunnelClient)
        sink.batch.set(radius.connectInfo, exchange.connectInfo)
        sink.batch.set(radius.replyMsg, exchange.replyMessage)
        if let accounting = exchange.accounting {
            accounting.write(into: &sink)
        } else {
            sink.batch.set(radius.result, exchange.result)
        }
        sink.batch.set(radius.ttl, exchange.answer.map { $0 - exchange.start })
        sink.end()
    }
}
