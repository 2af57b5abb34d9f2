internal import Shared

/// SOCKS 4 (with 4a) and 5 (RFC 1928): follows the request and hands over what goes through the proxy.
struct SOCKSAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "socks"

    /// Longest message of the opening: user name and password of RFC 1929.
    static let messageLimit = 1024

    private enum Stage { case greeting, method, login, loginAnswer, request, answer }

    private var stage = Stage.greeting
    private var isVersion5 = false
    private var buffers = PerSide(originator: StreamBuffer(), responder: StreamBuffer())

    init() {}

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard side == .originator, let version = try? payload.byte(at: 0), let count = try? payload.byte(at: 1) else {
            return .noMatch
        }
        if version == 5 { return count > 0 && payload.byteCount == 2 + Int(count) ? .match : .noMatch }
        guard version == 4, count == 1 || count == 2, payload.byteCount >= 9, payload.byteCount < 512 else {
            return .noMatch
        }
        return (try? payload.byte(at: payload.byteCount - 1)) == 0 ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        try buffers[side].append(payload, limit: Self.messageLimit + payload.byteCount)
        // Each message moves the stage on; six stages are the most.
        for _ in 0..<6 {
            let stage = stage
            guard side == Self.speaker(stage) else { return .wantMore }
            let used = try buffers[side].withSpan { bytes throws(DecodeError) -> Int in
                try Self.length(bytes, stage: stage)
            }
            guard used > 0, buffers[side].count >= used else {
                guard buffers[side].count <= Self.messageLimit else { throw .limit(.length) }
                return .wantMore
            }
            let bytes = Array(buffers[side].bytes[buffers[side].start..<(buffers[side].start + used)])
            buffers[side].consume(used)
            if try advance(bytes) { return .handOver }
        }
        return .wantMore
    }

    private static func speaker(_ stage: Stage) -> Side {
        switch stage {
        case .greeting, .login, .request: .originator
        case .method, .loginAnswer, .answer: .responder
        }
    }

    /// Moves on by one message.
    /// - Returns: whether the proxy has said yes.
    private mutating func advance(_ message: [UInt8]) throws(DecodeError) -> Bool {
        switch stage {
        case .greeting:
            isVersion5 = message[0] == 5
            stage = isVersion5 ? .method : .answer
        case .method:
            guard message[0] == 5, message[1] != 0xFF else { throw .invalid(.version) }
            stage = message[1] == 2 ? .login : .request
        case .login: stage = .loginAnswer
        case .loginAnswer: stage = .request
        case .request: stage = .answer
        case .answer:
            let isGranted = isVersion5 ? message[1] == 0 : message[1] == 90
            guard isGranted else { throw .invalid(.type) }
            return true
        }
        return false
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
