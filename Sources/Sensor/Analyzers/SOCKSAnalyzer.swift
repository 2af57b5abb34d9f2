internal import Shared

/// SOCKS 4 (with 4a) and 5 (RFC 1928): follows the request and hands over what goes through the proxy.
struct SOCKSAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "socks"

    /// Longest message of the opening: user name and password of RFC 1929.
    static let messageLimit = 1024
    /// What a client may send before the proxy has answered, for the other end: a request of HTTP, or of TLS.
    private static let earlyLimit = 16_384

    private enum Stage { case greeting, method, login, loginAnswer, request, answer }

    private var stage = Stage.greeting
    private var isVersion5 = false
    private var start: Timestamp?
    private var user: String?
    private var status: String?
    private var request: SOCKSAddress?
    private var bound: SOCKSAddress?
    private var isWritten = false
    /// None of the methods of authentication that were offered is good enough.
    private var isRefused = false
    /// More came before the proxy's answer than waits for it.
    private var isTooEarly = false
    private var buffers = PerSide(originator: StreamBuffer(), responder: StreamBuffer())

    init() {}

    var heldBytes: Int { buffers.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard side == .originator, let version = try? payload.byte(at: 0), let count = try? payload.byte(at: 1) else {
            return .noMatch
        }
        if version == 5 {
            let end = 2 + Int(count)
            guard count > 0, payload.byteCount >= end else { return .noMatch }
            let rest = payload.extracting(droppingFirst: end)
            if rest.byteCount == 0 || isRequest(rest) { return .match }
            return payload.extracting(2..<end).firstIndex(of: 2) != nil && isLogin(rest) ? .match : .noMatch
        }
        guard version == 4, count == 1 || count == 2, payload.byteCount >= 9 else { return .noMatch }
        // 4a: an address that cannot be says that a name follows.
        let hasHost = (try? payload.readBE(at: 4, as: UInt32.self)).map { $0 > 0 && $0 < 256 } ?? false
        let rest = payload.extracting(droppingFirst: 8)
        guard let end = endOfTexts(rest.extracting(first: 504), count: hasHost ? 2 : 1) else { return .noMatch }
        if end == rest.byteCount { return .match }
        return count == 1 && isEarly(rest.extracting(droppingFirst: end)) ? .match : .noMatch
    }

    /// Whether a client may have sent this for the other end with its request. What is nobody's would not do:
    /// OpenFlow's messages begin like a request of version 4.
    private static func isEarly(_ bytes: RawSpan) -> Bool {
        TLSAnalyzer.probe(bytes, from: .originator) == .match || HTTPAnalyzer.probe(bytes, from: .originator) == .match
            || SSHAnalyzer.probe(bytes, from: .originator) == .match
    }

    /// Whether a login (RFC 1929 section 2) begins here, whole, and behind it is nothing or a request.
    private static func isLogin(_ bytes: RawSpan) -> Bool {
        guard (try? bytes.byte(at: 0)) == 1, let user = try? bytes.byte(at: 1), user > 0,
            let password = try? bytes.byte(at: 2 + Int(user))
        else { return false }
        let length = 3 + Int(user) + Int(password)
        return length == bytes.byteCount || isRequest(bytes.extracting(droppingFirst: length))
    }

    /// Whether a request of version 5 begins here, whole: who needs no login may send it with the greeting.
    private static func isRequest(_ bytes: RawSpan) -> Bool {
        guard (try? bytes.byte(at: 0)) == 5, let command = try? bytes.byte(at: 1), (1...3).contains(command),
            (try? bytes.byte(at: 2)) == 0, let length = try? addressedLength(bytes)
        else { return false }
        return length > 0 && length <= bytes.byteCount
    }

    /// Where so many printable texts end, each with a zero behind, of which the second is not empty.
    private static func endOfTexts(_ bytes: RawSpan, count: Int) -> Int? {
        var (zeros, length) = (0, 0)
        for index in 0..<bytes.byteCount {
            guard let byte = try? bytes.byte(at: index), byte == 0 || (0x21..<0x7F).contains(byte) else { return nil }
            length += 1
            guard byte == 0 else { continue }
            if zeros == 1, length == 1 { return nil }
            (zeros, length) = (zeros + 1, 0)
            if zeros == count { return index + 1 }
        }
        return nil
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if start == nil { start = sink.now }
        guard try keep(payload, from: side) else { return .wantMore }
        // Each message moves the stage on; six stages are the most. What one side said too early waits for its turn.
        for _ in 0..<6 {
            let (stage, speaker) = (stage, Self.speaker(stage))
            let used = try buffers[speaker].withSpan { bytes throws(DecodeError) -> Int in
                try Self.length(bytes, stage: stage)
            }
            guard used > 0, buffers[speaker].count >= used else {
                guard buffers[speaker].count <= Self.messageLimit else { throw .limit(.length) }
                return .wantMore
            }
            let bytes = Array(buffers[speaker].bytes[buffers[speaker].start..<(buffers[speaker].start + used)])
            buffers[speaker].consume(used)
            guard try advance(bytes) else {
                if isRefused { return .finished }
                continue
            }
            write(into: &sink)
            if status == Self.succeeded(isVersion5) {
                sink.tunnel("Tunnel::SOCKS")
                sink.unreadByteCount = Swift.min(buffers[side].count, payload.byteCount)
                sink.earlyBytes = Array(buffers[side.other].takeAll())
                return .handOver
            }
            return .finished
        }
        return .wantMore
    }

    /// Keeps what came.
    /// - Returns: false when it is for the other end, and too much to wait for the proxy's answer.
    private mutating func keep(_ payload: RawSpan, from side: Side) throws(DecodeError) -> Bool {
        guard side == .originator, stage == .answer else {
            try buffers[side].append(payload, limit: Self.messageLimit + payload.byteCount)
            return true
        }
        guard !isTooEarly, payload.byteCount <= Self.earlyLimit - buffers.originator.count else {
            // The beginning alone would be taken for the whole.
            isTooEarly = true
            buffers.originator = StreamBuffer()
            return false
        }
        try buffers.originator.append(payload, limit: Self.earlyLimit)
        return true
    }

    private static func speaker(_ stage: Stage) -> Side {
        switch stage {
        case .greeting, .login, .request: .originator
        case .method, .loginAnswer, .answer: .responder
        }
    }

    mutating func finish(into sink: inout RecordSink) { write(into: &sink) }

    /// Writes the record, once, when a request was seen or a login refused.
    private mutating func write(into sink: inout RecordSink) {
        guard !isWritten, request != nil || status != nil else { return }
        isWritten = true
        let socks = Records.socks
        sink.begin(socks, at: start)
        sink.batch.set(socks.version, isVersion5 ? 5 : 4)
        sink.batch.set(socks.user, user)
        sink.batch.set(socks.status, status)
        sink.batch.set(socks.requestHost, request?.address)
        sink.batch.set(socks.requestName, request?.name)
        sink.batch.set(socks.requestPort, request?.port)
        sink.batch.set(socks.boundHost, bound?.address)
        sink.batch.set(socks.boundName, bound?.name)
        sink.batch.set(socks.boundPort, bound?.port)
        sink.end()
    }

    /// Moves on by one message.
    /// - Returns: whether the proxy has answered.
    private mutating func advance(_ message: [UInt8]) throws(DecodeError) -> Bool {
        switch stage {
        case .greeting:
            isVersion5 = message[0] == 5
            if !isVersion5 { (request, user) = try SOCKSAddress.version4Request(message) }
            stage = isVersion5 ? .method : .answer
        case .method:
            guard message[0] == 5 else { throw .invalid(.version) }
            // The proxy wants none of the methods that were offered (RFC 1928 section 3).
            if message[1] == 0xFF {
                isRefused = true
                return false
            }
            stage = message[1] == 2 ? .login : .request
        case .login:
            user = message[2..<(2 + Int(message[1]))].wireText
            stage = .loginAnswer
        case .loginAnswer:
            stage = .request
            // RFC 1929 section 2: the proxy closes. Zeek has the words of a request's answer for it.
            guard message[1] == 0 else {
                status = Self.status(message[1], isVersion5: true)
                return true
            }
        case .request:
            request = try SOCKSAddress(version5: message)
            stage = .answer
        case .answer:
            status = Self.status(message[1], isVersion5: isVersion5)
            bound = try isVersion5 ? SOCKSAddress(version5: message) : SOCKSAddress(version4: message)
            return true
        }
        return false
    }

    private static func succeeded(_ isVersion5: Bool) -> String { isVersion5 ? "succeeded" : "request granted" }

    /// RFC 1928 §6, and of version 4 the words of its description.
    private static func status(_ code: UInt8, isVersion5: Bool) -> String {
        switch (isVersion5, code) {
        case (true, 0), (false, 90): succeeded(isVersion5)
        case (true, 1): "general SOCKS server failure"
        case (true, 2): "connection not allowed by ruleset"
        case (true, 3): "Network unreachable"
        case (true, 4): "Host unreachable"
        case (true, 5): "Connection refused"
        case (true, 6): "TTL expired"
        case (true, 7): "Command not supported"
        case (true, 8): "Address type not supported"
        case (false, 91): "request rejected or failed"
        case (false, 92): "request rejected because SOCKS server cannot connect to identd on the client"
        case (false, 93): "request rejected because the client program and identd report different user-ids"
        default: "unknown-\(code)"
        }
    }

    /// Length of the message at the front, 0 when that cannot be told yet.
    private static func length(_ bytes: RawSpan, stage: Stage) throws(DecodeError) -> Int {
        guard bytes.byteCount >= 2 else { return 0 }
        let (first, second) = (try bytes.byte(at: 0), Int(try bytes.byte(at: 1)))
        switch stage {
        case .greeting where first == 4: return version4Length(bytes)
        case .greeting: return 2 + second
        case .method, .loginAnswer: return 2
        case .login:
            guard bytes.byteCount > 2 + second else { return 0 }
            return 3 + second + Int(try bytes.byte(at: 2 + second))
        case .answer where first == 0: return 8
        case .request, .answer: return try addressedLength(bytes)
        }
    }

    /// SOCKS 4: eight bytes, a user ending in NUL, and for 4a (address 0.0.0.x) a name ending in NUL.
    private static func version4Length(_ bytes: RawSpan) -> Int {
        guard let user = bytes.firstIndex(of: 0, from: 8), let address = try? bytes.readBE(at: 4, as: UInt32.self)
        else {
            return 0
        }
        guard address != 0, address < 256 else { return user + 1 }
        return bytes.firstIndex(of: 0, from: user + 1).map { $0 + 1 } ?? 0
    }

    /// SOCKS 5, RFC 1928 §4 and §6: four bytes, an address by its type, a port.
    private static func addressedLength(_ bytes: RawSpan) throws(DecodeError) -> Int {
        guard bytes.byteCount >= 5 else { return 0 }
        switch try bytes.byte(at: 3) {
        case 1: return 10
        case 3: return 7 + Int(try bytes.byte(at: 4))
        case 4: return 22
        default: throw .invalid(.type)
        }
    }
}
