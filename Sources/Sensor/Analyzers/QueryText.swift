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

    /// Whether what stands in the place of a query looks like one: it begins with a word, a comment or a bracket, and
    /// has no control characters but blanks.
    static func isText(_ query: RawSpan) -> Bool {
        guard let first = try? query.byte(at: 0) else { return false }
        let isBeginning =
            (0x61...0x7A).contains(first.lowercasedASCII) || first.isBlank || [0x2F, 0x2D, 0x28].contains(first)
        return isBeginning
            && query.extracting(first: limit).withUnsafeBytes { text in
                text.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0.isBlank }
            }
    }

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
