internal import Shared

/// Memcached (its protocol.txt and its binary protocol): named by a command, or by the answer to one that could be
/// another's (Redis has one key's, beanstalkd those of numbers); over UDP behind a head of eight bytes.
struct MemcachedAnalyzer: NamingAnalyzer {
    static let service: StaticString = "memcached"
    static var transports: Transports { [.tcp, .udp] }

    /// Commands that store: a key, flags, a time and a length follow.
    private static let stores: [StaticString] = ["set ", "add ", "cas ", "replace ", "append ", "prepend "]
    /// Others; in small letters they are no other protocol's.
    private static let commands: [StaticString] = [
        "get ", "gets ", "gat ", "incr ", "decr ", "touch ", "delete ", "stats\r\n", "stats ", "version\r\n",
        "flush_all", "mg ", "ms ",
    ]
    /// Longest line that is looked at: a key has at most 250 bytes.
    private static let lineLimit = 300

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if side == .responder, isAnswer(payload) { return .match }
        let text = payload.extracting(droppingFirst: sharedBytes(payload))
        if text.byteCount == 0, payload.byteCount > 0 { return .needMore }
        if isSingleGet(text) { return .needMore }
        if isCommand(text) || isBinary(payload) { return .match }
        // Request number, then datagram 0 of 1 and two bytes that are zero.
        guard (try? payload.readBE(at: 2, as: UInt32.self)) == 1, (try? payload.readBE(at: 6, as: UInt16.self)) == 0
        else { return .noMatch }
        let rest = payload.extracting(droppingFirst: 8)
        return isCommand(rest) || isBinary(rest) ? .match : .noMatch
    }

    /// Bytes of lines that beanstalkd has too (protocol.txt): `stats`, and `delete` or `touch` with a number.
    private static func sharedBytes(_ text: RawSpan) -> Int {
        var offset = 0
        while let length = sharedLine(text.extracting(droppingFirst: offset)) { offset += length }
        return offset
    }

    /// Bytes of such a line.
    private static func sharedLine(_ text: RawSpan) -> Int? {
        if text.starts(with: "stats\r\n") { return 7 }
        let start = text.starts(with: "delete ") ? 7 : text.starts(with: "touch ") ? 6 : 0
        guard start > 0, let end = text.extracting(first: lineLimit).firstIndex(of: 0x0D), end > start,
            (try? text.byte(at: end + 1)) == 0x0A, HTTPText.decimal(text.extracting(start..<end)) != nil
        else { return nil }
        return end + 2
    }

    /// `get` and one key, which Redis has too: the answer tells which it is.
    private static func isSingleGet(_ text: RawSpan) -> Bool {
        guard text.starts(with: "get "), text.byteCount <= lineLimit, isLine(text, isStorage: false) else {
            return false
        }
        let end = text.byteCount - 2
        return text.firstIndex(of: 0x0A) == end + 1 && text.extracting(4..<end).firstIndex(of: 0x20) == nil
    }

    /// The answer to `get`: values, or none; and what that to `stats` begins with.
    private static func isAnswer(_ text: RawSpan) -> Bool {
        if text.starts(with: "STAT pid ") { return isLine(text, isStorage: false) }
        if text.starts(with: "END\r\n") { return text.byteCount == 5 }
        guard text.starts(with: "VALUE "), isLine(text, isStorage: false),
            let end = text.firstIndex(of: 0x0D), let key = text.firstIndex(of: 0x20, from: 6), key < end
        else { return false }
        return text.extracting((key + 1)..<end).withUnsafeBytes { numbers in
            numbers.contains(0x20) && numbers.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x20 }
        }
    }

    private static func isCommand(_ text: RawSpan) -> Bool {
        guard let first = try? text.byte(at: 0), (0x61...0x76).contains(first) else { return false }
        for command in stores where text.starts(with: command) { return isLine(text, isStorage: true) }
        for command in commands where text.starts(with: command) { return isLine(text, isStorage: false) }
        return false
    }

    /// A line of printable characters that ends with CRLF; of those that store, all behind the key are numbers.
    private static func isLine(_ text: RawSpan, isStorage: Bool) -> Bool {
        guard let feed = text.extracting(first: lineLimit).firstIndex(of: 0x0A), feed > 0,
            (try? text.byte(at: feed - 1)) == 0x0D
        else { return false }
        let end = feed - 1
        var (blanks, isNumeric) = (0, true)
        for offset in 0..<end {
            guard let letter = try? text.byte(at: offset), (0x20...0x7E).contains(letter) else { return false }
            if letter == 0x20 {
                blanks += 1
            } else if blanks >= 2, !(0x30...0x39).contains(letter), letter != 0x2D {
                isNumeric = false
            }
        }
        return !isStorage || blanks >= 4 && (isNumeric || blanks >= 5)
    }

    /// A request: operation, lengths of key and extras that fit into the whole, data type 0.
    private static func isBinary(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= 24, (try? bytes.byte(at: 0)) == 0x80, let operation = try? bytes.byte(at: 1),
            operation <= 0x22, let key: UInt16 = try? bytes.readBE(at: 2), key <= 250,
            let extras = try? bytes.byte(at: 4), extras == 0 || extras == 4 || extras == 8 || extras == 20,
            (try? bytes.byte(at: 5)) == 0, let body: UInt32 = try? bytes.readBE(at: 8)
        else { return false }
        return Int(key) + Int(extras) <= Int(body) && Int(body) == bytes.byteCount - 24
    }
}
