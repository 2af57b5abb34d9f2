internal import Shared

/// ManageSieve (RFC 5804), with which filters are put on a mail server: logins with their outcome, and the hand-over to
/// TLS after STARTTLS.
struct ManageSieveAnalyzer: MailboxAnalyzer {
    static let service: StaticString = "managesieve"

    var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    private var asksForTLS = false
    private(set) var isTLS = false
    var login: MailLogin?
    /// Bytes of a client's string that are still to be passed over: scripts are no commands, whatever their lines say.
    private var skipping = 0
    /// It is told without a plus: clients may not (RFC 5804 §4), and where the server refuses it, it does not come.
    private var isRefusable = false
    /// The client's next line is the rest of a command with such a string in it.
    private var isContinued = false

    init() {}

    /// The server begins with what it can, its own name first (RFC 5804 §1.7).
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        HTTPText.hasPrefix(payload, "\"implementation\" ") ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard side == .originator else {
            readShortLines(payload, from: side, into: &sink)
            return isTLS ? .handOver : .wantMore
        }
        var rest = payload
        while rest.byteCount > 0 {
            let passed = Swift.min(skipping, rest.byteCount)
            skipping -= passed
            rest = rest.extracting(droppingFirst: passed)
            // One line at a time: it may say that what follows it is none.
            let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.byteCount
            readShortLines(rest.extracting(first: end), from: side, into: &sink)
            rest = rest.extracting(droppingFirst: end)
        }
        return .wantMore
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let passed = side == .originator ? Swift.min(skipping, byteCount) : 0
        skipping -= passed
        guard passed < byteCount else { return .wantMore }
        lines[side].reset()
        if side == .responder {
            finish(into: &sink)
        } else {
            isContinued = false
            login?.lose()
        }
        return .wantMore
    }

    mutating func takeClient(_ line: RawSpan, into sink: inout RecordSink) {
        let isLogin = login == nil && !isContinued && HTTPText.hasPrefix(line, "authenticate ")
        asksForTLS = !isContinued && HTTPText.equals(line, "starttls")
        isContinued = false
        guard isLogin || login != nil else {
            guard let length = Self.stringLength(line) else { return }
            isRefusable = (try? line.byte(at: line.byteCount - 2)) != 0x2B
            return (skipping, isContinued) = (length, true)
        }
        let words = Self.unquoted(isLogin ? line.extracting(droppingFirst: 13) : line)
        let text = words.span.bytes
        if isLogin {
            login = MailLogin(Self.service, arguments: text, into: &sink)
        } else if text.byteCount > 0 {
            login?.take(response: text, into: &sink)
        }
    }

    mutating func takeServer(_ line: RawSpan, into sink: inout RecordSink) {
        let isAccepted = Self.begins(line, "ok")
        guard isAccepted || Self.begins(line, "no") || Self.begins(line, "bye") else {
            let words = Self.unquoted(line)
            return login?.take(challenge: words.span.bytes, into: &sink) ?? ()
        }
        if !isAccepted, isRefusable { (skipping, isContinued, isRefusable) = (0, false, false) }
        if asksForTLS {
            isTLS = isAccepted
            asksForTLS = false
        }
        let reply = Self.unquoted(line.extracting(droppingFirst: line.firstIndex(of: 0x20) ?? line.byteCount))
        login.end(success: isAccepted, reply: reply.span.bytes, into: &sink)
    }

    /// Whether a line is this answer, perhaps with a code or a text behind it.
    private static func begins(_ line: RawSpan, _ answer: StaticString) -> Bool {
        guard HTTPText.hasPrefix(line, answer) else { return false }
        guard let next = try? line.byte(at: answer.utf8CodeUnitCount) else { return true }
        return next == 0x20
    }

    /// Longest string that is passed over: servers take scripts of one megabyte or so, and refuse what is longer.
    private static let stringLimit: UInt64 = 4 << 20

    /// Length of the string that begins behind a line: `{n}` or `{n+}` at its end (RFC 5804 §4).
    private static func stringLength(_ line: RawSpan) -> Int? {
        var end = line.byteCount - 1
        guard (try? line.byte(at: end)) == 0x7D else { return nil }
        if (try? line.byte(at: end - 1)) == 0x2B { end -= 1 }
        var start = end
        while end - start <= 10, let digit = try? line.byte(at: start - 1), (0x30...0x39).contains(digit) { start -= 1 }
        guard (1...10).contains(end - start), (try? line.byte(at: start - 1)) == 0x7B,
            let length = HTTPText.decimal(line.extracting(start..<end)), length <= stringLimit
        else { return nil }
        return Int(length)
    }

    /// A line without the marks of its strings (RFC 5804 §1.2): quotes, and lengths of those in the next line.
    private static func unquoted(_ line: RawSpan) -> [UInt8] {
        let start = line.firstIndex(of: 0x7B) ?? line.byteCount
        let end = (try? line.byte(at: line.byteCount - 1)) == 0x7D ? start : line.byteCount
        return line.extracting(first: end).withUnsafeBytes { $0.filter { $0 != 0x22 } }
    }
}
