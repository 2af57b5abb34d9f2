internal import Shared

/// Follows a login as people see it: a prompt, a name, a prompt, a password, and what comes then. Of the password
/// nothing is kept, and of the terminal's text no more than the end of a line.
struct LoginDialogue: Sendable {
    /// Characters of the line that is being written, and of a name.
    private static let lineLimit = 128
    /// Bytes of either side in which a login is looked for: banners are short, sessions are not read.
    private static let byteLimit = 65_536
    /// Logins of one connection that are told.
    private static let attemptLimit = 64

    private enum Stage { case idle, name, password, judging }

    var user: String?
    var clientUser: String?
    private var stage = Stage.idle
    private var typed: [UInt8] = []
    private var line: [UInt8] = []
    private var start: Timestamp?
    private var byteCount = 0
    private var attemptCount = 0
    /// The last byte typed was a carriage return: a line feed or NUL that follows belongs to it.
    private var hasReturned = false
    /// Lines typed before the server asked for them: the next prompt for a password has its answer already.
    private var linesAhead = 0

    /// Begins with a name that the protocol itself has told.
    mutating func begin(user: String, clientUser: String, at now: Timestamp) {
        (self.user, self.clientUser, start, stage) = (user, clientUser, now, .judging)
    }

    /// Takes a byte that the client sent.
    mutating func type(_ byte: UInt8, at now: Timestamp) {
        byteCount += 1
        let isEndOfReturn = hasReturned && (byte == 0x0A || byte == 0)
        hasReturned = byte == 0x0D
        if isEndOfReturn { return }
        if stage == .judging, byte == 0x0D || byte == 0x0A { linesAhead = Swift.min(linesAhead + 1, Self.attemptLimit) }
        guard stage == .name || stage == .password else { return }
        switch byte {
        case 0x0D, 0x0A: enter(at: now)
        case 0x08, 0x7F: _ = typed.popLast()
        default:
            // Of a password, not even its length matters.
            if stage == .name, typed.count < Self.lineLimit, byte >= 0x20 { typed.append(byte) }
        }
    }

    /// Something that one side sent was lost: what is typed next is a name only where it is asked for anew, as the lost
    /// part may have asked for the password, or have been the name.
    mutating func lose() {
        line.removeAll()
        typed.removeAll()
        if stage == .name { (stage, user) = (.idle, nil) }
    }

    private mutating func enter(at now: Timestamp) {
        if stage == .name {
            user = typed[...].wireText
            (start, clientUser) = (now, nil)
        }
        typed.removeAll()
        line.removeAll()
        stage = .judging
    }

    /// Takes a byte that the server sent.
    /// - Returns: false when the login is over.
    mutating func show(_ byte: UInt8, service: StaticString, into sink: inout RecordSink) -> Bool {
        byteCount += 1
        guard byteCount <= Self.byteLimit, attemptCount < Self.attemptLimit else { return false }
        if byte == 0x0A || byte == 0x0D {
            if stage == .judging, isGreeting { return !tell(success: true, service, into: &sink) }
            if stage == .judging, isRefusal { tell(success: false, service, into: &sink) }
            line.removeAll(keepingCapacity: true)
        } else if byte >= 0x20 || byte == 0x09 {
            if line.count >= Self.lineLimit { line.removeFirst(Self.lineLimit / 2) }
            line.append(byte.lowercasedASCII)
        }
        return true
    }

    /// The server has nothing more to say for now: a line that has not ended may be a prompt.
    /// - Returns: false when the login is over.
    mutating func pause(service: StaticString, at now: Timestamp, into sink: inout RecordSink) -> Bool {
        // "Last login: Mon" may be cut behind its colon, or between its words: of what goes on, no space is taken away.
        if isGreeting { return stage != .judging || !tell(success: true, service, into: &sink) }
        if isPasswordPrompt {
            // Asked again, without another name: the last password was wrong.
            if stage == .judging, hasAnswered { tell(success: false, service, into: &sink) }
            if start == nil { start = now }
            (stage, hasAnswered) = (.password, true)
            guard linesAhead > 0 else { return true }
            // It was typed already, if the server has not thrown it away: what comes next tells how it went.
            (stage, linesAhead) = (.judging, linesAhead - 1)
            line.removeAll(keepingCapacity: true)
        } else if ends(with: Self.namePrompts) {
            if stage == .judging { tell(success: false, service, into: &sink) }
            (stage, hasAnswered, linesAhead) = (.name, false, 0)
        } else if stage == .judging, let last = line.last(where: { $0 != 0x20 }), Self.shellPrompts.contains(last),
            !isMark
        {
            return !tell(success: true, service, into: &sink)
        }
        return true
    }

    /// A password was asked for.
    private var hasAnswered = false

    /// Writes the record of an attempt.
    @discardableResult
    private mutating func tell(success: Bool, _ service: StaticString, into sink: inout RecordSink) -> Bool {
        guard let start else { return success }
        attemptCount += 1
        let attempt = LoginAttempt(time: start, user: user, clientUser: clientUser, success: success)
        attempt.write(service, into: &sink)
        self.start = nil
        stage = .idle
        return success
    }

    /// Writes an attempt whose end was not seen.
    mutating func finish(service: StaticString, into sink: inout RecordSink) {
        guard let start, stage == .judging else { return }
        LoginAttempt(time: start, user: user, clientUser: clientUser).write(service, into: &sink)
        self.start = nil
    }

    /// Whether the line ends with a prompt, or with one and spaces.
    private func ends(with prompts: [StaticString]) -> Bool {
        let end = (line.lastIndex { $0 != 0x20 } ?? -1) + 1
        let bytes = line.span.bytes.extracting(0..<end)
        return prompts.contains { prompt in
            bytes.extracting(droppingFirst: Swift.max(0, end - prompt.utf8CodeUnitCount)).starts(with: prompt)
        }
    }

    /// "Password:", "Password for bob:", or "Your password to login:", which ends as a prompt for a name does: a line
    /// that speaks of a secret asks for no name, for what is typed behind it may be the secret.
    private var isPasswordPrompt: Bool {
        ends(with: Self.passwordPrompts) || isAboutPassword && line.last(where: { $0 != 0x20 }) == 0x3A
            || ends(with: Self.namePrompts) && contains(Self.secrets)
    }

    /// Sentences about passwords end with a colon too: routers ask so whether one is to be changed.
    private var isAboutPassword: Bool {
        contains(["password for ", "passwd for ", "passcode for ", "password of ", "passwd of ", "passcode of "])
    }

    private func contains(_ words: [StaticString]) -> Bool {
        let bytes = line.span.bytes
        return words.contains { HTTPText.contains(bytes, $0) }
    }

    /// A percent sign that a message of a router begins with, cut off from it.
    private var isMark: Bool { line.allSatisfy { $0 == 0x25 || $0 == 0x20 } }
    private var isRefusal: Bool { contains(Self.refusals) }
    private var isGreeting: Bool { contains(Self.greetings) }

    private static let namePrompts: [StaticString] = ["login:", "username:", "user name:", "user:", "account:"]
    private static let passwordPrompts: [StaticString] = ["password:", "passwd:", "passcode:"]
    /// Words for one; many hosts name themselves in front of "login:", so that short ones stand with their spaces.
    private static let secrets: [StaticString] = [
        "passw", "passcode", "pass code", "passphrase", "pass phrase", "kennwort", "mot de passe", "contrase",
        "parola ", "senha ", "wachtwoord", " pin ", "パスワード", "暗証番号", "密码", "密碼", "口令", "비밀번호",
    ]
    private static let shellPrompts: Set<UInt8> = [0x24, 0x23, 0x3E, 0x25]  // $ # > %
    private static let refusals: [StaticString] = [
        "incorrect", "failed", "failure", "invalid", "denied", "bad password", "wrong", "rejected", "not authorized",
        "% bad", "unknown user",
    ]
    /// What only a login that was let in brings: a welcome may stand before the next prompt as well.
    private static let greetings: [StaticString] = ["last login", "last failed login"]
}
