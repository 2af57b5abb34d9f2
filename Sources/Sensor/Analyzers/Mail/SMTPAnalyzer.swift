internal import Shared

/// SMTP (RFC 5321): mails with their envelope, logins (RFC 4954), and the hand-over to TLS after STARTTLS (RFC 3207).
struct SMTPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "smtp"

    private enum Stage { case commands, headers, text }

    private var stage = Stage.commands
    private var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    private var mail = SMTPMail()
    private var content = MailBody()
    private var depth: UInt64 = 1
    private var helo: String?
    private var lastReply: String?
    private var lastVerb = ""
    private var login: MailLogin?
    private var isTextSent = false
    private var verdict = Progress.wantMore

    init() {}

    var heldBytes: Int { lines.heldBytes + content.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if HTTPText.hasPrefix(payload, "ehlo ") || HTTPText.hasPrefix(payload, "helo ") { return .match }
        guard payload.starts(with: "220 ") || payload.starts(with: "220-") else {
            return payload.byteCount < 4 ? .needMore : .noMatch
        }
        for index in 0..<Swift.min(payload.byteCount, 256) {
            guard let letter = try? payload.byte(at: index) | 0x20, letter == 0x73 || letter == 0x66 else { continue }
            let rest = payload.extracting(droppingFirst: index)
            if HTTPText.hasPrefix(rest, "smtp") { return .match }
            if HTTPText.hasPrefix(rest, "ftp") { return .noMatch }
        }
        return .needMore
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        var reader = StreamLines()
        swap(&reader, &lines[side])
        do throws(DecodeError) {
            try reader.append(payload) { line throws(DecodeError) -> Bool in
                if side == .originator {
                    self.takeClient(line, into: &sink)
                } else {
                    self.takeServer(line, into: &sink)
                }
                if case .wantMore = self.verdict { return true }
                return false
            }
        } catch {
            guard stage != .commands else {
                finish(into: &sink)
                throw error
            }
            reader.reset()
        }
        lines[side] = reader
        return verdict
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lines[side].reset()
        if side == .responder { endLogin(into: &sink) }
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        endLogin(into: &sink)
        content.finish(into: &sink)
        if mail.hasEnvelope || depth == 1 && helo != nil { write(tls: lastVerb == "STARTTLS", into: &sink) }
    }

    /// A login whose answer was not seen.
    private mutating func endLogin(into sink: inout RecordSink) {
        login?.write(success: nil, reply: nil, into: &sink)
        login = nil
    }

    private mutating func takeClient(_ line: RawSpan, into sink: inout RecordSink) {
        switch stage {
        // Responses are base64, without blanks.
        case .commands where login != nil && line.firstIndex(of: 0x20) == nil:
            login?.take(response: line, into: &sink)
        case .commands:
            endLogin(into: &sink)
            takeCommand(CommandLine(line), into: &sink)
            guard HTTPText.hasPrefix(line, "auth ") else { return }
            login = MailLogin(Self.service, arguments: line.extracting(droppingFirst: 5), into: &sink)
        case .headers where Self.isEnd(line), .text where Self.isEnd(line):
            stage = .commands
            isTextSent = true
            content.finish(into: &sink)
        case .headers where line.byteCount == 0:
            stage = .text
            content.endHeaders()
        case .headers:
            mail.take(header: line)
            content.take(header: line)
        // A dot was put before a line that begins with one, RFC 5321 §4.5.2.
        case .text: content.take(line.starts(with: "..") ? line.extracting(droppingFirst: 1) : line, into: &sink)
        }
    }

    /// The dot that ends a mail, RFC 5321 §4.1.1.4.
    private static func isEnd(_ line: RawSpan) -> Bool { line.byteCount == 1 && line.starts(with: ".") }

    private mutating func takeCommand(_ command: CommandLine, into sink: inout RecordSink) {
        lastVerb = command.verb
        mail.start = mail.start ?? sink.now
        switch command.verb {
        case "HELO", "EHLO": helo = command.argument
        case "MAIL": mail.sender = SMTPMail.address(command.argument)
        case "RCPT": mail.add(recipient: SMTPMail.address(command.argument))
        case "RSET": mail = SMTPMail()
        default: break
        }
    }

    private mutating func takeServer(_ line: RawSpan, into sink: inout RecordSink) {
        guard let reply = ReplyLine(line), !reply.isContinued else { return }
        takeLoginReply(reply.code, line.extracting(droppingFirst: Swift.min(4, line.byteCount)), into: &sink)
        if lastVerb != "QUIT" { lastReply = HTTPText.text(line, 0..<line.byteCount) }
        if lastVerb == "DATA", reply.code == 354 {
            stage = .headers
        } else if isTextSent {
            write(tls: false, into: &sink)
            (isTextSent, depth, mail, content) = (false, depth + 1, SMTPMail(), MailBody())
        } else if lastVerb == "STARTTLS", reply.code == 220 {
            verdict = .handOver
        }
    }

    /// 334 asks for the next response of the method, 235 ends it well (RFC 4954 sections 4 and 6).
    private mutating func takeLoginReply(_ code: UInt64, _ text: RawSpan, into sink: inout RecordSink) {
        guard code != 334 else { return login?.take(challenge: text, into: &sink) ?? () }
        login?.write(success: code == 235, reply: text, into: &sink)
        login = nil
    }

    private func write(tls: Bool, into sink: inout RecordSink) {
        let smtp = Records.smtp
        sink.begin(smtp, at: mail.start)
        sink.batch.set(smtp.transDepth, depth)
        sink.batch.set(smtp.helo, helo)
        mail.write(into: &sink)
        sink.batch.set(smtp.lastReply, lastReply)
        sink.batch.set(smtp.fuids, content.fuids.nilIfEmpty)
        sink.batch.set(smtp.tls, tls)
        sink.end()
    }
}
