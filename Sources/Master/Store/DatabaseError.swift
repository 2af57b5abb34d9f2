/// Why the database did not do what it was asked, in the words an operator needs.
public struct DatabaseError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Sendable {
        /// The server cannot be reached, or the connection broke: worth another try.
        case connection
        /// Two transactions were in each other's way (SQLSTATE class 40): worth another try at once.
        case conflict
        /// The server refused the statement.
        case statement
        /// The private cluster cannot be made or started.
        case cluster
        /// Database and program do not fit together.
        case version
    }

    public var kind: Kind
    /// What was tried and what the server said, one sentence.
    public var message: String
    /// Five characters (PostgreSQL documentation, appendix A), empty when the server was not reached.
    public var sqlState: String
    /// What to do about it, empty when nothing is known.
    public var hint: String

    public init(_ kind: Kind, _ message: String, sqlState: String = "", hint: String = "") {
        (self.kind, self.message, self.sqlState, self.hint) = (kind, message, sqlState, hint)
    }

    public var description: String {
        message + (sqlState.isEmpty ? "" : " (SQLSTATE \(sqlState))") + (hint.isEmpty ? "" : "; \(hint)")
    }

    /// Sorts a server's answer by its SQLSTATE class.
    static func kind(ofState state: String) -> Kind {
        if state.hasPrefix("40") { return .conflict }
        // 57P01 to 57P03: the server stops or starts; 53300: too many connections.
        return state.hasPrefix("08") || state.hasPrefix("57P0") || state == "53300" ? .connection : .statement
    }

    /// What an operator can do about a SQLSTATE.
    static func hint(forState state: String) -> String {
        switch state.prefix(2) {
        case "28": "check the user and password in --database"
        case "3D": "create the database first, or correct its name in --database"
        case "53": "free disk space or memory on the database server, or raise its limits"
        case "42" where state == "42501": "grant the program's user the right to create schemas and tables"
        default: ""
        }
    }
}
