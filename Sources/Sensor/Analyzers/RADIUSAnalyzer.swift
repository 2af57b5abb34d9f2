internal import Shared

/// RADIUS authentication (RFC 2865) and accounting (RFC 2866): a request and its answer make a record. Passwords are
/// passed over.
struct RADIUSAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "radius"
    static let transports: Transports = .udp

    private static let headerLength = 20

    /// What an answer names: authentications and accounting number their requests apart.
    private struct Key: Hashable {
        let id: UInt8
        let isAccounting: Bool
    }

    private struct Exchange: Weighed, Sendable {
        var id: UInt8
        /// The request's (RFC 2865 section 3): one that is sent again has the same, another with the number has not.
        var authenticator: [2 of UInt64] = [0, 0]
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

        var key: Key { Key(id: id, isAccounting: accounting != nil) }

        /// Whether the request is the one that waits, sent again.
        func isRepeated(by request: Exchange) -> Bool {
            id == request.id && authenticator[0] == request.authenticator[0]
                && authenticator[1] == request.authenticator[1]
        }

        /// Whether the request goes on with it: one access server has the logins of many users open on one port.
        func isContinued(by request: Exchange) -> Bool {
            if state != nil || request.state != nil { return state == request.state }
            return username == request.username
        }
    }

    /// What tells an answer that is sent again, and a request that a client sends again because it did not get it.
    private struct Answer: Sendable {
        /// The beginning of its authenticator.
        let mark: UInt64
        let time: Timestamp
        /// The beginning of the request's authenticator, 0 where the request was not seen, and of its user a hash.
        var request: UInt64 = 0
        var user = 0
    }

    /// Numbers of questions whether the server is alive (Status-Server, RFC 5997): their answers look like those of
    /// logins.
    private var aliveIDs: Set<UInt8> = []
    /// The last answer to each number.
    private var answers: [Key: Answer] = [:]
    /// Clients give up by then (RFC 5080 section 2.2.1).
    private static let repetitionTime = Interval.seconds(30)
    /// Requests that wait for their answer; an identifier has eight bits.
    private var waiting = PendingTable<Key, Exchange>(limits: PendingLimits(count: 512))
    /// Logins of which the server wants more before it decides (Access-Challenge): a later request goes on with them.
    private var challenged = PendingQueue<Exchange>(limits: PendingLimits(count: 256))

    init() {}

    var heldBytes: Int {
        waiting.heldBytes + challenged.heldBytes + PendingLimits.counted(answers.count * MemoryLayout<Answer>.stride)
    }

    /// A code, a length that is the datagram's, and attributes that fill it exactly.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let code = try? payload.byte(at: 0), codes.contains(code),
            let length = try? Int(payload.readBE(at: 2, as: UInt16.self)), length >= headerLength,
            isPadding(payload, from: length)
        else { return .noMatch }
        var offset = headerLength
        while offset < length {
            guard let size = try? payload.byte(at: offset + 1), size >= 2 else { return .noMatch }
            offset += Int(size)
        }
        return offset == length ? .match : .noMatch
    }

    /// Access, accounting and the server's state, and what servers ask for themselves: to end a session or to change
    /// it (RFC 5176 section 2.3), which is named and not told.
    private static let codes: [UInt8] = [1, 2, 3, 4, 5, 11, 12, 13, 40, 41, 42, 43, 44, 45]
    /// Bytes behind a message that are believed to be none of it.
    private static let paddingLimit = 64

    /// Whether nothing or padding (RFC 2865 section 3) is behind a message; of zeros, as no message has.
    private static func isPadding(_ payload: RawSpan, from length: Int) -> Bool {
        guard (length...(length + paddingLimit)).contains(payload.byteCount) else { return false }
        for offset in length..<payload.byteCount where (try? payload.byte(at: offset)) != 0 { return false }
        return true
    }

    mutating func consume(
        _ datagram: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard datagram.byteCount >= Self.headerLength else { return .wantMore }
        // Behind the message is padding (RFC 2865 section 3).
        let payload = datagram.extracting(first: Int(try datagram.readBE(at: 2, as: UInt16.self)))
        guard payload.byteCount >= Self.headerLength else { return .wantMore }
        let id = try payload.byte(at: 1)
        switch try payload.byte(at: 0) {
        case 1, 4: try takeRequest(payload, id, isAccounting: try payload.byte(at: 0) == 4, into: &sink)
        case 2, 3, 5, 11: try takeAnswer(payload, try payload.byte(at: 0), id, into: &sink)
        case 12:
            for isAccounting in [false, true] { giveUp(Key(id: id, isAccounting: isAccounting), into: &sink) }
            aliveIDs.insert(id)
        default: break
        }
        return .wantMore
    }

    /// A request to let somebody in, or of RFC 2866 section 4.1.
    private mutating func takeRequest(
        _ payload: RawSpan, _ id: UInt8, isAccounting: Bool, into sink: inout RecordSink
    ) throws(DecodeError) {
        aliveIDs.remove(id)
        var request = Exchange(id: id, start: sink.now)
        request.authenticator = try Self.authenticator(payload)
        if isAccounting { request.accounting = RADIUSAccounting() }
        // One that is not answered is sent again.
        if waiting[request.key]?.isRepeated(by: request) == true { return }
        if !isAccounting, challenged.elements.contains(where: { $0.isRepeated(by: request) }) { return }
        giveUp(request.key, into: &sink)
        Self.read(payload, into: &request)
        if let answer = answers[request.key], answer.request != 0, answer.request == request.authenticator[0],
            answer.user == request.username.hashValue, sink.now - answer.time < Self.repetitionTime
        {
            return
        }
        if !isAccounting, let index = challenged.firstIndex(where: { $0.isContinued(by: request) }) {
            var exchange = challenged.remove(at: index)
            (exchange.id, exchange.authenticator) = (id, request.authenticator)
            Self.read(payload, into: &exchange)
            request = exchange
        }
        if waiting.isFull { tellWaiting(into: &sink) }
        waiting.insert(request, for: request.key)
    }

    /// An answer to a request, or that it was noted (RFC 2866 section 4.2).
    private mutating func takeAnswer(
        _ payload: RawSpan, _ code: UInt8, _ id: UInt8, into sink: inout RecordSink
    ) throws(DecodeError) {
        // That of a server that is alive says nothing of a login.
        if aliveIDs.contains(id) { return }
        let key = Key(id: id, isAccounting: code == 5)
        let mark = try Self.authenticator(payload)[0]
        // Some servers send none.
        if answers[key]?.mark == mark, mark != 0 || waiting[key] == nil { return }
        let known = waiting.remove(key)
        answers[key] = Answer(
            mark: mark, time: sink.now, request: known?.authenticator[0] ?? 0, user: known?.username.hashValue ?? 0)
        if known == nil, key.isAccounting { return }
        var exchange = known ?? Exchange(id: id, start: sink.now)
        exchange.answer = sink.now
        if key.isAccounting { return write(exchange, into: &sink) }
        Self.read(payload, into: &exchange)
        switch code {
        case 2: exchange.result = "success"
        case 3: exchange.result = "failed"
        default:
            var challenge = Exchange(id: id, start: sink.now)
            Self.read(payload, into: &challenge)
            exchange.state = challenge.state
            challenged.append(exchange)
            while let oldest = challenged.removeExcess() { write(oldest, into: &sink) }
            return
        }
        write(exchange, into: &sink)
    }

    /// The number of a request that waits is another's now: the answer to it was not seen.
    private mutating func giveUp(_ key: Key, into sink: inout RecordSink) {
        if let old = waiting.remove(key) { write(old, into: &sink) }
    }

    private mutating func tellWaiting(into sink: inout RecordSink) {
        let rest = waiting.elements.values.sorted { ($0.start, $0.id) < ($1.start, $1.id) }
        waiting.removeAll()
        for exchange in rest { write(exchange, into: &sink) }
    }

    private static func authenticator(_ payload: RawSpan) throws(DecodeError) -> [2 of UInt64] {
        [try payload.readBE(at: 4), try payload.readBE(at: 12)]
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
        // A telephone's number has a plus in front, which a number may have too.
        guard digits.count == 12, digits.first != 0x2B,
            let bits = UInt64(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return text }
        return MACAddress(bits: bits).description
    }

    mutating func finish(into sink: inout RecordSink) {
        tellWaiting(into: &sink)
        for exchange in challenged.removeAll() { write(exchange, into: &sink) }
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
