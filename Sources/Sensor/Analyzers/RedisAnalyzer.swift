internal import Shared

/// Redis (RESP 2 and 3, redis.io/docs/reference/protocol-spec): one record a command, with its answer.
struct RedisAnalyzer: ReversibleAnalyzer {
    static let service: StaticString = "redis"

    /// Longest message that is read whole; of a longer one, the beginning.
    private static let messageLimit = 65_536
    /// Commands that may wait for their answer.
    private static let pendingLimit = 1024
    /// Bytes of a value that records show.
    private static let textLimit = 1024
    /// Words of a command that are kept.
    private static let wordLimit = 8
    /// Replies behind that to ACL which may still be its own, for all that is known of the order.
    private static let replyMargin = 4

    private struct Command: Weighed, Sendable {
        let time: Timestamp
        let words: [String]
        /// It has no answer outside of transactions.
        var isSilent = false

        var weight: Int { words.weight }
    }

    /// Whether the server counts as originator, as in a connection that was picked up in its middle; nil until told.
    private(set) var isReversed: Bool?
    private var scans = PerSide(originator: Scan(), responder: Scan())
    private var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    /// Commands that were written before their reply came, since there were too many.
    private var toldWithoutReply = 0
    private var pending = PendingQueue<Command>(limits: PendingLimits(count: Self.pendingLimit, weight: 1 << 20))
    /// What the client has asked for with CLIENT REPLY: no answers, or none to the next command.
    private var isReplyOff = false, skipsReply = false
    /// The server keeps commands until EXEC, as of the last command that it answered.
    private var isInTransaction = false
    /// The same as of the last command that the client sent, and whether CLIENT REPLY is among what is kept.
    private var beginsTransaction = false, keepsWish = false
    /// The client asked for messages of a channel once.
    private var hasSubscribed = false
    /// Whether a command was answered is not known: replies cannot be told apart any more.
    private var isOrderLost = false
    /// The same for a while behind a loss.
    private var resumption = RedisResumption()
    /// Replies that may be the one with digests of passwords.
    private var secretReplies = 0
    /// The client wants to follow the server's changes: what comes then is no protocol of commands and answers.
    private var becomesReplica = false

    init() {}

    var heldBytes: Int { streams.heldBytes + pending.heldBytes }

    /// An array of bulk strings, the first of them a word; an inline command; or an answer that is one bulk string.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.starts(with: "*") else {
            if side == .originator { return RedisInlineCommand.probe(payload) }
            return isBulkString(payload) ? .match : .noMatch
        }
        guard let (count, first) = number(payload, at: 1), (1...1024).contains(count),
            (try? payload.byte(at: first)) == 0x24, let (size, start) = number(payload, at: first + 1),
            (1...32).contains(size), let letter = try? payload.byte(at: start)
        else { return .noMatch }
        return HTTPText.isLetter(letter) ? .match : .noMatch
    }

    /// A line of words that others say too is Redis' when its answer is.
    static func probe(_ answer: RawSpan, from side: Side, to question: RawSpan) -> ProbeResult {
        side == .responder && RedisResumption.isReply(answer) && RedisInlineCommand.probe(question) == .needMore
            ? .match : .noMatch
    }

    /// A text whose length is that of the payload, or none.
    private static func isBulkString(_ payload: RawSpan) -> Bool {
        guard payload.starts(with: "$"), let (size, start) = number(payload, at: 1), size >= -1 else { return false }
        guard size >= 0 else { return start == payload.byteCount }
        return start + size + 2 == payload.byteCount && (try? payload.byte(at: start + size)) == 0x0D
            && (try? payload.byte(at: start + size + 1)) == 0x0A
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        settleRoles(payload, from: side)
        let side = role(of: side)
        var stream = streams.take(side, leaving: FramedStream())
        var scan = scans[side]
        try stream.append(payload, limit: Self.messageLimit) { segment in
            RedisResumption.begins(segment, from: side)
        } length: { bytes throws(DecodeError) -> Int in
            // Those that prepare a copy of all data send empty lines meanwhile.
            if becomesReplica, side == .responder, bytes.starts(with: "\n") { return 1 }
            return try scan.piece(bytes, from: side, limit: Self.messageLimit)
        } take: { message throws(DecodeError) -> Bool in
            if side == .responder, message.starts(with: "\n") { return true }
            guard scan.begins() else { return true }
            if side == .originator {
                takeCommand(message, into: &sink)
            } else {
                takeReply(message, into: &sink)
            }
            return !isReplica
        }
        streams[side] = stream
        scans[side] = scan
        return isReplica ? .finished : .wantMore
    }

    /// Commands begin with a letter, or are an array: who says anything else first answers.
    private mutating func settleRoles(_ payload: RawSpan, from side: Side) {
        guard isReversed == nil, side == .originator, let first = try? payload.byte(at: 0) else { return }
        // The rest of a text that began before the capture is no answer.
        isReversed = Self.isType(first) && first != 0x2A && (first != 0x24 || Self.isBulkString(payload))
        guard isReversed == true else { return }
        streams = PerSide(originator: FramedStream(), responder: FramedStream())
        scans = PerSide(originator: Scan(), responder: Scan())
    }

    /// Everything was answered that came before the copy of all data.
    private var isReplica: Bool { becomesReplica && pending.isEmpty }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let side = role(of: side)
        if streams[side].lose(byteCount) { return .wantMore }
        for command in pending.removeAll() { tellUnanswered(command, into: &sink) }
        streams[side].loseMessage()
        scans[side] = Scan()
        resumption.lose(from: side, at: sink.now)
        (toldWithoutReply, skipsReply) = (0, false)
        // What the client wished of replies in a transaction counts from a moment that is not known any more.
        isOrderLost = isOrderLost || keepsWish
        if side == .originator {
            (beginsTransaction, keepsWish) = (false, false)
            secretReplies = Swift.max(secretReplies, Self.replyMargin)
        }
        isInTransaction = beginsTransaction
        return isReplica ? .finished : .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        for command in pending.removeAll() { write(command, reply: nil, into: &sink) }
    }

    /// The number of a line that ends with CRLF, and where the next line begins.
    static func number(_ bytes: RawSpan, at offset: Int) -> (Int, Int)? {
        guard let end = bytes.firstIndex(of: 0x0D, from: offset), end + 1 < bytes.byteCount, end - offset <= 12,
            let value = Int(bytes.extracting(offset..<end).text())
        else { return nil }
        return (value, end + 2)
    }

    /// Bytes of the message that begins here, 0 when that cannot be told yet. Only a client's may be a line of words.
    static func length(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        var scan = Scan()
        return try scan.length(bytes, from: side)
    }

    /// How far a message was looked through that has not all come: what was seen is not looked at again.
    private struct Scan: Sendable {
        /// Values that may be still to come, nested ones included: more than a server has.
        private static let valueLimit = 1 << 40

        private var offset = 0
        /// Values that are still to come.
        private var left = 1
        /// The beginning of this message was handed on already.
        private var goesOn = false

        /// Bytes of the message that begins here, or of a part of it when it is longer than `limit` bytes; 0 when that
        /// cannot be told yet.
        mutating func piece(_ bytes: RawSpan, from side: Side, limit: Int) throws(DecodeError) -> Int {
            let whole = try length(bytes, from: side)
            guard whole == 0, goesOn || bytes.byteCount >= limit else { return whole }
            let part = offset
            // A large value in the middle is passed over once there is nothing else.
            guard part <= bytes.byteCount || bytes.byteCount >= limit else { return 0 }
            offset = 0
            return part
        }

        /// Whether the piece that was measured begins a message. Makes ready for the next one.
        mutating func begins() -> Bool {
            let begins = !goesOn
            if left == 0 { self = Scan() } else { goesOn = true }
            return begins
        }

        /// - Parameter bytes: of the message, from its beginning.
        mutating func length(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
            while left > 0 {
                guard offset < bytes.byteCount else { return 0 }
                let type = try bytes.byte(at: offset)
                if side == .responder, !RedisAnalyzer.isType(type) { throw .invalid(.type) }
                guard let end = bytes.firstIndex(of: 0x0A, from: offset) else { return 0 }
                try take(type, bytes, lineEnd: end)
                guard left <= Self.valueLimit else { throw .limit(.count) }
            }
            return offset
        }

        private mutating func take(_ type: UInt8, _ bytes: RawSpan, lineEnd: Int) throws(DecodeError) {
            left -= 1
            switch type {
            case 0x24, 0x3D, 0x21, 0x2A, 0x7E, 0x3E, 0x25, 0x7C:  // $ = ! * ~ > % |
                guard let (value, next) = RedisAnalyzer.number(bytes, at: offset + 1), value <= 512 << 20 else {
                    throw .invalid(.length)
                }
                offset = next
                // Null has a length of -1; an empty text still ends with CRLF.
                if value < 0 { return }
                switch type {
                case 0x24, 0x3D, 0x21: offset += value + 2
                case 0x25: left += value * 2
                // Attributes, and what they belong to.
                case 0x7C: left += value * 2 + 1
                default: left += value
                }
            default: offset = lineEnd + 1
            }
        }
    }

    /// Replies to these list users with digests of their passwords; those to a transaction are any command's.
    private static func mayTellSecrets(_ command: String?) -> Bool { command == "ACL" || command == "EXEC" }

    /// Whether a command asks for users with digests of their passwords.
    private static func asksForDigests(_ words: [String]) -> Bool {
        words.count > 1 && words[0] == "ACL" && ["LIST", "GETUSER"].contains(words[1].uppercased())
    }

    /// The bytes that values begin with.
    static func isType(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2B, 0x2D, 0x3A, 0x24, 0x2A, 0x5F, 0x23, 0x2C, 0x28, 0x21, 0x3D, 0x25, 0x7C, 0x7E, 0x3E: true
        default: false
        }
    }

    /// The words of a command: bulk strings of an array, or an inline command.
    private mutating func takeCommand(_ message: RawSpan, into sink: inout RecordSink) {
        var words = Self.words(message, limit: Self.wordLimit)
        guard let name = words.first else { return }
        words[0] = name.uppercased()
        resumption.command(at: sink.now)
        var command = Command(time: sink.now, words: words)
        // Subscriptions are answered by messages that never end; monitoring too.
        if Self.subscriptions.contains(words[0]) {
            hasSubscribed = true
            return write(command, reply: nil, into: &sink)
        }
        if Self.isForReplicas(words) { becomesReplica = true }
        if words[0] == "REPLCONF" {
            switch Self.replicationReply(message) {
            case .given: break
            // Nor is it known whether the server refuses it for it only takes a few commands beside subscriptions.
            case .none where !hasSubscribed: command.isSilent = true
            case .none, .unknown: isOrderLost = true
            }
        }
        let isAnswered = isAnswered(words)
        defer { noteTransaction(words) }
        guard isAnswered, !isOrderLost, !resumption.isUnsure else { return tellUnanswered(command, into: &sink) }
        if command.isSilent, pending.isEmpty, !isInTransaction { return tellUnanswered(command, into: &sink) }
        pending.append(command)
        if Self.asksForDigests(words) { secretReplies = pending.count + Self.replyMargin }
        while let oldest = pending.removeExcess() {
            tellUnanswered(oldest, into: &sink)
            if oldest.isSilent, !isInTransaction { continue }
            followTransaction(oldest, isRefused: false)
            toldWithoutReply += 1
        }
    }

    /// The first words of a command: bulk strings of an array, or an inline command.
    private static func words(_ message: RawSpan, limit: Int) -> [String] {
        guard message.starts(with: "*"), let (count, first) = number(message, at: 1) else {
            let line = message.extracting(first: 2 * textLimit)
            let end = line.firstIndex(of: 0x0A) ?? line.byteCount
            let text = line.extracting(0..<HTTPText.endOfLine(line.extracting(0..<end)))
            return RedisInlineCommand.words(text, limit: limit)
        }
        var words: [String] = []
        var offset = first
        // An array may be null, of -1 words.
        for _ in 0..<Swift.min(Swift.max(0, count), limit) {
            guard let (size, start) = number(message, at: offset + 1), size >= 0 else { break }
            let end = Swift.min(start + Swift.min(size, textLimit), message.byteCount)
            guard start <= end else { break }
            words.append(message.extracting(start..<end).text())
            offset = start + size + 2
        }
        return words
    }

    /// Whether a server answers this REPLCONF, which a replica's never is too long to look through for.
    private static func replicationReply(_ message: RawSpan) -> RedisReplicationReply {
        let words = words(message, limit: 256)
        if message.starts(with: "*"), let (count, _) = number(message, at: 1) {
            return words.count == count ? RedisReplicationReply(to: words) : count % 2 == 1 ? .unknown : .given
        }
        return message.byteCount <= 2 * textLimit && words.count < 256 ? RedisReplicationReply(to: words) : .unknown
    }

    /// Tells a command whose answer is none or not known; nothing of how far a replica has come, which it says each
    /// second.
    private func tellUnanswered(_ command: Command, into sink: inout RecordSink) {
        if command.isSilent, command.words.count > 1, command.words[1].uppercased() == "ACK" { return }
        write(command, reply: nil, into: &sink)
    }

    /// Tells the commands without an answer in front of the first one that has one.
    private mutating func passOverSilent(into sink: inout RecordSink) {
        while !isInTransaction, !pending.isEmpty, pending[0].isSilent {
            tellUnanswered(pending.remove(at: 0), into: &sink)
        }
    }

    /// Takes note of a transaction that begins or ends with a command that was answered (redis.io/docs/latest/develop/
    /// using-commands/transactions).
    private mutating func followTransaction(_ command: Command, isRefused: Bool) {
        switch command.words[0] {
        case "MULTI": isInTransaction = isInTransaction || !isRefused
        case "DISCARD", "RESET": isInTransaction = isInTransaction && isRefused
        // Refused, it gives the transaction up; before version 6.2, not for a word too many.
        case "EXEC": isInTransaction = isInTransaction && isRefused && command.words.count > 1
        default: break
        }
    }

    /// Takes note of a transaction that the client begins or ends. What it wished of replies there, and whether that
    /// came to be, makes them unfit for what follows.
    private mutating func noteTransaction(_ words: [String]) {
        switch words[0] {
        case "MULTI" where words.count == 1: beginsTransaction = true
        case "EXEC" where keepsWish: isOrderLost = true
        case "EXEC", "DISCARD", "RESET":
            if words.count == 1 { (beginsTransaction, keepsWish) = (false, false) }
        default: break
        }
    }

    /// Takes note that the client's transaction may not have begun: what it wished of replies counts at once then.
    private mutating func settleTransaction(_ command: Command, isRefused: Bool, into sink: inout RecordSink) {
        if keepsWish, isRefused, command.words == ["MULTI"], !isInTransaction {
            isOrderLost = true
            for command in pending.removeAll() { tellUnanswered(command, into: &sink) }
        }
        if pending.isEmpty { beginsTransaction = isInTransaction }
    }

    /// Whether a reply refuses REPLCONF to a user who may not give it: then also what else has no answer.
    private static func refusesReplicas(_ message: RawSpan) -> Bool {
        guard message.starts(with: "-NOPERM ") else { return false }
        let words = message.extracting(first: 256).text().split(separator: " ")
        guard let place = words.firstIndex(of: "has") else { return false }
        return words[place...].prefix(7).elementsEqual(["has", "no", "permissions", "to", "run", "the", "'replconf'"])
    }

    /// Whether a command asks for a copy of all data and what changes in it.
    private static func isForReplicas(_ words: [String]) -> Bool { words.first == "PSYNC" || words.first == "SYNC" }

    /// Whether the server answers a command, as far as the client may choose.
    private mutating func isAnswered(_ words: [String]) -> Bool {
        if words.count == 3, words[0] == "CLIENT", words[1].uppercased() == "REPLY" {
            // In a transaction it is kept as other commands are, and does what it does with EXEC.
            if beginsTransaction {
                keepsWish = true
                defer { skipsReply = false }
                return !isReplyOff && !skipsReply
            }
            switch words[2].uppercased() {
            case "OFF": isReplyOff = true
            case "SKIP": skipsReply = !isReplyOff
            case "ON":
                (isReplyOff, skipsReply) = (false, false)
                return true
            default: return !isReplyOff
            }
            return false
        }
        defer { skipsReply = false }
        return !isReplyOff && !skipsReply
    }

    private mutating func takeReply(_ message: RawSpan, into sink: inout RecordSink) {
        if message.starts(with: ">") { return }
        // Of version 2 these come to subscribers alone: who has not asked anything has subscribed before.
        if hasSubscribed || pending.isEmpty, RedisReply.isPublished(message) { return hasSubscribed = true }
        resumption.reply(at: sink.now)
        guard !pending.isEmpty else { return }
        // A replica of a server that was taken for the client, as it was it that spoke first: nothing is answered. A
        // list may say the same, whoever made it so must not hide what follows.
        if message.starts(with: "*3\r\n$8\r\nREPLCONF\r\n$3\r\nACK\r\n"), toldWithoutReply == 0 {
            write(pending.remove(at: 0), reply: nil, into: &sink)
            return passOverSilent(into: &sink)
        }
        // Replies come in the order of commands: the first ones are those of commands that could not wait.
        guard toldWithoutReply == 0 else { return toldWithoutReply -= 1 }
        // What logs in is never asked to do so first: something else was, that has no answer after a login.
        if message.starts(with: "-NOAUTH"), Self.isOpenToAll(pending[0].words) { return }
        if pending[0].words[0] != "REPLCONF", Self.refusesReplicas(message) { return }
        let command = pending.remove(at: 0)
        followTransaction(command, isRefused: message.starts(with: "-"))
        // Who may not follow the server goes on with commands.
        if message.starts(with: "-"), Self.isForReplicas(command.words) { becomesReplica = false }
        write(command, reply: message, into: &sink)
        settleTransaction(command, isRefused: message.starts(with: "-"), into: &sink)
        secretReplies = Swift.max(0, secretReplies - 1)
        passOverSilent(into: &sink)
    }

    /// Whether a command needs no login.
    private static func isOpenToAll(_ words: [String]) -> Bool {
        switch words[0] {
        case "AUTH", "RESET", "QUIT": true
        case "HELLO": loginPlace(in: words) != nil
        default: false
        }
    }

    /// What is answered by messages that never end.
    private static let subscriptions: Set<String> = [
        "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE", "MONITOR",
    ]

    private func write(_ command: Command, reply: RawSpan?, into sink: inout RecordSink) {
        let redis = Records.redis
        let words = command.words
        sink.begin(redis, at: command.time)
        sink.batch.set(redis.cmdName, words.first)
        var answer: RedisReply?
        if let reply { answer = RedisReply(reply, limit: Self.textLimit) }
        // What the server does not know may be a login, mistyped.
        let (key, value) = answer?.isOfUnknown == true ? (nil, nil) : Self.places(of: words)
        sink.batch.set(redis.cmdKey, key.flatMap { words.indices.contains($0) ? words[$0] : nil })
        sink.batch.set(redis.cmdValue, value.flatMap { words.indices.contains($0) ? words[$0] : nil })
        if let answer {
            sink.batch.set(redis.success, !answer.isError)
            // Lists of users have digests of their passwords.
            let isSecret = answer.isData && (secretReplies > 0 || Self.mayTellSecrets(words.first))
            sink.batch.set(redis.replyValue, isSecret ? nil : answer.shown)
        }
        sink.end()
    }

    /// Where the user stands in `HELLO 3 SETNAME name AUTH user password`; where a word lacks, nothing is told.
    private static func loginPlace(in words: [String]) -> Int? {
        var place = 2
        while place + 2 < words.count {
            switch words[place].uppercased() {
            case "AUTH": return place + 1
            case "SETNAME": place += 2
            default: return nil
            }
        }
        return nil
    }

    /// Which words of a command are its key and its value.
    private static func places(of words: [String]) -> (key: Int?, value: Int?) {
        switch words.first ?? "" {
        // Passwords are not kept: of logins, the user, where there are any.
        case "AUTH": (words.count > 2 ? 1 : nil, nil)
        case "HELLO": (loginPlace(in: words), nil)
        // What is asked for or set, by `CONFIG SET dir /tmp`.
        case "CONFIG" where words.count > 1 && ["GET", "SET"].contains(words[1].uppercased()):
            (2, words.count > 3 && !RedisReply.isSecret(words[2]) ? 3 : nil)
        // Mistyped, it may have a password anywhere.
        case "CONFIG": (nil, nil)
        case "ACL": (2, nil)
        case "MIGRATE": (nil, nil)
        // Whom to obey, and what to load: how servers are taken over.
        case "SLAVEOF", "REPLICAOF", "MODULE": (1, 2)
        case "PUBLISH", "SUBSCRIBE", "PSUBSCRIBE", "PING", "ECHO", "SELECT", "CLIENT", "COMMAND", "INFO": (nil, nil)
        case "APPEND", "DECRBY", "EXPIRE", "EXPIREAT", "GETBIT", "GETSET", "HDEL", "HGET", "INCRBY", "MOVE", "MSET",
            "RENAME", "SET", "SETNX":
            (1, 2)
        // The operation stands in front of the key that it writes to.
        case "BITOP": (2, nil)
        // So do how long to wait and the number of keys.
        case "BLMPOP": (3, nil)
        default: (1, nil)
        }
    }
}
