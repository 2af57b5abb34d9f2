internal import Shared

/// STUN (RFC 8489) and TURN (RFC 8656): a record for each transaction.
///
/// ICE and WebRTC carry DTLS and RTP on the same ports: when no answer is outstanding, what follows is handed over,
/// and the next STUN message is recognised anew; where DTLS begins first, it takes the requests along. A client and
/// its relay send each other nothing but messages and the data of channels: these are passed over. Over TCP, a
/// connection that is bound to a peer carries the peer's own protocol.
struct STUNAnalyzer: FramedAnalyzer {
    static let service: StaticString = "stun"
    static let transports: Transports = [.tcp, .udp]

    /// Header of section 5.
    private static let headerLength = 20
    /// Longest message that is put together over TCP; messages over UDP are below 1,500.
    static let frameLimit = 4096
    /// Requests that may wait for their answer.
    private static let pendingLimit = 32
    private static let cookie: UInt32 = 0x2112_A442

    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    private var pending: [STUNTransaction] = []
    /// A method of TURN was seen: the other end relays.
    private var isRelayed = false
    /// Over TCP, each message is led by its length.
    private var isLed = false
    private(set) var verdict = Progress.wantMore

    init() {}

    /// A message, or over TCP what its length leads (RFC 4571, with which ICE carries media: RFC 6544 section 3).
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if isLed(payload), let length: UInt16 = try? payload.readBE(at: 0), Int(length) == payload.byteCount - 2 {
            return messageProbe(payload.extracting(droppingFirst: 2))
        }
        return messageProbe(payload)
    }

    /// Whether the cookie is where it is behind a length.
    private static func isLed(_ payload: RawSpan) -> Bool { (try? payload.readBE(at: 6, as: UInt32.self)) == cookie }

    /// Two zero bits, a method that exists, a length in words that fits, and the magic cookie; without one, what its
    /// predecessor sends. Of a stream, another message may be behind it, or its end still come.
    private static func messageProbe(_ payload: RawSpan) -> ProbeResult {
        guard payload.byteCount >= headerLength,
            let type = try? payload.readBE(at: 0, as: UInt16.self), type < 0x4000,
            let length = try? Int(payload.readBE(at: 2, as: UInt16.self)), length & 3 == 0, length < 2048,
            STUNTransaction.methods[method(type)] != nil
        else { return .noMatch }
        let rest = payload.byteCount - headerLength - length
        guard (try? payload.readBE(at: 4, as: UInt32.self)) == cookie else {
            return rest == 0 && method(type) == bindingMethod && isFilledByAttributes(payload) ? .match : .noMatch
        }
        if rest < 0 { return .needMore }
        let next = headerLength + length + 4
        return rest == 0 || (try? payload.readBE(at: next, as: UInt32.self)) == cookie ? .match : .noMatch
    }

    /// From Allocate to ChannelBind: what a client and its relay say to each other (RFC 8656 section 17).
    private static let relayMethods: ClosedRange<UInt16> = 3...9

    /// The method that RFC 3489 has for all but its shared secrets.
    private static let bindingMethod: UInt16 = 1

    /// The answer to ConnectionBind: all behind it is between the client and a peer (RFC 6062 section 4.3).
    private static let boundType: UInt16 = 0x10B

    /// Whether attributes fill the message to its end: where there is no cookie (RFC 3489 section 11.1), that tells it
    /// from other protocols which begin alike.
    private static func isFilledByAttributes(_ message: RawSpan) -> Bool {
        var offset = headerLength
        while offset < message.byteCount {
            guard let type = try? message.readBE(at: offset, as: UInt16.self), type != 0,
                let length = try? message.readBE(at: offset + 2, as: UInt16.self)
            else { return false }
            offset += 4 + (Int(length) + 3) & ~3
        }
        return offset == message.byteCount && offset > headerLength
    }

    /// Data in a channel (RFC 8656 section 12.4), with or without padding (section 12.5): a number, a length that fits.
    private static func isChannelData(_ payload: RawSpan, isCut: Bool) -> Bool {
        guard let number: UInt16 = try? payload.readBE(at: 0), (0x4000..<0x5000).contains(number),
            let length = try? Int(payload.readBE(at: 2, as: UInt16.self))
        else { return false }
        return isCut || (length...((length + 3) & ~3)).contains(payload.byteCount - 4)
    }

    /// The class lies in two bits among those of the method (section 5).
    private static func method(_ type: UInt16) -> UInt16 { type & 0xF | (type & 0xE0) >> 1 | (type & 0x3E00) >> 2 }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard sink.connection.transport == .tcp else {
            guard Self.messageProbe(payload) == .match else {
                if isRelayed, Self.isChannelData(payload, isCut: sink.isCut) { return .wantMore }
                // The first datagram of what comes after: a hello of DTLS comes once.
                sink.unreadByteCount = payload.byteCount
                if case .match = DTLSAnalyzer.probe(payload, from: side) { leaveRequests(in: &sink) }
                return .handOver
            }
            take(payload, from: side, into: &sink)
            return pending.isEmpty && !isRelayed ? .handOver : .wantMore
        }
        if !isLed, streams[side].isBetweenMessages { isLed = Self.isLed(payload) }
        try takeFrames(of: payload, from: side, into: &sink)
        if case .handOver = verdict { leaveRest(of: payload, from: side, in: &sink) }
        return verdict
    }

    /// What is behind the answer that binds a connection is the peer's.
    private mutating func leaveRest(of payload: RawSpan, from side: Side, in sink: inout RecordSink) {
        sink.unreadByteCount = Swift.min(streams[side].takeAll().count, payload.byteCount)
    }

    /// Leaves what waits for its answer to the analyzer of DTLS, which begins with the same datagram.
    private mutating func leaveRequests(in sink: inout RecordSink) {
        sink.openSTUN = STUNRequests(connection: sink.connection.identity, waiting: pending)
        pending = []
    }

    /// Takes over what waited for its answer when DTLS began.
    mutating func takeRequests(from sink: inout RecordSink) {
        guard let open = sink.openSTUN else { return }
        sink.openSTUN = nil
        if open.connection == sink.connection.identity { pending = open.waiting }
    }

    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        guard bytes.byteCount >= 4 else { return 0 }
        if isLed { return 2 + Int(try bytes.readBE(at: 0, as: UInt16.self)) }
        let (type, length) = (try bytes.readBE(at: 0, as: UInt16.self), try bytes.readBE(at: 2, as: UInt16.self))
        // Data in a channel of TURN (RFC 8656 section 12.4), in whole words over TCP.
        if (0x4000..<0x8000).contains(type) { return 4 + (Int(length) + 3) & ~3 }
        guard type < 0x4000, length & 3 == 0 else { throw .invalid(.magic) }
        return Self.headerLength + Int(length)
    }

    mutating func takeFrame(_ message: RawSpan, from side: Side, into sink: inout RecordSink) {
        let message = message.extracting(droppingFirst: isLed ? 2 : 0)
        if Self.messageProbe(message) == .match { take(message, from: side, into: &sink) }
    }

    mutating func finish(into sink: inout RecordSink) {
        for transaction in pending { transaction.write("none", into: &sink) }
        pending = []
    }

    private mutating func take(_ message: RawSpan, from side: Side, into sink: inout RecordSink) {
        guard let type = try? message.readBE(at: 0, as: UInt16.self),
            let first = try? message.readBE(at: 8, as: UInt64.self),
            let last = try? message.readBE(at: 16, as: UInt32.self)
        else { return }
        if Self.relayMethods.contains(Self.method(type)) { isRelayed = true }
        var transaction = STUNTransaction(
            time: sink.now, method: Self.method(type), isFromOriginator: side == .originator, id: (first, last))
        switch type & 0x110 {
        case 0x000:
            // Sent again, a request is still one (section 6.2.1).
            guard !pending.contains(where: { $0.id == (first, last) }) else { return }
            transaction.take(message)
            if pending.count >= Self.pendingLimit { pending.removeFirst().write("none", into: &sink) }
            pending.append(transaction)
        case 0x010:
            // Data that a relay passes on, and signs of life, are not told.
            break
        default:
            if let index = pending.firstIndex(where: { $0.id == (first, last) }) {
                transaction = pending.remove(at: index)
            } else {
                transaction.isFromOriginator.toggle()
            }
            transaction.take(message)
            transaction.write(type & 0x110 == 0x100 ? "success" : "error", into: &sink)
            if type == Self.boundType, sink.connection.transport == .tcp { verdict = .handOver }
        }
    }
}

/// Requests of a connection that wait for their answers.
struct STUNRequests: Sendable {
    let connection: FlowIdentity
    let waiting: [STUNTransaction]
}

/// A STUN request and what its answer says.
struct STUNTransaction: Sendable {
    /// Attributes that are read of one message.
    private static let attributeLimit = 64

    /// IANA, "STUN Methods".
    static let methods: [UInt16: StaticString] = [
        1: "Binding", 2: "SharedSecret", 3: "Allocate", 4: "Refresh", 6: "Send", 7: "Data", 8: "CreatePermission",
        9: "ChannelBind", 10: "Connect", 11: "ConnectionBind", 12: "ConnectionAttempt",
    ]

    let time: Timestamp
    let method: UInt16
    var isFromOriginator: Bool
    let id: (UInt64, UInt32)
    private var mapped, relayed, peer: (IPAddress, UInt16)?
    private var username, realm, software, errorText: String?
    private var errorCode: UInt64?

    init(time: Timestamp, method: UInt16, isFromOriginator: Bool, id: (UInt64, UInt32)) {
        (self.time, self.method, self.isFromOriginator, self.id) = (time, method, isFromOriginator, id)
    }

    /// Reads the attributes (section 14).
    mutating func take(_ message: RawSpan) {
        var reader = ByteReader(message.withUnsafeBytes { Array($0.dropFirst(20)) })
        for _ in 0..<Self.attributeLimit {
            guard let type = try? reader.be(UInt16.self), let length = try? reader.be(UInt16.self),
                let value = try? reader.take(Int(length))
            else { return }
            take(type, value)
            guard (try? reader.skip(-Int(length) & 3)) != nil else { return }
        }
    }

    private mutating func take(_ type: UInt16, _ value: ArraySlice<UInt8>) {
        switch type {
        case 0x0001: if mapped == nil { mapped = address(value, isMasked: false) }
        case 0x0006: username = value.wireText
        case 0x0009: takeError(value)
        case 0x0012: peer = address(value, isMasked: true)
        case 0x0014: realm = value.wireText
        case 0x0016: relayed = address(value, isMasked: true)
        case 0x0020: mapped = address(value, isMasked: true)
        case 0x8022: software = value.wireText
        default: break
        }
    }

    /// Section 14.8: class and number of the error, then its text.
    private mutating func takeError(_ value: ArraySlice<UInt8>) {
        var reader = ByteReader(value)
        guard let number = try? reader.be(UInt32.self) else { return }
        errorCode = UInt64(number >> 8 & 7) * 100 + UInt64(number & 0xFF)
        errorText = reader.rest.wireText
    }

    /// Sections 14.1 and 14.2; masked addresses are combined with the cookie and the transaction's identifier.
    private func address(_ value: ArraySlice<UInt8>, isMasked: Bool) -> (IPAddress, UInt16)? {
        var reader = ByteReader(value)
        let mask: UInt32 = isMasked ? 0x2112_A442 : 0
        guard let family = try? reader.be(UInt16.self), let port = try? reader.be(UInt16.self) ^ UInt16(mask >> 16)
        else { return nil }
        if family & 0xFF == 1, let address = try? reader.be(UInt32.self) {
            return (IPAddress(v4: address ^ mask), port)
        }
        guard family & 0xFF == 2, let high = try? reader.be(UInt64.self), let low = try? reader.be(UInt64.self) else {
            return nil
        }
        guard isMasked else { return (IPAddress(high: high, low: low), port) }
        let masks = (UInt64(mask) << 32 | id.0 >> 32, id.0 << 32 | UInt64(id.1))
        return (IPAddress(high: high ^ masks.0, low: low ^ masks.1), port)
    }

    func write(_ outcome: StaticString, into sink: inout RecordSink) {
        let stun = Records.stun
        sink.begin(stun, at: time)
        sink.batch.set(stun.method, name: Self.methods[method] ?? "unknown")
        sink.batch.set(stun.class, name: outcome)
        sink.batch.set(stun.isFromClient, isFromOriginator)
        sink.batch.set(stun.mappedH, mapped?.0)
        sink.batch.set(stun.mappedP, mapped?.1)
        sink.batch.set(stun.relayedH, relayed?.0)
        sink.batch.set(stun.relayedP, relayed?.1)
        sink.batch.set(stun.peerH, peer?.0)
        sink.batch.set(stun.peerP, peer?.1)
        sink.batch.set(stun.username, username)
        sink.batch.set(stun.realm, realm)
        sink.batch.set(stun.software, software)
        sink.batch.set(stun.errorCode, errorCode)
        sink.batch.set(stun.errorMsg, errorText)
        sink.end()
    }
}
