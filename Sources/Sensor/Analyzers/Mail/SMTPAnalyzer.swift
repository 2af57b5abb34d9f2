internal import Shared

/// SMTP (RFC 5321): mails with their envelope, also in chunks (RFC 3030), logins (RFC 4954), and the hand-over to TLS
/// after STARTTLS (RFC 3207).
struct SMTPAnalyzer: LineAnalyzer {
    static let service: StaticString = "smtp"

    private enum Stage { case commands, text }

    private var stage = Stage.commands
    /// Whether the mail's own headers still come.
    private var isInHeaders = true
    private var chunk = MailChunk()
    var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    private var mail = SMTPMail()
    private var content = MailBody()
    /// Number of the mail whose text the server answers next.
    private var depth: UInt64 = 1
    /// Something was said that deserves a record, as Zeek sees it: an envelope, or TLS.
    private var isOpen = false
    private var helo: String?
    /// Since the last record.
    private var lastReply: String?
    /// The server was seen to say something.
    private var serverSpeaks = false
    private var isTLS = false
    private var lastVerb = ""
    private var login: MailLogin?
    private var isTextSent = false
    /// Something came behind DATA.
    private var hasText = false
    /// Commands whose replies have not come: with pipelining (RFC 2920) the next reply need not be the mail's.
    private var unanswered = PipelinedReplies()
    private var verdict = Progress.wantMore

    init() {}

    var heldBytes: Int { lines.heldBytes + content.heldBytes + chunk.heldBytes + mail.texts.weight }

    /// Longest name of a host, RFC 5321 §4.5.3.1.2: every mail's record has it.
    private static let domainLimit = 255

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if HTTPText.hasPrefix(payload, "ehlo ") || HTTPText.hasPrefix(payload, "helo ") { return .match }
        // LMTP (RFC 2033), which hands mails to their boxes.
        if HTTPText.hasPrefix(payload, "lhlo ") { return .match }
        // Where the beginning was not seen.
        if HTTPText.hasPrefix(payload, "mail from:") || HTTPText.hasPrefix(payload, "rcpt to:") { return .match }
        guard ServerGreeting.begins(payload) else { return payload.byteCount < 4 ? .needMore : .noMatch }
        return switch ServerGreeting(payload) {
        case .mail: .match
        case .files: .noMatch
        case nil: .needMore
        }
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if side == .originator {
            try takeClient(payload, into: &sink)
        } else {
            try readLines(payload, from: side, into: &sink)
        }
        return verdict
    }

    private var goesOn: Bool { if case .wantMore = verdict { true } else { false } }

    mutating func takeLine(_ line: RawSpan, from side: Side, into sink: inout RecordSink) -> Bool {
        guard side == .responder else {
            takeClientLine(line, into: &sink)
            return true
        }
        takeServer(line, into: &sink)
        return goesOn
    }

    /// Takes lines, and chunks where a command announces one.
    private mutating func takeClient(_ payload: RawSpan, into sink: inout RecordSink) throws(DecodeError) {
        var rest = payload
        while rest.byteCount > 0, goesOn {
            if chunk.isOpen {
                let count = takeChunk(rest, into: &sink)
                rest = rest.extracting(droppingFirst: count)
            } else {
                // Line by line: what stands behind a command may be a chunk or text, and behind text a command.
                let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.byteCount
                let line = rest.extracting(0..<end)
                switch stage {
                case .commands: try readLines(line, from: .originator, into: &sink)
                case .text: readPieces(line, from: .originator) { $0.takeTextLine($1, $2, into: &sink) }
                }
                rest = rest.extracting(droppingFirst: end)
            }
        }
    }

    /// Takes content of a chunk: lines of the mail, wherever chunks begin and end.
    /// - Returns: bytes taken.
    private mutating func takeChunk(_ bytes: RawSpan, into sink: inout RecordSink) -> Int {
        var open = MailChunk()
        swap(&open, &chunk)
        let count = open.take(bytes) { line, piece in self.takeText(line, piece, into: &sink) }
        chunk = open
        if !chunk.isOpen, chunk.isLast { endText(into: &sink) }
        return count
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lines[side].reset()
        unanswered.lose()
        guard side == .originator else {
            login.end(success: nil, reply: nil, into: &sink)
            return .wantMore
        }
        login?.lose()
        if chunk.isOpen || stage == .text { content.lose(byteCount) }
        if chunk.isOpen {
            chunk.lose(byteCount)
            if !chunk.isOpen, chunk.isLast { endText(into: &sink) }
        }
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        login.end(success: nil, reply: nil, into: &sink)
        flush(into: &sink)
    }

    private mutating func takeClientLine(_ line: RawSpan, into sink: inout RecordSink) {
        // Responses are base64, without blanks.
        if login != nil, line.firstIndex(of: 0x20) == nil {
            unanswered.add()
            login?.take(response: line, into: &sink)
            return
        }
        login.end(success: nil, reply: nil, into: &sink)
        takeCommand(CommandLine(line), into: &sink)
        guard HTTPText.hasPrefix(line, "auth ") else { return }
        login = MailLogin(Self.service, arguments: line.extracting(droppingFirst: 5), into: &sink)
    }

    /// A line behind DATA, or a piece of one.
    private mutating func takeTextLine(_ line: RawSpan, _ piece: LinePiece, into sink: inout RecordSink) {
        if !hasText, lastVerb == "DATA", Self.isCommand(line) {
            // The text was refused, and that was lost: none of these is a header.
            stage = .commands
            return takeClientLine(line, into: &sink)
        }
        hasText = true
        if !piece.goesOn, Self.isEnd(line) {
            stage = .commands
            unanswered.add()
            return endText(into: &sink)
        }
        // A dot was put before a line that begins with one, RFC 5321 §4.5.2.
        let isGuarded = !piece.goesOn && line.starts(with: "..")
        takeText(isGuarded ? line.extracting(droppingFirst: 1) : line, piece, into: &sink)
    }

    /// A line of the mail itself, or a piece of one.
    private mutating func takeText(_ line: RawSpan, _ piece: LinePiece, into sink: inout RecordSink) {
        guard isInHeaders else { return content.take(line, piece, into: &sink) }
        // Of a header too long to be one, the beginning tells.
        guard !piece.goesOn else { return }
        if line.byteCount == 0 {
            isInHeaders = false
            content.endHeaders()
        } else {
            let header = line.extracting(first: StreamLines.lineLimit)
            mail.take(header: header)
            content.take(header: header)
        }
    }

    private mutating func endText(into sink: inout RecordSink) {
        isTextSent = true
        unanswered.mark()
        content.finish(endsInLine: chunk.endsInLine, into: &sink)
    }

    /// The mail's text has been answered.
    private mutating func endMail(into sink: inout RecordSink) {
        flush(into: &sink)
        depth += 1
    }

    /// Tells of the mail so far; what follows is another.
    private mutating func flush(into sink: inout RecordSink) {
        content.cutOff(into: &sink)
        guard isOpen || isTextSent else { return }
        write(into: &sink)
        (isOpen, isTextSent, lastReply, mail, content) = (false, false, nil, SMTPMail(), MailBody())
        (isInHeaders, chunk) = (true, MailChunk())
    }

    private static func isCommand(_ line: RawSpan) -> Bool {
        HTTPText.equals(line, "rset") || HTTPText.equals(line, "quit") || HTTPText.equals(line, "noop")
            || HTTPText.hasPrefix(line, "mail from:")
    }

    /// The dot that ends a mail, RFC 5321 §4.1.1.4.
    private static func isEnd(_ line: RawSpan) -> Bool { line.byteCount == 1 && line.starts(with: ".") }

    private mutating func takeCommand(_ command: CommandLine, into sink: inout RecordSink) {
        unanswered.add()
        lastVerb = command.verb
        // The text before may be answered later, unless the server is not seen at all.
        if command.verb == "MAIL" { if isTextSent, serverSpeaks { endMail(into: &sink) } else { flush(into: &sink) } }
        mail.start = mail.start ?? sink.now
        switch command.verb {
        case "HELO", "EHLO", "LHLO": helo = String(command.argument.prefix(Self.domainLimit))
        case "MAIL" where !command.argument.isEmpty:
            (isOpen, mail.sender) = (true, MailAddresses.inCommand(command.argument))
        case "RCPT" where !command.argument.isEmpty:
            isOpen = true
            mail.add(recipient: MailAddresses.inCommand(command.argument))
        // Nothing but the text may follow (RFC 2920 §3.1), and some do not wait to be asked for it.
        case "DATA": (stage, hasText) = (.text, false)
        case "BDAT":
            chunk.open(command.argument)
            let nothing: [UInt8] = []
            if !chunk.isOpen { _ = takeChunk(nothing.span.bytes, into: &sink) }
        default: break
        }
    }

    private mutating func takeServer(_ line: RawSpan, into sink: inout RecordSink) {
        guard let reply = ReplyLine(line), !reply.isContinued else { return }
        takeLoginReply(reply.code, line.extracting(droppingFirst: Swift.min(4, line.byteCount)), into: &sink)
        let isOfText = unanswered.takeReply()
        lastReply = HTTPText.text(line, 0..<line.byteCount)
        // The text is refused: what comes are commands.
        if lastVerb == "DATA", !isTextSent, reply.code >= 400 { stage = .commands }
        serverSpeaks = true
        if lastVerb == "DATA", reply.code == 354, !isTextSent {
            (stage, lastVerb) = (.text, "")
        } else if isTextSent {
            if isOfText { endMail(into: &sink) }
        } else if lastVerb == "STARTTLS", reply.code == 220 {
            (verdict, isTLS, isOpen) = (.handOver, true, true)
        }
    }

    /// 334 asks for the next response of the method, 235 ends it well (RFC 4954 sections 4 and 6).
    private mutating func takeLoginReply(_ code: UInt64, _ text: RawSpan, into sink: inout RecordSink) {
        guard code != 334 else { return login?.take(challenge: text, into: &sink) ?? () }
        login.end(success: code == 235, reply: text, into: &sink)
    }

    private func write(into sink: inout RecordSink) {
        let smtp = Records.smtp
        sink.begin(smtp, at: mail.start)
        sink.batch.set(smtp.transDepth, depth)
        sink.batch.set(smtp.helo, helo)
        mail.write(into: &sink)
        sink.batch.set(smtp.lastReply, lastReply)
        sink.batch.set(smtp.fuids, content.fuids.nilIfEmpty)
        sink.batch.set(smtp.tls, isTLS)
        sink.end()
    }
}
