public import Shared

/// The console's accounts and sessions in PostgreSQL.
public struct PostgresAccounts: ConsoleAccounts {
    private let database: Database

    public init(database: Database) { self.database = database }

    private static let columns = "name, password_hash, language, time_zone, role, last_sign_in"

    private static func user(_ row: SQLRow) -> ConsoleUser {
        ConsoleUser(
            name: row.text("name"), passwordHash: row.text("password_hash"),
            language: Language(rawValue: row.text("language")) ?? .en, timeZone: row.text("time_zone"),
            role: row.text("role"), lastSignIn: row.time("last_sign_in"))
    }

    public func user(named name: String) async throws -> ConsoleUser? {
        // PostgreSQL has no text with a zero in it: such a name is nobody's.
        guard ConsoleUser.isValid(name: name) else { return nil }
        return try await database.query("SELECT \(Self.columns) FROM console_user WHERE name = $1", [.text(name)])
            .first.map(Self.user)
    }

    public func users() async throws -> [ConsoleUser] {
        try await database.query("SELECT \(Self.columns) FROM console_user ORDER BY name").map(Self.user)
    }

    public func add(_ user: ConsoleUser) async throws -> Bool {
        let rows = try await database.query(
            """
            INSERT INTO console_user (name, password_hash, language, time_zone, role) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (name) DO NOTHING RETURNING name
            """,
            [
                .text(user.name), .text(user.passwordHash), .text(user.language.rawValue), .text(user.timeZone),
                .text(user.role),
            ])
        return !rows.isEmpty
    }

    public func update(_ user: ConsoleUser) async throws {
        try await database.query(
            "UPDATE console_user SET password_hash = $2, language = $3, time_zone = $4, role = $5 WHERE name = $1",
            [
                .text(user.name), .text(user.passwordHash), .text(user.language.rawValue), .text(user.timeZone),
                .text(user.role),
            ])
    }

    public func remove(userNamed name: String) async throws -> Bool {
        guard ConsoleUser.isValid(name: name) else { return false }
        return try await !database.query("DELETE FROM console_user WHERE name = $1 RETURNING name", [.text(name)])
            .isEmpty
    }

    public func openSession(hash: [UInt8], user: String, now: Timestamp, expires: Timestamp) async throws {
        try await database.transaction { session in
            try session.query(
                "INSERT INTO console_session (hash, user_name, created_at, expires_at) VALUES ($1, $2, $3, $4)",
                [.bytes(hash), .text(user), .time(now), .time(expires)])
            try session.query(
                "UPDATE console_user SET last_sign_in = $2 WHERE name = $1", [.text(user), .time(now)])
        }
    }

    public func sessionUser(hash: [UInt8], now: Timestamp) async throws -> ConsoleUser? {
        try await database.query(
            """
            SELECT \(Self.columns) FROM console_session JOIN console_user ON name = user_name
            WHERE hash = $1 AND expires_at > $2
            """, [.bytes(hash), .time(now)]
        ).first.map(Self.user)
    }

    public func closeSession(hash: [UInt8]) async throws {
        try await database.query("DELETE FROM console_session WHERE hash = $1", [.bytes(hash)])
    }

    public func closeSessions(of user: String, except hash: [UInt8]) async throws {
        try await database.query(
            "DELETE FROM console_session WHERE user_name = $1 AND hash <> $2", [.text(user), .bytes(hash)])
    }

    public func dropExpiredSessions(now: Timestamp) async throws {
        try await database.query("DELETE FROM console_session WHERE expires_at <= $1", [.time(now)])
    }
}
