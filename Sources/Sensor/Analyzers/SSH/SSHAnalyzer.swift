internal import Shared

/// SSH (RFC 4253): banners, what was negotiated, the host key, fingerprints, and whether someone logged in.
struct SSHAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "ssh"

    /// Longest identification line, RFC 4253 §4.2.
    static let bannerLimit = 255
    /// Lines that a server may send before its identification.
    static let greetingLimit = 50
    /// Bytes of a server's first segment in which its identification is looked for.
    private static let greetingProbeLimit = 1024
    /// Longest packet that implementations must take is 35,000 bytes (RFC 4253 §6.1); large offers exceed it.
    static let packetLimit = 262_144

    /// Digits of a fingerprint that Zeek keeps: the first 32 of the 43 that ssh-keygen prints.
    static let fingerprintLength = 32

    private enum Stage { case banner, keyExchange, encrypted }

    private struct Stream {
        var stage = Stage.banner
        var buffer = StreamBuffer()
        var banner: String?
        var offer: SSHOffer?
        var greetingCount = 0

        var heldBytes: Int { buffer.heldBytes + (offer?.byteCount ?? 0) }
    }

    private var streams = PerSide(originator: Stream(), responder: Stream())
    private var start: Timestamp?
    private var agreement: SSHAgreement?
    /// The originator is SSH's server: a shell that comes out of a network.
    private var isReversed = false
    private var hasTurned = false
    private var fingerprint: String?
    private var authentication = SSHAuthentication()
    private var isWritten = false
    /// 1 or 2, or 0 where the sides do not go together; nil until both have spoken.
    private var version: UInt64?

    init() {}

    var heldBytes: Int { streams.originator.heldBytes + streams.responder.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        let answer = probe(line: payload)
        guard side == .responder, payload.byteCount >= 6, answer == .noMatch else { return answer }
        return probe(greeting: payload)
    }

    private static func probe(line payload: RawSpan) -> ProbeResult {
        if payload.starts(with: "SSH-1.") || payload.starts(with: "SSH-2.") { return .match }
        guard payload.byteCount < 6 else { return .noMatch }
        let known: StaticString = "SSH-"
        for index in 0..<Swift.min(payload.byteCount, 4) {
            guard (try? payload.byte(at: index)) == known.utf8Start[index] else { return .noMatch }
        }
        return .needMore
    }

    /// Lines of text before the identification (RFC 4253 §4.2), in one segment with it. An answer of HTTP may be one
    /// that opens a tunnel.
    private static func probe(greeting payload: RawSpan) -> ProbeResult {
        guard !payload.starts(with: "HTTP/") else { return .noMatch }
        let head = payload.extracting(first: greetingProbeLimit)
        for index in 0..<head.byteCount {
            guard let byte = try? head.byte(at: index), byte >= 0x20 || byte == 9 || byte == 0x0D || byte == 0x0A,
                byte != 0x7F
            else { return .noMatch }
            guard byte == 0x0A, index + 1 < payload.byteCount else { continue }
            let answer = probe(line: payload.extracting(droppingFirst: index + 1))
            if answer != .noMatch { return answer }
        }
        return .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if start == nil { start = sink.now }
        var encrypted = payload.byteCount
        if streams[side].stage != .encrypted {
            try streams[side].buffer.append(payload, limit: Self.packetLimit + payload.byteCount)
            while streams[side].stage != .encrypted, try step(side) {}
            encrypted = streams[side].stage == .encrypted ? streams[side].buffer.count : 0
            if streams[side].stage == .encrypted { streams[side].buffer.removeAll() }
        }
        if encrypted > 0 { takeEncrypted(encrypted, from: side) }
        return isDecided ? .finished : .wantMore
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress { streams[side].stage == .encrypted ? .wantMore : .finished }

    mutating func finish(into sink: inout RecordSink) {
        guard !isWritten, streams.originator.banner != nil || streams.responder.banner != nil else { return }
        isWritten = true
        write(into: &sink)
    }

    /// Nothing more can be learned: version 1 goes on in another format, and a login was seen.
    private var isDecided: Bool { version == 1 || authentication.succeeded == true }

    private var isCompressed: Bool { agreement?.isCompressed ?? false }

    private mutating func takeEncrypted(_ byteCount: Int, from side: Side) {
        guard !isCompressed else { return }
        if (side == .originator) != isReversed {
            authentication.clientSegment(byteCount)
        } else {
            authentication.serverSegment(byteCount)
        }
    }

    /// Takes one line or packet off the side's buffer.
    /// - Returns: whether there was a whole one.
    private mutating func step(_ side: Side) throws(DecodeError) -> Bool {
        var buffer = StreamBuffer()
        swap(&buffer, &streams[side].buffer)
        defer { streams[side].buffer = buffer }
        let stage = streams[side].stage
        let used = try buffer.withSpan { bytes throws(DecodeError) -> Int in
            stage == .banner ? try self.takeLine(bytes, from: side) : try self.takePacket(bytes, from: side)
        }
        buffer.consume(used)
        return used > 0
    }

    private mutating func takeLine(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        guard let end = bytes.firstIndex(of: 0x0A) else {
            guard bytes.byteCount <= Self.bannerLimit * 4 else { throw .limit(.length) }
            return 0
        }
        if bytes.starts(with: "SSH-") {
            let line = bytes.extracting(0..<Swift.min(end, Self.bannerLimit * 4))
            streams[side].banner = line.extracting(0..<HTTPText.endOfLine(line)).text()
            streams[side].stage = .keyExchange
            if let client = streams.originator.banner, let server = streams.responder.banner {
                version = Self.version(client, server)
            }
        } else {
            streams[side].greetingCount += 1
            guard streams[side].greetingCount <= Self.greetingLimit else { throw .limit(.count) }
        }
        return end + 1
    }

    /// Binary packet, RFC 4253 §6: length, padding length, payload, padding.
    private mutating func takePacket(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        guard version != 1, bytes.byteCount >= 6 else { return 0 }
        let length = Int(try bytes.readBE(at: 0, as: UInt32.self))
        guard length >= 2, length <= Self.packetLimit else { throw .invalid(.length) }
        guard bytes.byteCount >= 4 + length else { return 0 }
        let padding = Int(try bytes.byte(at: 4))
        guard padding < length - 1 else { throw .invalid(.length) }
        try take(message: bytes.extracting(5..<(4 + length - padding)), from: side)
        return 4 + length
    }

    private mutating func take(message: RawSpan, from side: Side) throws(DecodeError) {
        let type = try message.byte(at: 0)
        switch type {
        // One of each side comes before the keys are taken into use (RFC 4253 §7.1).
        case SSHOffer.messageType where streams[side].offer != nil: break
        case SSHOffer.messageType:
            streams[side].offer = try SSHOffer(decoding: message)
            agree()
        case 21: streams[side].stage = .encrypted  // SSH_MSG_NEWKEYS
        // KEXDH_INIT and the requests of a group exchange: only clients send them.
        case 30, 34: turn(client: side)
        case 31 where agreement?.isGroupExchange != true, 33:
            turn(client: side.other)
            if side == (isReversed ? .originator : .responder), fingerprint == nil { try takeHostKey(message) }
        default: break
        }
    }

    /// The client's order of algorithms decides (RFC 4253 §7.1).
    private mutating func agree() {
        guard let originator = streams.originator.offer, let responder = streams.responder.offer else { return }
        agreement =
            isReversed
            ? SSHAgreement(client: responder, server: originator)
            : SSHAgreement(client: originator, server: responder)
        let banners = PerSide(originator: streams.originator.banner, responder: streams.responder.banner)
        let client: Side = isReversed ? .responder : .originator
        authentication.consider(client: banners[client], server: banners[client.other], cipher: agreement?.cipher)
    }

    private mutating func turn(client: Side) {
        // Said once: who turns again and again says nothing.
        guard !hasTurned, agreement?.tellsRoles == true, isReversed != (client == .responder) else { return }
        hasTurned = true
        isReversed.toggle()
        agree()
    }

    /// The host key is the first string of KEXDH_REPLY (RFC 4253 §8) and of its relatives (RFC 4419, RFC 5656).
    private mutating func takeHostKey(_ message: RawSpan) throws(DecodeError) {
        let length = Int(try message.readBE(at: 1, as: UInt32.self))
        try message.require(length, at: 5)
        let key = message.extracting(5..<(5 + length))
        guard agreement != nil || Self.isHostKey(key) else { return }
        let bytes = key.withUnsafeBytes { Array($0) }
        fingerprint = Digest.sha256.bytes(of: bytes).map {
            "SHA256:" + Base64.encode($0).prefix(Self.fingerprintLength)
        }
    }

    /// A key begins with the name of its type (RFC 4253 §6.6), of at most 64 letters (RFC 4251 §6). The number 31 is
    /// also a group's, which begins with its prime (RFC 4419 §3), and that it is one, both offers tell only together.
    private static func isHostKey(_ key: RawSpan) -> Bool {
        guard let length = try? Int(key.readBE(at: 0, as: UInt32.self)), (1...64).contains(length),
            length <= key.byteCount - 4
        else { return false }
        return key.extracting(4..<(4 + length)).withUnsafeBytes { WireText.isPrintable($0) }
    }

    /// What two banners agree upon. 1.99 speaks both versions (RFC 4253 §5.1).
    private static func version(_ client: String, _ server: String) -> UInt64 {
        func speaks(_ major: Character, _ banner: String) -> Bool {
            banner.hasPrefix("SSH-1.99") || banner.dropFirst(4).first == major
        }
        if speaks("2", client), speaks("2", server) { return 2 }
        return speaks("1", client) && speaks("1", server) ? 1 : 0
    }

    private func write(into sink: inout RecordSink) {
        let ssh = Records.ssh
        let (client, server) = (streams.originator, streams.responder)
        sink.begin(ssh, at: start)
        sink.batch.set(ssh.version, version)
        sink.batch.set(ssh.authSuccess, authentication.succeeded)
        sink.batch.set(ssh.authAttempts, authentication.attemptCount)
        let isLocal = (sink.connection.originator.isPrivate, sink.connection.responder.isPrivate)
        if isLocal.0 != isLocal.1 { sink.batch.set(ssh.direction, isLocal.0 ? "OUTBOUND" : "INBOUND") }
        sink.batch.set(ssh.client, client.banner)
        sink.batch.set(ssh.server, server.banner)
        sink.batch.set(ssh.cipherAlg, agreement?.cipher)
        sink.batch.set(ssh.macAlg, agreement?.mac)
        sink.batch.set(ssh.compressionAlg, agreement?.compression)
        sink.batch.set(ssh.kexAlg, agreement?.keyExchange)
        sink.batch.set(ssh.hostKeyAlg, agreement?.hostKey)
        sink.batch.set(ssh.hostKeyFingerprint, fingerprint)
        if client.offer != nil || server.offer != nil { sink.batch.set(ssh.hasshVersion, "1.1") }
        sink.batch.set(ssh.hassh, client.offer?.hassh(isClient: true))
        sink.batch.set(ssh.hasshServer, server.offer?.hassh(isClient: false))
        sink.batch.set(ssh.cshka, client.offer?.hostKey)
        sink.batch.set(ssh.sshka, server.offer?.hostKey)
        if isReversed { sink.batch.set(ssh.reversedConn, true) }
        sink.end()
    }
}
