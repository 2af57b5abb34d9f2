internal import Shared

/// NATS (docs.nats.io, "Client Protocol"): who logged in, and whether the server let them. What is published is not
/// read; passwords and tokens are not kept.
struct NATSAnalyzer: BrokerAnalyzer {
    static let service: StaticString = "nats"

    /// Bytes of the server's greeting in which its identity is looked for: it stands first.
    private static let probeLimit = 256

    var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    var login = BrokerLogin()
    private var isTLS = false

    init() {}

    /// The server speaks first, and tells in JSON what it is; what a client answers is seen where that was not, and
    /// what is published where neither was.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        let head = payload.extracting(first: probeLimit)
        if side == .responder, head.starts(with: "INFO {") {
            if head.firstIndex(of: "\"server_id\"") != nil { return .match }
            return head.byteCount < probeLimit && head.firstIndex(of: 0x0A) == nil ? .needMore : .noMatch
        }
        if head.starts(with: side == .originator ? "PUB " : "MSG ") { return publishes(payload) ? .match : .noMatch }
        guard side == .originator, connects(head) else { return .noMatch }
        return head.firstIndex(of: "\"verbose\"") != nil || head.firstIndex(of: "\"pedantic\"") != nil
            || head.firstIndex(of: "\"lang\"") != nil || head.firstIndex(of: "\"user\"") != nil
            ? .match : .noMatch
    }

    /// `PUB subject [reply-to] size`, or `MSG subject id [reply-to] size`, and behind it as much and a line's end.
    private static func publishes(_ payload: RawSpan) -> Bool {
        let line = payload.extracting(first: probeLimit)
        guard let end = line.firstIndex(of: 0x0D), (try? line.byte(at: end + 1)) == 0x0A else { return false }
        var (words, start) = (1, 0)
        while let blank = line.firstIndex(of: 0x20, from: start), blank < end {
            (words, start) = (words + 1, blank + 1)
        }
        guard (line.starts(with: "PUB ") ? 3...4 : 4...5).contains(words),
            let size = HTTPText.decimal(line.extracting(start..<end)), size <= UInt64(messageLimit)
        else { return false }
        // A segment may end within the message.
        let behind = payload.extracting(droppingFirst: end + 2)
        return behind.byteCount < size || behind.extracting(droppingFirst: Int(size)).starts(with: "\r\n")
    }

    /// Bytes of a message that a server may allow (`max_payload`): 64 MB at most.
    private static let messageLimit = 64 << 20

    /// `CONNECT`, blanks, and what tells who connects.
    private static func connects(_ line: RawSpan) -> Bool {
        guard HTTPText.hasPrefix(line, "connect") else { return false }
        let rest = line.extracting(droppingFirst: 7)
        return rest.starts(with: " ") || rest.starts(with: "\t")
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        // What is published behind the login is not read.
        if side == .originator, login.isOpen { return .wantMore }
        // Without a login it was before the capture.
        if payload.starts(with: side == .originator ? "PUB " : "MSG "), !login.isOpen { return .finished }
        do throws(DecodeError) {
            try readLines(payload, from: side, into: &sink)
        } catch {
            // Greetings that name many servers are long; a client has nothing of that length to say before its login.
            guard side == .responder else { throw error }
        }
        if side == .originator, login.isOpen { lines[side].reset() }
        if isTLS { return .handOver }
        return login.isOver ? .finished : .wantMore
    }

    mutating func takeLine(_ line: RawSpan, from side: Side, into sink: inout RecordSink) -> Bool {
        if side == .originator {
            takeClient(line, at: sink.now)
            return !login.isOpen
        }
        takeServer(line, into: &sink)
        return !isTLS && !login.isOver
    }

    private mutating func takeClient(_ line: RawSpan, at now: Timestamp) {
        guard Self.connects(line) else { return }
        login.begin(user: StratumText.value(line, of: "\"user\""), at: now)
        let keys: [StaticString] = ["\"user\"", "\"pass\"", "\"auth_token\"", "\"jwt\"", "\"nkey\""]
        // Letters of a key may be spelled as numbers (RFC 8259 section 7), which only who hides something does.
        login.hasCredentials =
            keys.contains { StratumText.value(line, of: $0) != nil } || line.firstIndex(of: "\\u00") != nil
    }

    private mutating func takeServer(_ line: RawSpan, into sink: inout RecordSink) {
        guard login.isOpen else {
            // TLS follows the greeting of a server that wants it.
            guard line.starts(with: "INFO "), let key = line.firstIndex(of: "\"tls_required\"") else { return }
            return isTLS = StratumText.isWord(line, at: key + 14, "true")
        }
        if line.starts(with: "-ERR") {
            // Whoever shows nothing where something is asked for has failed too.
            login.hasCredentials = login.hasCredentials || HTTPText.contains(line, "authorization")
            let message = line.extracting(HTTPText.core(line, 4..<line.byteCount)).text()
            login.end(Self.service, success: false, message: message, into: &sink)
        } else if line.starts(with: "+OK") || line.starts(with: "PONG") || line.starts(with: "MSG ") {
            login.end(Self.service, success: true, message: nil, into: &sink)
        }
    }
}
