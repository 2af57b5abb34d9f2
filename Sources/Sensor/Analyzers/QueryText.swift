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

    /// Statements that make or change logins carry passwords: `PASSWORD`, `IDENTIFIED`, `sp_addlogin`.
    private static func mayHoldSecret(_ query: RawSpan) -> Bool {
        HTTPText.contains(query, "password") || HTTPText.contains(query, "identified")
            || HTTPText.contains(query, "sp_addlogin")
    }
}
