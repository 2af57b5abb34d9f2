internal import Shared

/// FTP's control connection (RFC 959, RFC 2428): transfers, data channels and logins with their replies, until AUTH
/// TLS (RFC 4217) hands over.
struct FTPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "ftp"

    /// Commands that become records: Zeek's, and those that tell of logins.
    private static let recorded: Set<String> = [
        "APPE", "DELE", "RETR", "STOR", "STOU", "ACCT", "PORT", "PASV", "EPRT", "EPSV", "PASS", "QUIT",
    ]
    private static let withPath: Set<String> = ["APPE", "DELE", "RETR", "STOR", "STOU"]
    /// Commands that may wait for their reply.
    static let pendingLimit = 64

    private struct Command: Sendable {
        let line: CommandLine
        let time: Timestamp
        var byteCount: UInt64?
    }

    private var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    private var pending: [Command] = []
    private var user: String?
    private var hasPassword = false
    private var folder = "."
    private var verdict = Progress.wantMore

    init() {}

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.starts(with: "220 ") || payload.starts(with: "220-") else {
            return payload.byteCount < 4 ? .needMore : .noMatch
        }
        for index in 0..<Swift.min(payload.byteCount, 512) {
            let rest = payload.extracting(droppingFirst: index)
            if HTTPText.hasPrefix(rest, "ftp") { return .match }
            if HTTPText.hasPrefix(rest, "smtp") { return .noMatch }
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
                    self.takeCommand(line, into: &sink)
                } else {
                    self.takeReply(line, into: &sink)
                }
                if case .wantMore = self.verdict { return true }
                return false
            }
        } catch {
            finish(into: &sink)
            throw error
        }
        lines[side] = reader
        return verdict
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lines[side].reset()
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        for command in pending { write(command, reply: nil, into: &sink) }
        pending = []
    }

    private mutating func takeCommand(_ line: RawSpan, into sink: inout RecordSink) {
        let command = CommandLine(line)
        if command.verb == "USER" { (user, hasPassword) = (command.argument, false) }
        if command.verb == "PASS" { hasPassword = true }
        if pending.count >= Self.pendingLimit { write(pending.removeFirst(), reply: nil, into: &sink) }
        pending.append(Command(line: command, time: sink.now))
    }

    private mutating func takeReply(_ line: RawSpan, into sink: inout RecordSink) {
        guard let reply = ReplyLine(line), !reply.isContinued, !pending.isEmpty else { return }
        if (100..<200).contains(reply.code) {
            pending[0].byteCount = FTPText.byteCount(reply.text)
            return
        }
        let command = pending.removeFirst()
        if command.line.verb == "AUTH", reply.code == 234 { verdict = .handOver }
        if command.line.verb == "CWD", reply.code == 250 { folder = FTPText.path(command.line.argument, in: folder) }
        if command.line.verb == "PWD", reply.code == 257 { folder = FTPText.quoted(reply.text) ?? folder }
        write(command, reply: reply, into: &sink)
    }

    private func write(_ command: Command, reply: ReplyLine?, into sink: inout RecordSink) {
        guard Self.recorded.contains(command.line.verb) else { return }
        let ftp = Records.ftp
        sink.begin(ftp, at: command.time)
        sink.batch.set(ftp.user, user ?? "<unknown>")
        if hasPassword { sink.batch.set(ftp.password, "<hidden>") }
        sink.batch.set(ftp.command, command.line.verb)
        sink.batch.set(ftp.arg, argument(of: command.line, sink.connection.responder))
        sink.batch.set(ftp.fileSize, command.byteCount)
        sink.batch.set(ftp.replyCode, reply?.code)
        sink.batch.set(ftp.replyMsg, reply?.text)
        writeChannel(command.line, reply, into: &sink)
        sink.end()
    }

    private func argument(of line: CommandLine, _ server: IPAddress) -> String? {
        if line.verb == "PASS" || line.argument.isEmpty { return nil }
        guard Self.withPath.contains(line.verb) else { return line.argument }
        let host = server.isIPv4 ? server.description : "[\(server)]"
        let path = FTPText.path(line.argument, in: folder)
        return "ftp://\(host)\(path.hasPrefix("/") ? "" : "/")\(path)"
    }

    /// Where the data connection goes, as the sides agreed.
    private func writeChannel(_ line: CommandLine, _ reply: ReplyLine?, into sink: inout RecordSink) {
        let ftp = Records.ftp
        guard let reply, (200..<300).contains(reply.code) else { return }
        let isPassive = line.verb == "PASV" || line.verb == "EPSV"
        let (client, server) = (sink.connection.originator, sink.connection.responder)
        let end: (IPAddress?, UInt16)? =
            switch line.verb {
            case "PASV": FTPText.hostAndPort(reply.text)
            case "PORT": FTPText.hostAndPort(line.argument)
            case "EPSV", "EPRT": FTPText.extendedPort(line.verb == "EPSV" ? reply.text : line.argument)
            default: nil
            }
        guard let end else { return }
        sink.batch.set(ftp.dataChannelPassive, isPassive)
        sink.batch.set(ftp.dataChannelOrigH, isPassive ? client : server)
        sink.batch.set(ftp.dataChannelRespH, end.0 ?? (isPassive ? server : client))
        sink.batch.set(ftp.dataChannelRespP, end.1)
    }
}
