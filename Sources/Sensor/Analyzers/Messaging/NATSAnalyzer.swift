internal import Shared

/// NATS (docs.nats.io, "Client Protocol"): who logged in, and whether the server let them. What is published is not
/// read; passwords and tokens are not kept.
struct NATSAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "nats"

    /// Bytes of the server's greeting in which its identity is looked for: it stands first.
    private static let probeLimit = 256

    private var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    private var login: NamedLogin?
    /// The client has shown something to log in with.
    private var hasCredentials = false

    init() {}

    var heldBytes: Int { lines.heldBytes }

    /// The server speaks first, and tells in JSON what it is; what a client answers is seen where that was not.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        let head = payload.extracting(first: probeLimit)
        if side == .responder, head.starts(with: "INFO {") {
            if head.firstIndex(of: "\"server_id\"") != nil { return .match }
            return head.byteCount < probeLimit && head.firstIndex(of: 0x0A) == nil ? .needMore : .noMatch
        }
        guard side == .originator, head.starts(with: "CONNECT {") else { return .noMatch }
        return head.firstIndex(of: "\"verbose\"") != nil || head.firstIndex(of: "\"pedantic\"") != nil
            || head.firstIndex(of: "\"lang\"") != nil || head.firstIndex(of: "\"user\"") != nil
            ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        // What is published behind the login is not read.
        if side == .originator, login != nil { return .wantMore }
        var progress = Progress.wantMore
        var reader = lines.take(side, leaving: StreamLines())
        do throws(DecodeError) {
            try reader.append(payload) { line throws(DecodeError) -> Bool in
                progress = side == .originator ? takeClient(line, at: sink.now) : takeServer(line, into: &sink)
                if case .wantMore = progress { return side == .responder || login == nil }
                return false
            }
        } catch {
            // Greetings that name many servers are long; a client has nothing of that length to say before its login.
            guard side == .responder else { throw error }
            reader.reset()
        }
        if side == .originator, login != nil { reader.reset() }
        lines[side] = reader
        return progress
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lines[side].reset()
        // The answer may be what was lost; what a greeting lacks does not matter.
        guard side == .responder, login != nil else { return .wantMore }
        finish(into: &sink)
        return .finished
    }

    /// A login whose answer was not seen.
    mutating func finish(into sink: inout RecordSink) {
        if hasCredentials { login?.write(Self.service, success: nil, message: nil, into: &sink) }
        login = nil
    }

    private mutating func takeClient(_ line: RawSpan, at now: Timestamp) -> Progress {
        guard login == nil, HTTPText.hasPrefix(line, "connect ") else { return .wantMore }
        login = NamedLogin(time: now, user: StratumText.value(line, of: "\"user\""))
        let keys: [StaticString] = ["\"user\"", "\"auth_token\"", "\"jwt\"", "\"nkey\""]
        hasCredentials = keys.contains { StratumText.value(line, of: $0) != nil }
        return .wantMore
    }

    private mutating func takeServer(_ line: RawSpan, into sink: inout RecordSink) -> Progress {
        guard login != nil else {
            // TLS follows the greeting of a server that wants it.
            guard line.starts(with: "INFO "), let key = line.firstIndex(of: "\"tls_required\"") else {
                return .wantMore
            }
            return StratumText.isWord(line, at: key + 14, "true") ? .handOver : .wantMore
        }
        if line.starts(with: "-ERR") {
            // Whoever shows nothing where something is asked for has failed too.
            hasCredentials = hasCredentials || HTTPText.contains(line, "authorization")
            let message = line.extracting(HTTPText.core(line, 4..<line.byteCount))
            if hasCredentials { login?.write(Self.service, success: false, message: message.text(), into: &sink) }
        } else if line.starts(with: "+OK") || line.starts(with: "PONG") || line.starts(with: "MSG ") {
            if hasCredentials { login?.write(Self.service, success: true, message: nil, into: &sink) }
        } else {
            return .wantMore
        }
        login = nil
        return .finished
    }
}
