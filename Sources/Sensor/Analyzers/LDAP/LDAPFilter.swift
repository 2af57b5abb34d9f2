internal import Shared

/// A search filter (RFC 4511 section 4.5.1.7) as text after RFC 4515, in Zeek's spelling. Of one that has too many
/// parts, or whose end is missing, the beginning is spelled.
enum LDAPFilter {
    /// Filters inside of filters that are spelled.
    private static let depthLimit = 16
    /// Parts of one filter that are spelled.
    private static let partLimit = 256

    /// What stands for parts that are left out, which no filter has as it is (RFC 4515 section 3).
    private static let leftOut = "(...)"

    /// What was spelled so far.
    private struct Spelling {
        /// Those that are left out count too: each has a text.
        var partCount = 0
        /// Bytes of the texts of parts that hold none themselves.
        var byteCount = 0
        /// Parts were left out.
        var isCut = false
        var hasRoom: Bool { partCount < partLimit && byteCount < WireText.limit }
    }

    /// - Returns: also, whether parts were left out.
    static func text(_ element: DERElement) throws(DecodeError) -> (text: String, isCut: Bool) {
        var spelling = Spelling()
        return (try text(element, depth: 0, &spelling), spelling.isCut)
    }

    private static func text(
        _ element: DERElement, depth: Int, _ spelling: inout Spelling
    ) throws(DecodeError) -> String {
        let hasRoom = spelling.hasRoom
        spelling.partCount += 1
        guard depth < depthLimit, hasRoom else {
            spelling.isCut = true
            return leftOut
        }
        guard holdsFilters(element) || !element.isCut else {
            throw .truncated(needed: element.whole.count + 1, have: element.whole.count)
        }
        switch element.tag & 0x1F {
        case 0: return try list(element, "(&", depth, &spelling)
        case 1: return try list(element, "(|", depth, &spelling)
        case 2:
            var inner = element.children
            guard let part = try next(&inner, of: element) else {
                spelling.isCut = true
                return "(!\(leftOut))"
            }
            return "(!\(try text(part, depth: depth + 1, &spelling)))"
        default:
            let text = try leaf(element, &spelling)
            spelling.byteCount += text.utf8.count
            return text
        }
    }

    /// A filter that holds no others.
    private static func leaf(_ element: DERElement, _ spelling: inout Spelling) throws(DecodeError) -> String {
        switch element.tag & 0x1F {
        case 3: return try pair(element, "=")
        case 4: return try substrings(element, &spelling)
        case 5: return try pair(element, ">=")
        case 6: return try pair(element, "<=")
        case 7: return "(\(element.text)=*)"
        case 8: return try pair(element, "~=")
        case 9: return try extensible(element)
        default: throw .invalid(.type)
        }
    }

    private static func holdsFilters(_ element: DERElement) -> Bool { element.tag & 0x1F <= 2 }

    /// The next filter inside of one; nil where its end is missing, unless it holds others itself.
    private static func next(_ inner: inout DERReader, of outer: DERElement) throws(DecodeError) -> DERElement? {
        guard outer.isCut else { return try inner.next() }
        guard let part = try? inner.nextBeginning(), holdsFilters(part) || !part.isCut else { return nil }
        return part
    }

    /// Two parts at a time, the first two innermost: `(&(&(a=1)(b=2))(c=3))`.
    private static func list(
        _ element: DERElement, _ opening: String, _ depth: Int, _ spelling: inout Spelling
    ) throws(DecodeError) -> String {
        var inner = element.children
        var texts: [String] = []
        while !inner.isEmpty, spelling.hasRoom, let part = try next(&inner, of: element) {
            texts.append(try text(part, depth: depth + 1, &spelling))
        }
        if !inner.isEmpty || element.isCut {
            spelling.isCut = true
            texts.append(leftOut)
        }
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

    private static func substrings(
        _ element: DERElement, _ spelling: inout Spelling
    ) throws(DecodeError) -> String {
        var inner = element.children
        let name = try inner.next().text
        if LDAPSecrets.isSecret(name) { return "(\(name)=\(LDAPSecrets.hidden))" }
        var pieces = try inner.next().children
        var out = ""
        var endsOpen = true
        for _ in 0..<partLimit where !pieces.isEmpty && out.utf8.count < WireText.limit {
            let piece = try pieces.next()
            if piece.tag & 0x1F != 0 || !out.isEmpty { out += "*" }
            out += LDAPFilterValue.escaped(piece.content)
            endsOpen = piece.tag & 0x1F != 2
        }
        if !pieces.isEmpty { spelling.isCut = true }
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
