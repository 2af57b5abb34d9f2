internal import Shared

/// IRC (RFC 1459, RFC 2812): nicknames, users, channels and offers of files, as Zeek tells them. Keys of channels and
/// passwords are passed over; what follows STARTTLS is handed over.
struct IRCAnalyzer: LineAnalyzer {
    static let service: StaticString = "irc"

    /// Longest nickname that a probe believes; networks allow 9 to 31.
    private static let nickLimit = 40
    /// Channels of one JOIN that are told.
    private static let channelLimit = 32

    var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    private var nick, user, value, addl: String?
    private var asksForTLS = false
    private var isTLS = false

    init() {}

    /// A client that names itself as no other protocol's does, or a server whose first lines only IRC's write.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        let line = payload.extracting(first: payload.firstIndex(of: 0x0A) ?? payload.byteCount)
        guard line.byteCount < payload.byteCount else { return .noMatch }
        let tagged = tagsEnd(line)
        if tagged > 0 { return isServerLine(line.extracting(droppingFirst: tagged)) ? .match : .noMatch }
        if line.starts(with: ":") { return isServerLine(line) ? .match : .noMatch }
        if line.starts(with: "NOTICE AUTH :") || line.starts(with: "CAP LS") || line.starts(with: "CAP REQ :") {
            return .match
        }
        if HTTPText.hasPrefix(line, "nick ") { return isNick(line.extracting(droppingFirst: 5)) ? .match : .noMatch }
        if HTTPText.hasPrefix(line, "user ") { return isUser(line) ? .match : .noMatch }
        guard HTTPText.hasPrefix(line, "pass ") else { return .noMatch }
        let rest = payload.extracting(droppingFirst: line.byteCount + 1)
        return HTTPText.hasPrefix(rest, "nick ") || HTTPText.hasPrefix(rest, "user ") && isUser(rest)
            ? .match : .noMatch
    }

    /// Where the message begins, behind the tags of IRCv3 (`@name=value;name `).
    private static func tagsEnd(_ line: RawSpan) -> Int {
        guard line.starts(with: "@"), var end = line.firstIndex(of: 0x20) else { return 0 }
        while (try? line.byte(at: end)) == 0x20 { end += 1 }
        return end
    }

    private static func isNick(_ text: RawSpan) -> Bool {
        let range = HTTPText.core(text, 0..<text.byteCount)
        guard (1...nickLimit).contains(range.count) else { return false }
        for index in range {
            guard let byte = try? text.byte(at: index) else { return false }
            // Letters, digits, and []\^_`{|}- (RFC 2812 section 2.3.1).
            guard byte == 0x2D || (0x30...0x39).contains(byte) || (0x41...0x7D).contains(byte) else { return false }
        }
        return true
    }

    /// `USER name mode unused :real name`: four arguments (POP3's and FTP's has one).
    private static func isUser(_ line: RawSpan) -> Bool {
        var (start, count) = (5, 0)
        while count < 3, let end = line.firstIndex(of: 0x20, from: start), end > start {
            (start, count) = (end + 1, count + 1)
        }
        return count == 3
    }

    /// `:server 001 nick`, `:server NOTICE`, `:nick!user@host PRIVMSG`.
    private static func isServerLine(_ line: RawSpan) -> Bool {
        guard line.starts(with: ":"), let end = line.firstIndex(of: 0x20), (2...128).contains(end)
        else { return false }
        let rest = line.extracting(droppingFirst: end + 1)
        if rest.starts(with: "NOTICE ") || rest.starts(with: "001 ") || rest.starts(with: "CAP * LS") { return true }
        guard let bang = line.firstIndex(of: 0x21), bang < end, let at = line.firstIndex(of: 0x40), at < end, bang < at
        else { return false }
        return rest.starts(with: "PRIVMSG ") || rest.starts(with: "JOIN ") || rest.starts(with: "QUIT ")
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        try readLines(payload, from: side, into: &sink)
        return isTLS ? .handOver : .wantMore
    }

    mutating func takeLine(_ line: RawSpan, from side: Side, into sink: inout RecordSink) -> Bool {
        take(line, from: side, into: &sink)
        return !isTLS
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lines[side].reset()
        return .wantMore
    }

    /// A message: tags, an origin behind a colon, a command, and arguments of which the last may hold blanks behind
    /// another (RFC 2812 section 2.3.1).
    private mutating func take(_ whole: RawSpan, from side: Side, into sink: inout RecordSink) {
        let line = whole.extracting(droppingFirst: Self.tagsEnd(whole))
        var start = 0
        if line.starts(with: ":") { start = (line.firstIndex(of: 0x20) ?? line.byteCount - 1) + 1 }
        let rest = line.extracting(droppingFirst: start)
        let command = rest.extracting(first: rest.firstIndex(of: 0x20) ?? rest.byteCount)
        if HTTPText.equals(command, "privmsg") { return takeMessage(rest, from: side, into: &sink) }
        if side == .responder {
            // RPL_STARTTLS and ERR_STARTTLS of the tls extension.
            if asksForTLS, command.starts(with: "670") { isTLS = true }
            return
        }
        let arguments = rest.extracting(droppingFirst: Swift.min(command.byteCount + 1, rest.byteCount))
        if HTTPText.equals(command, "nick") {
            let name = Self.words(arguments).first ?? ""
            write("NICK", name, nil, into: &sink)
            nick = name
        } else if HTTPText.equals(command, "user") {
            takeUser(Self.words(arguments), into: &sink)
        } else if HTTPText.equals(command, "join") {
            takeJoin(Self.words(arguments), into: &sink)
        } else if HTTPText.equals(command, "starttls") {
            asksForTLS = true
        }
    }

    private static func words(_ arguments: RawSpan) -> [String] {
        var (words, start): ([String], Int) = ([], 0)
        // RFC 2812 section 2.3: at most 15 arguments.
        while start < arguments.byteCount, words.count < 15 {
            if (try? arguments.byte(at: start)) == 0x3A {
                words.append(arguments.extracting(droppingFirst: start + 1).text())
                break
            }
            let end = arguments.firstIndex(of: 0x20, from: start) ?? arguments.byteCount
            if end > start { words.append(arguments.extracting(start..<end).text()) }
            start = end + 1
        }
        return words
    }

    private mutating func takeUser(_ words: [String], into sink: inout RecordSink) {
        write("USER", words.first ?? "", words.dropFirst().prefix(3).joined(separator: " "), into: &sink)
        user = words.first
    }

    private mutating func takeJoin(_ words: [String], into sink: inout RecordSink) {
        let keys = words.dropFirst().first?.split(separator: ",") ?? []
        let channels = words.first?.split(separator: ",").prefix(Self.channelLimit) ?? []
        for (index, channel) in channels.enumerated() {
            let hasKey = index < keys.count
            write("JOIN", String(channel), hasKey ? " with channel key: '<hidden>'" : "", into: &sink)
        }
    }

    /// An offer of a file between clients: `PRIVMSG nick :<1>DCC SEND file address port size<1>`. As in Zeek, the file
    /// is told of when it comes.
    private mutating func takeMessage(_ message: RawSpan, from side: Side, into sink: inout RecordSink) {
        guard let mark = message.firstIndex(of: 1) else { return }
        let text = message.extracting(droppingFirst: mark + 1)
        guard text.starts(with: "DCC SEND "), let end = text.firstIndex(of: 1) else { return }
        let words = text.extracting(9..<Swift.max(9, end)).text().split(separator: " ")
        guard words.count >= 4 else { return }
        guard let address = Self.address(words[words.count - 3]), let port = UInt16(words[words.count - 2]), port > 0
        else { return }
        var ends = [DataChannels.Endpoint(address: address, port: port)]
        // Behind address translation the announced address is not the one that is seen.
        let seen = sink.connection.originator
        if side == .originator, seen != address { ends.append(DataChannels.Endpoint(address: seen, port: port)) }
        let number = sink.memories.ircDataChannels.agree(ends, at: sink.now)
        var offer = IRCOffer(connection: sink.connection, time: sink.now)
        (offer.nick, offer.user, offer.value, offer.addl) = (nick, user, value, addl)
        offer.filename = words.dropLast(3).joined(separator: " ")
        offer.size = words.last.flatMap { UInt64($0) }
        offer.cut()
        sink.memories.ircDataChannels[number]?.offer = offer
    }

    /// An address of IPv4 is written as one number, of IPv6 as usual.
    private static func address(_ text: Substring) -> IPAddress? {
        UInt32(text).map { IPAddress(v4: $0) } ?? IPAddress(String(text))
    }

    private mutating func write(
        _ command: StaticString, _ value: String, _ addl: String?, into sink: inout RecordSink
    ) {
        self.value = value
        self.addl = addl ?? self.addl
        let irc = Records.irc
        sink.begin(irc)
        sink.batch.set(irc.nick, nick)
        sink.batch.set(irc.user, user)
        sink.batch.set(irc.command, name: command)
        sink.batch.set(irc.value, value)
        sink.batch.set(irc.addl, addl)
        sink.end()
    }
}
