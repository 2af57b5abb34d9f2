internal import Shared

/// Commands of Redis that are typed as a line of words, as people and exploits do
/// (redis.io/docs/reference/protocol-spec, "Inline commands").
enum RedisInlineCommand {
    /// Longest first line that is looked at to recognise the protocol.
    private static let lineLimit = 4096

    /// What a command's line may look like.
    private struct Form: Sendable {
        /// In small letters.
        let name: StaticString
        /// Words that may follow.
        let words: ClosedRange<Int>
        /// Others say so too: SIP, NATS, FreeSWITCH and clamd among them.
        var isShared = false
    }

    /// Those that clients begin with. GET and SET in small letters may be memcached's.
    private static let forms: [Form] = [
        Form(name: "ping", words: 0...0, isShared: true), Form(name: "info", words: 0...1, isShared: true),
        Form(name: "client", words: 1...16, isShared: true),
        Form(name: "command", words: 0...8, isShared: true), Form(name: "monitor", words: 0...0, isShared: true),
        Form(name: "dbsize", words: 0...0),
        Form(name: "hello", words: 1...8), Form(name: "auth", words: 1...2, isShared: true),
        Form(name: "get", words: 1...1),
        Form(name: "set", words: 2...8), Form(name: "setex", words: 3...3), Form(name: "del", words: 1...64),
        Form(name: "exists", words: 1...64), Form(name: "mget", words: 1...64), Form(name: "mset", words: 2...64),
        Form(name: "hget", words: 2...2), Form(name: "hset", words: 3...64), Form(name: "hgetall", words: 1...1),
        Form(name: "keys", words: 1...1), Form(name: "ttl", words: 1...1), Form(name: "expire", words: 2...3),
        Form(name: "incr", words: 1...1), Form(name: "decr", words: 1...1), Form(name: "lpush", words: 2...64),
        Form(name: "rpush", words: 2...64), Form(name: "lrange", words: 3...3), Form(name: "sadd", words: 2...64),
        Form(name: "smembers", words: 1...1), Form(name: "zadd", words: 3...64),
        Form(name: "publish", words: 2...64, isShared: true),
        Form(name: "subscribe", words: 1...64, isShared: true), Form(name: "psubscribe", words: 1...64),
        Form(name: "config", words: 2...64), Form(name: "flushall", words: 0...1), Form(name: "flushdb", words: 0...1),
        Form(name: "slaveof", words: 2...2), Form(name: "replicaof", words: 2...2), Form(name: "module", words: 1...64),
        Form(name: "bgsave", words: 0...1),
    ]

    /// Methods that mail and file transfer authenticate with by a command of the same name.
    private static let mechanisms: [StaticString] = [
        "tls", "ssl", "login", "plain", "external", "anonymous", "ntlm", "gssapi", "kerberos", "xoauth", "oauthbearer",
        "cram-", "digest-", "scram-",
    ]

    /// Lines behind one that others say too in which one of Redis' own is looked for.
    private static let lineCount = 8

    /// Whether a client's first bytes begin with such a line, and end with a line. Of what others say too the answer
    /// tells, or what the client says next.
    static func probe(_ payload: RawSpan) -> ProbeResult {
        guard payload.byteCount > 4, (try? payload.byte(at: payload.byteCount - 1)) == 0x0A else { return .noMatch }
        var rest = payload
        for number in 0..<lineCount {
            guard let feed = rest.extracting(first: lineLimit).firstIndex(of: 0x0A) else { break }
            switch probe(line: rest.extracting(0..<HTTPText.endOfLine(rest.extracting(0..<feed)))) {
            case .match: return .match
            case .noMatch where number == 0: return .noMatch
            case .noMatch: return .needMore
            case .needMore: rest = rest.extracting(droppingFirst: feed + 1)
            }
        }
        return rest.byteCount == payload.byteCount ? .noMatch : .needMore
    }

    private static func probe(line: RawSpan) -> ProbeResult {
        guard let first = try? line.byte(at: 0), HTTPText.isLetter(first) else { return .noMatch }
        let nameEnd = line.firstIndex(of: 0x20) ?? line.byteCount
        let name = line.extracting(0..<nameEnd)
        for form in forms where HTTPText.equals(name, form.name) {
            let rest = line.extracting(droppingFirst: Swift.min(nameEnd + 1, line.byteCount))
            guard let count = wordCount(rest), form.words.contains(count), !endsWithVersion(rest),
                fits(name, rest, count, isSmall: first >= 0x61)
            else { return .noMatch }
            return form.isShared ? .needMore : .match
        }
        return .noMatch
    }

    /// Whether a line ends with the name of a protocol and its version, as requests of SIP, HTTP and their kin do
    /// (RFC 3261 section 7.1).
    private static func endsWithVersion(_ line: RawSpan) -> Bool {
        let end = line.byteCount
        guard end > 5, isDigit(line, end - 1), (try? line.byte(at: end - 2)) == 0x2E, isDigit(line, end - 3),
            (try? line.byte(at: end - 4)) == 0x2F
        else { return false }
        var start = end - 4
        while start > 0, let byte = try? line.byte(at: start - 1), (0x41...0x5A).contains(byte) { start -= 1 }
        return start < end - 5 && (start == 0 || (try? line.byte(at: start - 1)) == 0x20)
    }

    private static func isDigit(_ line: RawSpan, _ index: Int) -> Bool {
        (try? line.byte(at: index)).map { (0x30...0x39).contains($0) } ?? false
    }

    /// Words of a line without control characters: one between quotation marks is one. Nil for any other line.
    private static func wordCount(_ line: RawSpan) -> Int? {
        var (count, isInside) = (0, false)
        var quote: UInt8?
        for index in 0..<line.byteCount {
            guard let byte = try? line.byte(at: index), byte >= 0x20, byte != 0x7F else { return nil }
            if byte == 0x20, quote == nil {
                isInside = false
            } else if let open = quote {
                if byte == open { quote = nil }
            } else {
                if !isInside { count += 1 }
                if !isInside, byte == 0x22 || byte == 0x27 { quote = byte }
                isInside = true
            }
        }
        return count
    }

    /// Whether what follows those commands whose names others have too is Redis' own.
    private static func fits(_ name: RawSpan, _ rest: RawSpan, _ count: Int, isSmall: Bool) -> Bool {
        if HTTPText.equals(name, "get") { return !isSmall && !rest.starts(with: "/") }
        // Memcached's has four numbers and more.
        if HTTPText.equals(name, "set") { return !isSmall || count == 2 }
        if HTTPText.equals(name, "hello") { return rest.starts(with: "2") || rest.starts(with: "3") }
        if HTTPText.equals(name, "config") {
            return HTTPText.hasPrefix(rest, "get ") || HTTPText.hasPrefix(rest, "set ")
        }
        guard HTTPText.equals(name, "auth") else { return true }
        for mechanism in mechanisms where HTTPText.hasPrefix(rest, mechanism) { return false }
        return true
    }

    /// The words of a line. Between quotation marks they may have blanks, and with double ones also escapes, as the
    /// server reads them; a mark that is not closed ends with the line.
    static func words(_ line: RawSpan, limit: Int) -> [String] {
        var words: [String] = []
        var bytes = line.withUnsafeBytes { Array($0) }[...]
        while words.count < limit {
            bytes = bytes.drop { $0 == 0x20 || $0 == 0x09 }
            guard !bytes.isEmpty else { break }
            let word = takeWord(&bytes)
            words.append(word.wireText)
        }
        return words
    }

    /// Takes the word that begins here.
    private static func takeWord(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var word: [UInt8] = []
        var quote: UInt8?
        while let byte = bytes.first {
            if let open = quote {
                bytes.removeFirst()
                if byte == open {
                    quote = nil
                } else if byte == 0x5C {
                    word.append(contentsOf: takeEscape(&bytes, open))
                } else {
                    word.append(byte)
                }
            } else if byte == 0x20 || byte == 0x09 {
                break
            } else {
                bytes.removeFirst()
                if byte == 0x22 || byte == 0x27 { quote = byte } else { word.append(byte) }
            }
        }
        return word[...]
    }

    /// What a backslash, which was taken, and what follows it stand for: with single marks it quotes only the mark.
    private static func takeEscape(_ bytes: inout ArraySlice<UInt8>, _ open: UInt8) -> [UInt8] {
        guard let next = bytes.first else { return [0x5C] }
        if open == 0x27 {
            guard next == 0x27 else { return [0x5C] }
            bytes.removeFirst()
            return [next]
        }
        bytes.removeFirst()
        switch next {
        case 0x6E: return [0x0A]
        case 0x72: return [0x0D]
        case 0x74: return [0x09]
        case 0x62: return [0x08]
        case 0x61: return [0x07]
        case 0x78:
            let digits = bytes.prefix(2)
            guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                return [next]
            }
            bytes.removeFirst(2)
            return [value]
        default: return [next]
        }
    }
}
