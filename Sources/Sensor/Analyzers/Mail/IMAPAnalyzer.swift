internal import Shared

/// IMAP (RFC 9051): logins with their outcome, and the hand-over to TLS after STARTTLS (section 6.2.1).
struct IMAPAnalyzer: MailboxAnalyzer {
    static let service: StaticString = "imap"

    var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    /// Tag of a STARTTLS that was not answered.
    private var tag: String?
    private(set) var isTLS = false
    var login: MailLogin?
    /// Tag of the login.
    private var loginTag = ""
    /// The user follows in a literal, on a line of its own (section 4.3).
    private var awaitsUser = false

    init() {}

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        for greeting in ["* ok", "* preauth", "* bye"] as [StaticString] where HTTPText.hasPrefix(payload, greeting) {
            return .match
        }
        if isTaggedCommand(payload) { return .match }
        return payload.byteCount < 4 && (payload.byteCount == 0 || payload.starts(with: "*")) ? .needMore : .noMatch
    }

    /// Commands (section 6) with which a session is known whose beginning was not seen; a blank or the line's end
    /// follows.
    private static let commands: [StaticString] = [
        "capability", "noop", "idle", "logout", "starttls", "login ", "authenticate ", "select ", "examine ", "status ",
        "list ", "lsub ", "fetch ", "search ", "store ", "uid fetch ", "uid search ", "uid store ", "append ",
    ]
    /// Bytes of a tag that clients use: a letter and a number, mostly.
    private static let tagLimit = 16

    /// A tag with a number in it, and a command of IMAP (section 2.2.1).
    private static func isTaggedCommand(_ payload: RawSpan) -> Bool {
        guard payload.byteCount >= 6, let space = payload.extracting(first: tagLimit).firstIndex(of: 0x20), space > 0
        else { return false }
        var hasDigit = false
        for index in 0..<space {
            guard let byte = try? payload.byte(at: index) else { return false }
            let isDigit = (0x30...0x39).contains(byte)
            hasDigit = hasDigit || isDigit
            guard isDigit || HTTPText.isLetter(byte) || byte == 0x2E else { return false }
        }
        guard hasDigit else { return false }
        let rest = payload.extracting(droppingFirst: space + 1)
        for command in commands where HTTPText.hasPrefix(rest, command) {
            let length = command.utf8CodeUnitCount
            let last = command.utf8Start[length - 1]
            return last == 0x20 || (try? rest.byte(at: length)) == 0x0D
        }
        return false
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lines[side].reset()
        if side == .responder {
            finish(into: &sink)
        } else {
            // The next line may be the password as well as the user.
            awaitsUser = false
            login?.lose()
        }
        return .wantMore
    }

    mutating func takeClient(_ line: RawSpan, into sink: inout RecordSink) {
        if awaitsUser {
            awaitsUser = false
            login = MailLogin(Self.service, command: "LOGIN", user: Self.astring(line), at: sink.now)
            return
        }
        if let login, login.isExchange { return self.login?.take(response: line, into: &sink) ?? () }
        // The password of a login whose user or password is a literal.
        guard login == nil, let end = line.firstIndex(of: 0x20) else { return }
        let command = line.extracting(droppingFirst: end + 1)
        tag = nil
        if HTTPText.equals(command, "starttls") {
            tag = line.extracting(first: end).text()
        } else if HTTPText.hasPrefix(command, "login ") {
            loginTag = line.extracting(first: end).text()
            let user = command.extracting(droppingFirst: 6)
            awaitsUser = user.starts(with: "{") && (try? user.byte(at: user.byteCount - 1)) == 0x7D
            login = awaitsUser ? nil : MailLogin(Self.service, command: "LOGIN", user: Self.astring(user), at: sink.now)
        } else if HTTPText.hasPrefix(command, "authenticate ") {
            loginTag = line.extracting(first: end).text()
            login = MailLogin(Self.service, arguments: command.extracting(droppingFirst: 13), into: &sink)
        }
    }

    /// The first argument: an atom or a quoted text, in which a backslash stands before a quote (section 9).
    private static func astring(_ text: RawSpan) -> String {
        guard text.starts(with: "\"") else {
            return text.extracting(first: text.firstIndex(of: 0x20) ?? text.byteCount).text()
        }
        var bytes: [UInt8] = []
        var index = 1
        while let byte = try? text.byte(at: index), byte != 0x22 {
            if byte == 0x5C { index += 1 }
            if let kept = try? text.byte(at: index) { bytes.append(kept) }
            index += 1
        }
        return bytes[...].wireText
    }

    mutating func takeServer(_ line: RawSpan, into sink: inout RecordSink) {
        guard let end = line.firstIndex(of: 0x20) else { return }
        guard tag != nil || login != nil else { return }
        let answered = line.extracting(first: end).text()
        let rest = line.extracting(droppingFirst: end + 1)
        if answered == tag {
            isTLS = HTTPText.hasPrefix(rest, "ok")
            tag = nil
        } else if answered == "+" {
            login?.take(challenge: rest, into: &sink)
        } else if answered == loginTag {
            login.end(success: HTTPText.hasPrefix(rest, "ok"), reply: rest, into: &sink)
        }
    }
}
