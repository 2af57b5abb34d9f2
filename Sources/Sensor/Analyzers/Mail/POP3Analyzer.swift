internal import Shared

/// POP3 (RFC 1939, RFC 5034): logins with their outcome, and the hand-over to TLS after STLS (RFC 2595 §4).
struct POP3Analyzer: MailboxAnalyzer {
    static let service: StaticString = "pop3"

    var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    private(set) var isTLS = false
    private var user: String?
    /// What the commands that wait for their answers ask for: more than one may (RFC 2449 §6.6).
    private var waiting: [Question] = []
    /// Lines of an answer come, up to a lone dot (RFC 1939 §3).
    private var isInAnswer = false
    var login: MailLogin?

    init() {}

    private enum Question { case login, tls, lines, other }

    /// Commands that may wait.
    private static let waitingLimit = 64

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // The server speaks first.
        guard side == .responder else { return isCommand(payload) ? .match : .noMatch }
        guard payload.starts(with: "+OK") else { return payload.byteCount < 3 ? .needMore : .noMatch }
        // Redis and NATS say OK alone; behind a greeting's stands a text (RFC 1939 §4).
        guard let next = try? payload.byte(at: 3), next != 0x0D, next != 0x0A else { return .needMore }
        guard next == 0x20, let text = try? payload.byte(at: 4) else {
            return next == 0x20 ? .needMore : .noMatch
        }
        return text == 0x0D || text == 0x0A ? .needMore : .match
    }

    /// Commands that only POP3 has (RFC 1939, RFC 2449 §5, RFC 2595 §4), alone on their line or with a name.
    private static func isCommand(_ payload: RawSpan) -> Bool {
        if HTTPText.hasPrefix(payload, "apop ") { return true }
        for command in ["capa\r\n", "stls\r\n", "uidl\r\n"] as [StaticString] where HTTPText.hasPrefix(payload, command)
        {
            return true
        }
        return false
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lines[side].reset()
        // Which answer comes next is not known any more.
        (waiting, isInAnswer) = ([], false)
        if side == .responder { finish(into: &sink) } else { login?.lose() }
        return .wantMore
    }

    mutating func takeClient(_ line: RawSpan, into sink: inout RecordSink) {
        if let login, login.isExchange { return self.login?.take(response: line, into: &sink) ?? () }
        if waiting.isEmpty { isInAnswer = false }
        waiting.append(take(command: line, into: &sink))
        if waiting.count > Self.waitingLimit { waiting.removeAll() }
    }

    private mutating func take(command line: RawSpan, into sink: inout RecordSink) -> Question {
        if HTTPText.hasPrefix(line, "user ") {
            user = HTTPText.text(line, 5..<line.byteCount)
        } else if HTTPText.hasPrefix(line, "pass ") {
            login = MailLogin(Self.service, command: "USER", user: user, at: sink.now)
            return .login
        } else if HTTPText.hasPrefix(line, "apop ") {
            let name = line.extracting(droppingFirst: 5)
            let text = name.extracting(first: name.firstIndex(of: 0x20) ?? name.byteCount).text()
            login = MailLogin(Self.service, command: "APOP", user: text, at: sink.now)
            return .login
        } else if HTTPText.hasPrefix(line, "auth ") {
            login = MailLogin(Self.service, arguments: line.extracting(droppingFirst: 5), into: &sink)
            return .login
        }
        if HTTPText.equals(line, "stls") { return .tls }
        return Self.asksForLines(line) ? .lines : .other
    }

    /// Whether an answer of several lines comes, if it is good: to some commands only without an argument (RFC 1939 §5
    /// and §7, RFC 2449 §5, RFC 5034 §4).
    private static func asksForLines(_ line: RawSpan) -> Bool {
        for command in ["list", "uidl", "capa", "auth"] as [StaticString] where HTTPText.equals(line, command) {
            return true
        }
        return HTTPText.hasPrefix(line, "retr ") || HTTPText.hasPrefix(line, "top ")
    }

    mutating func takeServer(_ line: RawSpan, into sink: inout RecordSink) {
        guard !isInAnswer else {
            isInAnswer = !(line.byteCount == 1 && line.starts(with: "."))
            return
        }
        let isAccepted = line.starts(with: "+OK")
        guard isAccepted || line.starts(with: "-ERR") else {
            // A plus alone asks for the next response of the method.
            if line.starts(with: "+ ") { login?.take(challenge: line.extracting(droppingFirst: 2), into: &sink) }
            return
        }
        // Where nothing is known to wait, it is the login's, if there is one.
        switch waiting.isEmpty ? .login : waiting.removeFirst() {
        case .login:
            let word = Swift.min(line.byteCount, isAccepted ? 3 : 4)
            login.end(success: isAccepted, reply: line.extracting(droppingFirst: word), into: &sink)
        case .tls: isTLS = isAccepted
        case .lines: isInAnswer = isAccepted
        case .other: break
        }
    }
}
