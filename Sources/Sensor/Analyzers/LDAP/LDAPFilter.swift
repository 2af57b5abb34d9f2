internal import Shared

/// A search filter (RFC 4511 section 4.5.1.7) as text after RFC 4515, in Zeek's spelling.
enum LDAPFilter {
    /// Filters inside of filters that are spelled.
    private static let depthLimit = 16
    /// Parts of one filter that are spelled.
    private static let partLimit = 256

    static func text(_ element: DERElement) throws(DecodeError) -> String {
        var parts = 0
        return try text(element, depth: 0, parts: &parts)
    }

    private static func text(
        _ element: DERElement, depth: Int, parts: inout Int
    ) throws(DecodeError) -> String {
        parts += 1
        guard depth < depthLimit, parts <= partLimit else { throw .limit(.count) }
        switch element.tag & 0x1F {
        case 0: return try list(element, "(&", depth, &parts)
        case 1: return try list(element, "(|", depth, &parts)
        case 2:
            var inner = element.children
            return "(!\(try text(try inner.next(), depth: depth + 1, parts: &parts)))"
        case 3: return try pair(element, "=")
        case 4: return try substrings(element)
        case 5: return try pair(element, ">=")
        case 6: return try pair(element, "<=")
        case 7: return "(\(element.text)=*)"
        case 8: return try pair(element, "~=")
        case 9: return try extensible(element)
        default: throw .invalid(.type)
        }
    }

    /// Two parts at a time, the first two innermost: `(&(&(a=1)(b=2))(c=3))`.
    private static func list(
        _ element: DERElement, _ opening: String, _ depth: Int, _ parts: inout Int
    ) throws(DecodeError) -> String {
        var inner = element.children
        var texts: [String] = []
        while !inner.isEmpty { texts.append(try text(try inner.next(), depth: depth + 1, parts: &parts)) }
        let pairCount = Swift.max(texts.count - 1, 1)
        var out = String(repeating: opening, count: pairCount)
        for (index, text) in texts.enumerated() {
            out += text
            if index > 0 { out += ")" }
        }
        return texts.count < 2 ? out + ")" : out
    }

    private static func pair(_ element: DERElement, _ sign: String) throws(DecodeError) -> String {
        var inner = element.children
        let name = try inner.next().text
        let value = try inner.next().content
        return
            "(\(name)\(sign)\(LDAPSecrets.isSecret(name) ? LDAPSecrets.hidden : LDAPFilterValue.text(value, of: name)))"
    }

    private static func substrings(_ element: DERElement) throws(DecodeError) -> String {
        var inner = element.children
        let name = try inner.next().text
        if LDAPSecrets.isSecret(name) { return "(\(name)=\(LDAPSecrets.hidden))" }
        var pieces = try inner.next().children
        var out = ""
        var endsOpen = true
        for _ in 0..<partLimit where !pieces.isEmpty {
            let piece = try pieces.next()
            if piece.tag & 0x1F != 0 || !out.isEmpty { out += "*" }
            out += LDAPFilterValue.escaped(piece.content)
            endsOpen = piece.tag & 0x1F != 2
        }
        return "(\(name)=\(out)\(endsOpen ? "*" : ""))"
    }

    /// Whether the parts of names count too (`dnAttributes`) is not spelled: Zeek has it nowhere.
    private static func extensible(_ element: DERElement) throws(DecodeError) -> String {
        var inner = element.children
        var (rule, name, value) = ("", "", "")
        for _ in 0..<4 where !inner.isEmpty {
            let part = try inner.next()
            switch part.tag & 0x1F {
            case 1: rule = ":\(part.text)"
            case 2: name = part.text
            case 3: value = LDAPFilterValue.escaped(part.content)
            default: break
            }
        }
        return "(\(name)\(rule):=\(LDAPSecrets.isSecret(name) ? LDAPSecrets.hidden : value))"
    }
}
