internal import Shared

/// Texts of database queries as records show them: cut, and without what may be a password.
enum QueryText {
    /// Bytes of a query that records show.
    static let limit = 1024

    static func shown(_ query: RawSpan) -> String {
        let start = query.extracting(first: limit)
        guard mayHoldSecret(start) else { return start.text() }
        return query.extracting(first: Swift.min(query.firstIndex(of: 0x20) ?? 16, 64)).text() + mark
    }

    private static let mark = " <hidden>"

    /// Whether a text is shown without what may be a password: then answers to it, which may repeat it, are not told.
    static func isHidden(_ shown: String?) -> Bool { shown?.hasSuffix(mark) ?? false }

    static func shown(_ query: String) -> String { shown(Array(query.utf8.prefix(limit + 1)).span.bytes) }

    /// Whether what stands in the place of a query looks like one: it begins with a word of SQL, a comment or a
    /// bracket, and has no control characters but blanks.
    static func isText(_ query: RawSpan) -> Bool {
        isBeginning(query)
            && query.extracting(first: limit).withUnsafeBytes { text in
                text.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0.isBlank }
            }
    }

    private static func isBeginning(_ query: RawSpan) -> Bool {
        var rest = query
        while let byte = try? rest.byte(at: 0), byte.isBlank { rest = rest.extracting(droppingFirst: 1) }
        if rest.starts(with: "/*") || rest.starts(with: "--") || rest.starts(with: "(") { return true }
        return words.contains { word in
            guard HTTPText.hasPrefix(rest, word) else { return false }
            guard let next = try? rest.byte(at: word.utf8CodeUnitCount) else { return true }
            return !(0x61...0x7A).contains(next.lowercasedASCII)
        }
    }

    /// First words of statements, of PostgreSQL's and MySQL's references.
    private static let words: [StaticString] = [
        "select", "show", "set", "insert", "update", "delete", "replace", "commit", "begin", "start", "rollback",
        "call", "use", "with", "create", "drop", "alter", "truncate", "explain", "describe", "desc", "grant", "revoke",
        "lock", "unlock", "prepare", "execute", "deallocate", "copy", "fetch", "move", "close", "declare", "listen",
        "unlisten", "notify", "vacuum", "analyze", "analyse", "savepoint", "release", "load", "kill", "flush", "check",
        "optimize", "discard", "reset", "do", "merge", "values", "xa", "end", "abort", "table", "comment", "cluster",
        "reindex", "refresh", "handler", "purge", "change", "stop", "repair", "rename", "help", "checkpoint", "import",
    ]

    /// Whether a text may hold a password: it makes or changes a login, opens a connection, encrypts, or asks for a
    /// column of passwords. What follows is not looked for: statements say it in too many ways.
    static func mayHoldSecret(_ text: RawSpan) -> Bool {
        for index in 0..<text.byteCount {
            guard let byte = try? text.byte(at: index) else { break }
            let words = secrets(beginningWith: byte.lowercasedASCII)
            if words.isEmpty { continue }
            let rest = text.extracting(droppingFirst: index)
            for word in words where HTTPText.hasPrefix(rest, word) { return true }
            if isAssignment(rest), !isLetter(text, index - 1) { return true }
            // Tables of secrets and secretaries are none.
            if HTTPText.hasPrefix(rest, "secret"), !isLetter(rest, 6) { return true }
        }
        return false
    }

    static func mayHoldSecret(_ text: String) -> Bool { mayHoldSecret(Array(text.utf8.prefix(limit)).span.bytes) }

    /// `passwd`, `PASSWORD` and `sp_password` among them; `IDENTIFIED BY` of MySQL, SQL Server's stored logins and ad
    /// hoc connections, PostgreSQL's pgcrypto, and keys of clouds.
    private static func secrets(beginningWith letter: UInt8) -> [StaticString] {
        switch letter {
        case 0x70: ofP
        case 0x73: ofS
        case 0x63: ofC
        case 0x6F: ofO
        case 0x69: ofI
        case 0x61: ofA
        default: []
        }
    }

    private static let ofP: [StaticString] = ["passw", "pwd", "pgp_sym_"]
    private static let ofS: [StaticString] = [
        "sp_addlogin", "sp_addlinkedsrvlogin", "sp_setapprole", "sp_addapprole", "secretkey",
    ]
    private static let ofC: [StaticString] = ["credential", "crypt("]
    private static let ofO: [StaticString] = ["openrowset", "opendatasource"]
    private static let ofI: [StaticString] = ["identified"]
    private static let ofA: [StaticString] = ["access_key"]

    /// `pass=`, as settings of connections and small tables have it.
    private static func isAssignment(_ text: RawSpan) -> Bool {
        guard HTTPText.hasPrefix(text, "pass") else { return false }
        let rest = text.extracting(droppingFirst: 4)
        return rest.starts(with: "=") || rest.starts(with: " =")
    }

    private static func isLetter(_ text: RawSpan, _ index: Int) -> Bool {
        (try? text.byte(at: index)).map { HTTPText.isLetter($0) } ?? false
    }
}

extension UInt8 {
    /// A space, a tabulator or the end of a line.
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
