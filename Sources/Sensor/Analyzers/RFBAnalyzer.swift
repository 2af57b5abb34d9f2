internal import Shared

/// RFB, the protocol of VNC (RFC 6143): versions, authentication and the screen. Finished when the session begins;
/// what TLS protects is handed over.
struct RFBAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "rfb"

    /// Longest message of the opening: the screen's parameters with a name of up to 4,000 bytes.
    private static let messageLimit = 4096
    /// Messages of the opening, each of which moves the stage on.
    private static let stageLimit = 12

    private enum Stage {
        case serverVersion, clientVersion, securityType, securityTypes, choice, challenge, response
        case appleKey, appleResponse, result, share, screen, end
    }

    private var stage = Stage.serverVersion
    /// The side that shows its screen: it speaks first.
    private var server: Side?
    private var buffers = PerSide(originator: StreamBuffer(), responder: StreamBuffer())
    private var start: Timestamp?
    private var serverVersion, clientVersion: (major: String, minor: String)?
    /// 3, 7 or 8: the minor version that both sides follow (section 7.1.1).
    private var minor = 3
    private var method: String?
    private var appleKeyLength = 0
    private var isLetIn, isShared: Bool?
    private var screen: (name: String, width: UInt64, height: UInt64)?
    private var isWritten = false
    private var verdict = Progress.wantMore

    init() {}

    var heldBytes: Int { buffers.heldBytes }

    /// `RFB 003.008` and a line feed: who shows its screen speaks first.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.byteCount >= 12 else {
            return payload.byteCount >= 4 && payload.starts(with: "RFB ") ? .needMore : .noMatch
        }
        return payload.byteCount == 12 && isVersion(payload) ? .match : .noMatch
    }

    private static func isVersion(_ bytes: RawSpan) -> Bool {
        bytes.byteCount >= 12 && bytes.starts(with: "RFB 00") && (try? bytes.byte(at: 7)) == 0x2E
            && (try? bytes.byte(at: 11)) == 0x0A && HTTPText.decimal(bytes.extracting(4..<7)) != nil
            && HTTPText.decimal(bytes.extracting(8..<11)) != nil
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if start == nil { (start, server) = (sink.now, side) }
        try buffers[side].append(payload, limit: Self.messageLimit + payload.byteCount)
        takeAnswerToClient(from: side)
        for _ in 0..<Self.stageLimit where side == speaker {
            guard try step(side) else { break }
        }
        guard buffers[side].count <= Self.messageLimit else { throw .limit(.length) }
        return verdict
    }

    mutating func finish(into sink: inout RecordSink) {
        guard !isWritten, start != nil else { return }
        isWritten = true
        let rfb = Records.rfb
        sink.begin(rfb, at: start)
        sink.batch.set(rfb.clientMajorVersion, clientVersion?.major)
        sink.batch.set(rfb.clientMinorVersion, clientVersion?.minor)
        sink.batch.set(rfb.serverMajorVersion, serverVersion?.major)
        sink.batch.set(rfb.serverMinorVersion, serverVersion?.minor)
        sink.batch.set(rfb.authenticationMethod, method)
        sink.batch.set(rfb.auth, isLetIn)
        sink.batch.set(rfb.shareFlag, isShared)
        sink.batch.set(rfb.desktopName, screen?.name)
        sink.batch.set(rfb.width, screen?.width)
        sink.batch.set(rfb.height, screen?.height)
        sink.end()
    }

    /// Who sends the next message; nobody when the opening is over.
    private var speaker: Side? {
        switch stage {
        case .clientVersion, .choice, .response, .appleResponse, .share: server?.other
        case .end: nil
        default: server
        }
    }

    /// What answers the first version seen is no version: that was the client's, and the server's was lost.
    private mutating func takeAnswerToClient(from side: Side) {
        guard stage == .clientVersion, side == server?.other, buffers[side].bytes[buffers[side].start...].first != 0x52
        else { return }
        server = side
        clientVersion = serverVersion
        serverVersion = nil
        follow(clientVersion)
    }

    /// Takes one message off the front.
    /// - Returns: false when it is not whole yet.
    private mutating func step(_ side: Side) throws(DecodeError) -> Bool {
        let stage = stage
        let keyLength = appleKeyLength
        let length = try buffers[side].withSpan { bytes throws(DecodeError) -> Int in
            try Self.length(bytes, stage, keyLength: keyLength)
        }
        guard length > 0, buffers[side].count >= length else { return false }
        let start = buffers[side].start
        let message = buffers[side].bytes[start..<(start + Swift.min(length, Self.messageLimit))]
        try advance(message)
        buffers[side].consume(length)
        return true
    }

    /// Bytes of the message at the front, 0 when that cannot be told yet.
    private static func length(_ bytes: RawSpan, _ stage: Stage, keyLength: Int) throws(DecodeError) -> Int {
        switch stage {
        case .serverVersion, .clientVersion: 12
        case .securityType, .result: 4
        case .securityTypes: bytes.byteCount == 0 ? 0 : 1 + Int(try bytes.byte(at: 0))
        case .choice, .share: 1
        case .challenge, .response: 16
        case .appleKey: bytes.byteCount < 4 ? 0 : 4 + 2 * Int(try bytes.readBE(at: 2, as: UInt16.self))
        case .appleResponse: 128 + keyLength
        case .screen:
            bytes.byteCount < 24 ? 0 : Swift.min(messageLimit, 24 + Int(try bytes.readBE(at: 20, as: UInt32.self)))
        case .end: 0
        }
    }

    private mutating func advance(_ message: ArraySlice<UInt8>) throws(DecodeError) {
        var reader = ByteReader(message)
        switch stage {
        case .serverVersion:
            serverVersion = try Self.version(message)
            stage = .clientVersion
        case .clientVersion:
            clientVersion = try Self.version(message)
            follow(clientVersion)
        case .securityType: choose(try reader.be(UInt32.self))
        case .securityTypes: stage = try reader.byte() == 0 ? end() : .choice
        case .choice: choose(UInt32(try reader.byte()))
        case .challenge: stage = .response
        case .response, .appleResponse: stage = .result
        case .appleKey:
            try reader.skip(2)
            appleKeyLength = Int(try reader.be(UInt16.self))
            stage = .appleResponse
        case .result:
            isLetIn = try reader.be(UInt32.self) == 0
            stage = isLetIn == true ? .share : end()
        case .share:
            isShared = try reader.byte() != 0
            stage = .screen
        case .screen:
            let width: UInt16 = try reader.be()
            let height: UInt16 = try reader.be()
            try reader.skip(20)
            screen = (reader.rest.wireText, UInt64(width), UInt64(height))
            stage = end()
        case .end: break
        }
    }

    /// Section 7.1.1: any version that is not published is to be taken for 3.3; Apple's 3.889 is 3.8.
    private mutating func follow(_ version: (major: String, minor: String)?) {
        let number = version.flatMap { Int($0.minor) } ?? 3
        minor = number == 7 ? 7 : number >= 8 ? 8 : 3
        stage = minor == 3 ? .securityType : .securityTypes
    }

    private mutating func end() -> Stage {
        verdict = .finished
        return .end
    }

    /// Sections 7.1.2 and 7.2. Of methods that are not known here, what follows cannot be told.
    private mutating func choose(_ type: UInt32) {
        method = Self.methods[type] ?? "RealVNC"
        switch type {
        case 1: stage = minor == 8 ? .result : .share
        case 2: stage = .challenge
        case 30: stage = .appleKey
        // TLS begins, after a few messages of VeNCrypt.
        case 18, 19: (stage, verdict) = (.end, .handOver)
        default: stage = end()
        }
    }

    private static func version(_ message: ArraySlice<UInt8>) throws(DecodeError) -> (major: String, minor: String) {
        guard message.withUnsafeBytes({ Self.isVersion($0.bytes) }) else { throw .invalid(.version) }
        return (message.dropFirst(4).prefix(3).wireText, message.dropFirst(8).prefix(3).wireText)
    }

    /// IANA's "Remote Framebuffer Security Types", in Zeek's spelling.
    private static let methods: [UInt32: String] = [
        0: "Invalid", 1: "None", 2: "VNC", 16: "Tight", 17: "Ultra", 18: "TLS", 19: "VeNCrypt", 20: "GTK-VNC SASL",
        21: "MD5 hash authentication", 22: "Colin Dean xvp", 30: "Apple Remote Desktop",
    ]
}
