internal import Shared

/// FTP's control connection (RFC 959, RFC 2428): transfers and data channels with their replies, and logins, until
/// AUTH TLS (RFC 4217) hands over.
///
/// As Zeek does, a command waits for the next one, and its reply is the last that came before that. A session with a
/// user and none of the recorded commands shows its last command. What is left without a reply shows the last one of
/// the session.
struct FTPAnalyzer: LineAnalyzer {
    static let service: StaticString = "ftp"

    /// Whether a command becomes a record, as in Zeek.
    private static func isRecorded(_ verb: String) -> Bool {
        switch verb {
        case "ACCT", "PORT", "PASV", "EPRT", "EPSV": true
        default: hasPath(verb)
        }
    }

    private static func hasPath(_ verb: String) -> Bool {
        switch verb {
        case "APPE", "DELE", "RETR", "STOR", "STOU": true
        default: false
        }
    }

    /// Commands that may wait for their reply.
    static let pendingLimit = 64
    /// Bytes of a folder's path that is followed: POSIX demands 256 of a system, BSD takes 1,024.
    static let pathLimit = 1024

    private struct Command: Weighed, Sendable {
        let line: CommandLine
        let time: Timestamp
        /// What it moves over the data connection that was agreed upon.
        let transfer: DataChannels.Number?
        var byteCount: UInt64?
        /// The last reply.
        var reply: ReplyLine?
        /// The first reply that was not preliminary.
        var answer: ReplyLine?

        var weight: Int {
            MemoryLayout<Self>.size + line.argument.utf8.count + (reply?.text).weight + (answer?.text).weight
        }
    }

    var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    private var pending = PendingQueue<Command>(limits: PendingLimits(count: Self.pendingLimit))
    private var user: String?
    private var hasPassword = false
    private var folder = "."
    /// The last agreement about a data connection.
    private var transfer: DataChannels.Number?
    /// Where the next transfer begins within its file (RFC 3659 §5.3), unless the server refuses that.
    private var restart: UInt64 = 0
    /// The last answer to SIZE (RFC 3659 §4), and the path that it is for.
    private var size: (path: String, byteCount: UInt64)?
    /// The server's last reply, to whatever.
    private var lastReply: ReplyLine?
    /// Number of a reply of several lines whose last one has not come.
    private var openReply: UInt64?
    /// The reply to what waits may have been lost: when another command comes, nothing answers it any more.
    private var hasLostReply = false
    private var verdict = Progress.wantMore
    /// The last command that did not become a record, while none did.
    private var unwritten: Command?
    private var isTold = false

    init() {}

    var heldBytes: Int { lines.heldBytes + pending.heldBytes + (lastReply?.text).weight + (size?.path).weight }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult { FTPText.probe(payload, from: side) }

    /// Who logs in after a greeting that names its host alone, as one for files, has found such a server.
    static func probe(_ answer: RawSpan, from side: Side, to question: RawSpan) -> ProbeResult {
        guard side == .originator, HTTPText.hasPrefix(answer, "user "), ServerGreeting.begins(question),
            HTTPText.hasPrefix(question.extracting(droppingFirst: 4), "ftp"), ServerGreeting(question) == nil
        else { return .noMatch }
        return .match
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        try readLines(payload, from: side, into: &sink)
        return verdict
    }

    mutating func takeLine(_ line: RawSpan, from side: Side, into sink: inout RecordSink) -> Bool {
        if side == .originator {
            takeCommand(line, into: &sink)
        } else {
            takeReply(line, into: &sink)
        }
        return if case .wantMore = verdict { true } else { false }
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lines[side].reset()
        switch side {
        // The replies that come now may be those to what was lost.
        case .originator: if !pending.isEmpty, pending[0].answer != nil { complete(pending.remove(at: 0), into: &sink) }
        // What was lost were the replies to all that others follow. It is not known whose the last one was.
        case .responder:
            while pending.count > 1 { complete(pending.remove(at: 0), into: &sink) }
            hasLostReply = !pending.isEmpty
            (lastReply, openReply) = (nil, nil)
        }
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        var waiting = pending.removeAll()
        for index in waiting.indices where waiting[index].reply == nil { waiting[index].reply = lastReply }
        let last = waiting.popLast()
        for command in waiting { complete(command, into: &sink) }
        if let last {
            // A login that the session's only record tells needs no record of its own.
            let isOnly = !isTold && user != nil && !Self.isRecorded(last.line.verb)
            if isOnly { write(last, into: &sink) } else { complete(last, into: &sink) }
        } else if !isTold, user != nil, let unwritten {
            write(unwritten, into: &sink)
        }
        unwritten = nil
    }

    private mutating func takeCommand(_ line: RawSpan, into sink: inout RecordSink) {
        if !pending.isEmpty, pending[0].answer != nil || hasLostReply { complete(pending.remove(at: 0), into: &sink) }
        hasLostReply = false
        // Who goes on has read a whole reply, however it ended.
        openReply = nil
        let command = CommandLine(line)
        if command.verb == "USER" { (user, hasPassword) = (command.argument, false) }
        if command.verb == "PASS" { hasPassword = true }
        let transfer = Self.hasPath(command.verb) ? self.transfer : nil
        if let transfer {
            sink.memories.ftpDataChannels[transfer]?.filename = FTPText.lastName(of: command.argument)
            sink.memories.ftpDataChannels[transfer]?.isBroken = false
        }
        takeRestart(command, of: transfer, into: &sink)
        pending.append(Command(line: command, time: sink.now, transfer: transfer))
        while let oldest = pending.removeExcess() { complete(oldest, into: &sink) }
    }

    /// Servers keep the place over the commands for the data connection (§5.4 has the transfer follow at once).
    private mutating func takeRestart(
        _ command: CommandLine, of transfer: DataChannels.Number?, into sink: inout RecordSink
    ) {
        switch command.verb {
        case "REST": restart = UInt64(command.argument) ?? 0
        case "RETR", "STOR":
            if let transfer { sink.memories.ftpDataChannels[transfer]?.restart = restart }
            restart = 0
        default: break
        }
    }

    private mutating func takeReply(_ line: RawSpan, into sink: inout RecordSink) {
        guard let reply = ReplyLine(line), isLast(reply) else { return }
        lastReply = reply
        guard !pending.isEmpty else { return }
        pending.update(0) { $0.reply = reply }
        if (100..<200).contains(reply.code) {
            guard pending[0].line.verb == "RETR" else { return }
            let asked = size?.path == pending[0].line.argument ? size?.byteCount : nil
            let told = reply.code == 150 ? FTPText.byteCount(reply.text) : nil
            return pending.update(0) { $0.byteCount = told ?? asked }
        }
        if pending[0].answer == nil {
            pending.update(0) { $0.answer = reply }
            // Connection closed, transfer aborted: it may have been closed as at a file's end.
            if reply.code == 426, let number = pending[0].transfer {
                sink.memories.ftpDataChannels[number]?.isBroken = true
            }
            follow(pending[0], reply, into: &sink)
        }
        // The next command was sent before this reply came.
        if pending.count > 1 { complete(pending.remove(at: 0), into: &sink) }
    }

    /// Whether a reply ends with this line. One of several lines ends with its own number and a blank; what its other
    /// lines begin with means nothing (RFC 959 §4.2).
    private mutating func isLast(_ reply: ReplyLine) -> Bool {
        if let openReply, reply.code != openReply { return false }
        openReply = reply.isContinued ? reply.code : nil
        return !reply.isContinued
    }

    /// What a command changes, once it was answered.
    private mutating func follow(_ command: Command, _ reply: ReplyLine, into sink: inout RecordSink) {
        switch (command.line.verb, reply.code) {
        case ("AUTH", 234): verdict = .handOver
        case ("CWD", 250): enter(FTPText.path(command.line.argument, in: folder))
        case ("CDUP", 200), ("CDUP", 250): enter(FTPText.path("..", in: folder))
        case ("PWD", 257), ("XPWD", 257): enter(FTPText.quoted(reply.text).map { FTPText.path($0, in: "") } ?? folder)
        case ("REST", 400...): restart = 0
        case ("SIZE", 213): take(size: reply.text, of: command.line.argument)
        default: agree(command.line, reply, into: &sink)
        }
    }

    private mutating func take(size: String, of path: String) {
        guard path.utf8.count <= Self.pathLimit else { return }
        self.size = FTPText.byteCount(size).map { (path, $0) }
    }

    /// Every transfer's record has the folder in it: one that is longer than any real one is not followed.
    private mutating func enter(_ path: String) {
        if path.utf8.count <= Self.pathLimit { folder = path }
        // What had this name before was another file.
        size = nil
    }

    /// A command and its replies are complete.
    private mutating func complete(_ command: Command, into sink: inout RecordSink) {
        if Self.isRecorded(command.line.verb) {
            write(command, into: &sink)
        } else {
            writeLogin(command, into: &sink)
            unwritten = command
        }
    }

    /// RFC 959 section 5.4: logged in, or not; 430 is in use for the latter too.
    private func writeLogin(_ command: Command, into sink: inout RecordSink) {
        guard let answer = command.answer, answer.code == 230 || answer.code == 430 || answer.code == 530,
            command.line.verb == "USER" || command.line.verb == "PASS" || command.line.verb == "ACCT"
        else { return }
        let attempt = LoginAttempt(
            time: command.time, user: user, success: answer.code == 230, message: answer.text)
        attempt.write(Self.service, into: &sink)
    }

    private mutating func write(_ command: Command, into sink: inout RecordSink) {
        isTold = true
        let ftp = Records.ftp
        sink.begin(ftp, at: command.time)
        sink.batch.set(ftp.user, user ?? "<unknown>")
        if hasPassword { sink.batch.set(ftp.password, "<hidden>") }
        sink.batch.set(ftp.command, command.line.verb)
        sink.batch.set(ftp.arg, argument(of: command.line, sink.connection.responder))
        sink.batch.set(ftp.fileSize, command.byteCount)
        sink.batch.set(ftp.replyCode, command.reply?.code)
        sink.batch.set(ftp.replyMsg, command.reply?.text)
        writeChannel(command.line, command.answer, into: &sink)
        if let number = command.transfer, let transfer = sink.memories.ftpDataChannels[number] {
            sink.batch.set(ftp.fuid, transfer.fuid)
            sink.batch.set(ftp.mimeType, transfer.mimeType)
        }
        sink.end()
    }

    private func argument(of line: CommandLine, _ server: IPAddress) -> String? {
        if line.argument.isEmpty { return nil }
        guard Self.hasPath(line.verb) else { return FTPText.shown(line) }
        let host = server.isIPv4 ? server.description : "[\(server)]"
        let path = FTPText.path(line.argument, in: folder)
        return "ftp://\(host)\(path.hasPrefix("/") ? "" : "/")\(path)"
    }

    /// Where the data connection goes, or would have gone had the server not refused it.
    private func writeChannel(_ line: CommandLine, _ reply: ReplyLine?, into sink: inout RecordSink) {
        let ftp = Records.ftp
        guard let end = FTPText.dataChannel(line, reply) else { return }
        let isPassive = line.verb == "PASV" || line.verb == "EPSV"
        let (client, server) = (sink.connection.originator, sink.connection.responder)
        sink.batch.set(ftp.dataChannelPassive, isPassive)
        sink.batch.set(ftp.dataChannelOrigH, isPassive ? client : server)
        sink.batch.set(ftp.dataChannelRespH, end.address ?? (isPassive ? server : client))
        sink.batch.set(ftp.dataChannelRespP, end.port)
    }

    /// The data connection that a command and its reply have agreed upon is awaited.
    private mutating func agree(_ line: CommandLine, _ reply: ReplyLine, into sink: inout RecordSink) {
        guard FTPText.isPositive(reply), let end = FTPText.dataChannel(line, reply) else { return }
        let isPassive = line.verb == "PASV" || line.verb == "EPSV"
        // Behind address translation the announced address is not the one that is seen.
        let (client, server) = (sink.connection.originator, sink.connection.responder)
        let seen = isPassive ? server : client
        var ends = [DataChannels.Endpoint(address: seen, port: end.port)]
        if let announced = end.address, announced != seen {
            ends.append(DataChannels.Endpoint(address: announced, port: end.port))
        }
        let number = sink.memories.ftpDataChannels.agree(ends, at: sink.now)
        // Where other services are, even the session's own ends must first prove that this is none of those.
        if end.port >= 1024 || end.port == 20 {
            sink.memories.ftpDataChannels[number]?.expected = (ends[0], isPassive ? client : server)
        }
        transfer = number
    }
}
