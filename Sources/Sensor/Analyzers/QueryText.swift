internal import Shared

/// Texts of database queries as records show them: cut, and without what may be a password.
enum QueryText {
    /// Bytes of a query that records show.
    static let limit = 1024

    static func shown(_ query: RawSpan) -> String {
        let start = query.extracting(first: limit)
        guard mayHoldSecret(start) else { return start.text() }
        return query.extracting(first: Swift.min(query.firstIndex(of: 0x20) ?? 16, 64)).text() + " <hidden>"
    }

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

    /// Statements that make or change logins carry passwords: `PASSWORD`, `IDENTIFIED`, `sp_addlogin`.
    private static func mayHoldSecret(_ query: RawSpan) -> Bool {
        HTTPText.contains(query, "password") || HTTPText.contains(query, "identified")
            || HTTPText.contains(query, "sp_addlogin")
    }
}

extension UInt8 {
    /// A space, a tabulator or the end of a line.
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
