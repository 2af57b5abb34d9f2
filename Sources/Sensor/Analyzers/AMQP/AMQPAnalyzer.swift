internal import Shared

/// AMQP 0-9-1 (amqp.org) and 1.0 (OASIS): logins, and what is done to queues and exchanges. Passwords are passed over;
/// what follows an agreed header of TLS is handed over.
struct AMQPAnalyzer: FramedAnalyzer, ReversibleAnalyzer {
    static let service: StaticString = "amqp"

    /// Longest frame that is read whole; of a longer one, the beginning: methods are short, contents are not read.
    static let frameLimit = 16_384
    /// Longest frame that is believed: brokers allow 128 KiB to some megabytes.
    private static let lengthLimit = 256 << 20

    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    private var session = AMQPSession()
    private var isVersion1 = false
    /// The server counts as originator, as in a connection that was picked up in its middle; nil until told.
    private(set) var isReversed: Bool?
    /// Sides that asked for TLS.
    private var asksForTLS = PerSide(originator: false, responder: false)
    private(set) var verdict = Progress.wantMore

    var heldBytes: Int { streams.heldBytes + session.heldBytes }

    init() {}

    /// The header that every client sends: 0-9-1 section 4.2.2; 1.0 sections 2.2, 5.2.1 and 5.3.1. In the middle of a
    /// session of 0-9-1, frames.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if AMQPResumption.begins(payload) { return .match }
        guard payload.starts(with: "AMQP") else { return .noMatch }
        guard let version = try? payload.readBE(at: 4, as: UInt32.self) else { return .needMore }
        return name(of: version) != nil ? .match : .noMatch
    }

    private static func name(of version: UInt32) -> StaticString? {
        switch version {
        case 0x0000_0901: "0-9-1"
        case 0x0101_0009: "0-9"
        case 0x0101_000A: "0-10"
        case 0x0101_0800: "0-8"
        case 0x0001_0000, 0x0201_0000, 0x0301_0000: "1.0"
        default: nil
        }
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if isReversed == nil { begin(with: payload, from: side) }
        try takeFrames(of: payload, from: role(of: side), into: &sink)
        return verdict
    }

    private mutating func begin(with payload: RawSpan, from side: Side) {
        isReversed = false
        guard AMQPResumption.begins(payload) else { return }
        guard let method = AMQPResumption.method(payload) else { return session.pickUp() }
        isReversed = AMQPResumption.isServers(method) == (side == .originator)
        if !AMQPResumption.isBeforeLogin(method) { session.pickUp() }
    }

    mutating func takeFrame(_ frame: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        if frame.starts(with: "AMQP"), frame.byteCount == 8 {
            try takeHeader(try frame.readBE(at: 4), from: side, at: sink.now)
        } else if isVersion1 {
            try AMQPFrame.take(frame, from: side, &session, into: &sink)
        } else {
            try AMQPMethod.take(frame, from: side, &session, into: &sink)
        }
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let side = role(of: side)
        if streams[side].lose(byteCount) { return .wantMore }
        streams[side].loseMessage()
        session.lose(from: side, into: &sink)
        return .wantMore
    }

    /// Whether a frame begins here that is whole and ends as one does.
    func beginsFrame(_ bytes: RawSpan, from side: Side) -> Bool {
        guard let whole = try? frameLength(bytes, from: side), whole > 0, whole <= bytes.byteCount else { return false }
        // 1.0 section 2.3.1: where its body begins, in words; 0-9-1 section 2.3.5: the byte at its end.
        return isVersion1 ? (try? bytes.byte(at: 4)) == 2 : (try? bytes.byte(at: whole - 1)) == 0xCE
    }

    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        if bytes.starts(with: "AMQP") { return 8 }
        guard bytes.byteCount >= 8 else { return 0 }
        let length: Int
        if isVersion1 {
            // Section 2.3.1: the size with the header of eight bytes.
            length = Int(try bytes.readBE(at: 0, as: UInt32.self))
            guard length >= 8, try bytes.byte(at: 5) <= 1 else { throw .invalid(.length) }
        } else {
            // 0-9-1 section 2.3.5: type, channel, size of what is behind but for the byte at its end.
            length = 8 + Int(try bytes.readBE(at: 3, as: UInt32.self))
            guard [1, 2, 3, 8].contains(try bytes.byte(at: 0)) else { throw .invalid(.type) }
        }
        guard length <= Self.lengthLimit else { throw .invalid(.length) }
        return length
    }

    private mutating func takeHeader(_ version: UInt32, from side: Side, at now: Timestamp) throws(DecodeError) {
        guard let name = Self.name(of: version) else { throw .invalid(.version) }
        session.begin(at: now)
        session.version = name
        isVersion1 = version == 0x0001_0000 || version == 0x0201_0000 || version == 0x0301_0000
        asksForTLS[side] = version == 0x0201_0000
        if asksForTLS.originator, asksForTLS.responder { verdict = .handOver }
        // 0-10 frames its messages otherwise and is all but gone.
        if version == 0x0101_000A { verdict = .finished }
    }

    mutating func finish(into sink: inout RecordSink) {
        if case .wantMore = verdict { session.giveUp(into: &sink) }
    }
}
