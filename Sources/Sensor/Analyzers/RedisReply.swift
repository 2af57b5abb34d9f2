internal import Shared

/// A server's reply as records show it (RESP 3 specification): lists in brackets, maps and sets in braces. Attributes,
/// which stand in front of a reply, are no part of it.
struct RedisReply {
    /// Lists inside of one another that are shown; no command answers with more than a few.
    private static let depthLimit = 16
    /// Whether a setting's value is a password (`requirepass`, `primaryauth`, `sentinel-pass`, ...): what follows it in
    /// a list or map is hidden.
    static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.contains("pass") || name.hasSuffix("auth")
    }

    /// A message of a subscription in version 2 (redis.io/docs/latest/develop/pubsub, "Format of pushed messages"): an
    /// array of three that begins with what it is, or of four with the pattern that a message was found by.
    static func isPublished(_ message: RawSpan) -> Bool {
        if message.starts(with: "*4\r\n") { return message.starts(with: "*4\r\n$8\r\npmessage\r\n") }
        guard message.starts(with: "*3\r\n$") else { return false }
        return publications.contains { message.extracting(droppingFirst: 4).starts(with: $0) }
    }

    private static let publications: [StaticString] = [
        "$7\r\nmessage\r\n", "$8\r\nsmessage\r\n", "$9\r\nsubscribe\r\n", "$10\r\nssubscribe\r\n",
        "$10\r\npsubscribe\r\n", "$11\r\nunsubscribe\r\n", "$12\r\nsunsubscribe\r\n", "$12\r\npunsubscribe\r\n",
    ]

    private(set) var isError = false
    /// Nil where the server has nothing to tell.
    private(set) var text: String?
    /// It is more than one value, or a text of the data and none of the server's own.
    private(set) var isData = false
    private var offset = 0
    /// Bytes that may still be shown.
    private var room: Int

    /// - Parameter limit: bytes that are shown.
    init(_ bytes: RawSpan, limit: Int) {
        room = limit
        text = value(bytes, depth: 0)
    }

    /// As records show it. A refusal repeats what the server did not understand, which may be a password.
    var shown: String? {
        guard isError, let text else { return text }
        for echo in Self.echoes {
            if let range = text.firstRange(of: echo) { return text[..<range.upperBound] + " <hidden>" }
        }
        return text
    }

    /// What stands in front of the client's own words (`lookupCommand` and `addReplySubcommandSyntaxError` in Redis'
    /// server.c and networking.c, `aclSetUser` in acl.c, `configSetCommand` in config.c).
    private static let echoes = [
        "with args", "modifier", "nknown subcommand or wrong number of arguments for", "nknown subcommand",
        "Invalid argument",
    ]

    /// The server knows no such command or setting.
    var isOfUnknown: Bool {
        guard isError, let text else { return false }
        return ["ERR unknown command", "ERR Unknown option", "ERR Unsupported CONFIG parameter"].contains {
            text.hasPrefix($0)
        }
    }

    /// Reads the value that begins here; nil at the end of what is there or is shown, and for a null of its own.
    private mutating func value(_ bytes: RawSpan, depth: Int) -> String? {
        guard room > 0, depth < Self.depthLimit, skipAttributes(bytes), let type = try? bytes.byte(at: offset)
        else { return nil }
        let null = depth == 0 ? nil : "null"
        switch type {
        case 0x2B, 0x2D, 0x3A, 0x2C, 0x28:  // + - : , (
            if depth == 0 { isError = type == 0x2D }
            return line(bytes)
        case 0x23: return line(bytes).map { $0 == "t" ? "true" : "false" }  // #
        case 0x5F: return line(bytes) == nil ? nil : null  // _
        default: break
        }
        guard let (count, next) = RedisAnalyzer.number(bytes, at: offset + 1) else { return nil }
        offset = next
        guard count >= 0 else { return null }
        if depth == 0 { isData = true }
        switch type {
        case 0x24, 0x3D, 0x21:  // $ = !
            if depth == 0, type == 0x21 { (isError, isData) = (true, false) }
            return string(bytes, count, isVerbatim: type == 0x3D)
        case 0x2A, 0x3E: return "[" + list(bytes, count, isMap: false, depth) + "]"  // * >
        case 0x7E: return "{" + list(bytes, count, isMap: false, depth) + "}"  // ~
        case 0x25: return "{" + list(bytes, count * 2, isMap: true, depth) + "}"  // %
        default: return nil
        }
    }

    /// The rest of a line behind its type.
    private mutating func line(_ bytes: RawSpan) -> String? {
        guard let end = bytes.firstIndex(of: 0x0A, from: offset) else { return nil }
        let whole = bytes.extracting((offset + 1)..<Swift.max(end, offset + 1))
        offset = end + 1
        return shown(whole.extracting(0..<HTTPText.endOfLine(whole)))
    }

    /// A text of `count` bytes, of which the end may be missing.
    private mutating func string(_ bytes: RawSpan, _ count: Int, isVerbatim: Bool) -> String {
        // Three letters tell the form of a verbatim text, and a colon ends them.
        let start = Swift.min(offset + (isVerbatim && count >= 4 ? 4 : 0), bytes.byteCount)
        let end = Swift.min(offset + count, bytes.byteCount)
        offset += count + 2
        return shown(bytes.extracting(start..<Swift.max(start, end)))
    }

    private mutating func shown(_ bytes: RawSpan) -> String {
        let text = bytes.extracting(first: room).text()
        room -= text.utf8.count
        return text
    }

    private mutating func list(_ bytes: RawSpan, _ count: Int, isMap: Bool, _ depth: Int) -> String {
        var text = ""
        var last = ""
        for index in 0..<count {
            guard let next = value(bytes, depth: depth + 1) else { break }
            if index > 0 {
                text += isMap && index % 2 == 1 ? ": " : ", "
                room -= 2
            }
            text += Self.isSecret(last) ? "<hidden>" : next
            last = next
        }
        return text
    }

    /// Passes over the attributes in front of a value, one after the other.
    private mutating func skipAttributes(_ bytes: RawSpan) -> Bool {
        while (try? bytes.byte(at: offset)) == 0x7C {
            guard let (count, next) = RedisAnalyzer.number(bytes, at: offset + 1), count >= 0 else { return false }
            offset = next
            guard skip(bytes, count * 2) else { return false }
        }
        return true
    }

    /// Passes over values.
    private mutating func skip(_ bytes: RawSpan, _ count: Int) -> Bool {
        for _ in 0..<count {
            guard offset < bytes.byteCount,
                let length = try? RedisAnalyzer.length(bytes.extracting(droppingFirst: offset), from: .responder),
                length > 0
            else { return false }
            offset += length
        }
        return true
    }
}
