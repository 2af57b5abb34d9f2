public import Shared

/// Somebody who may sign in.
public struct ConsoleUser: Equatable, Sendable {
    public var name: String
    /// ``PasswordHash/text``.
    public var passwordHash: String
    public var language: Language
    /// IANA name such as `Asia/Tokyo`.
    public var timeZone: String
    public var role: String
    public var lastSignIn: Timestamp?

    public init(
        name: String, passwordHash: String, language: Language = .en, timeZone: String = "UTC",
        role: String = "administrator", lastSignIn: Timestamp? = nil
    ) {
        self.name = name
        self.passwordHash = passwordHash
        self.language = language
        self.timeZone = timeZone
        self.role = role
        self.lastSignIn = lastSignIn
    }

    /// Names are 1 to 64 letters, digits, dots, dashes, underscores or `@`.
    public static func isValid(name: String) -> Bool {
        (1...64).contains(name.count)
            && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" || $0 == "_" || $0 == "@" }
    }
}

/// The console's accounts and sessions, wherever they are kept. Sessions are known by the hash of their secret.
public protocol ConsoleAccounts: Sendable {
    func user(named name: String) async throws -> ConsoleUser?
    func users() async throws -> [ConsoleUser]
    /// - Returns: false when the name is taken.
    func add(_ user: ConsoleUser) async throws -> Bool
    /// Writes hash, language, zone and role of an account that exists.
    func update(_ user: ConsoleUser) async throws
    /// Removes the account with its sessions.
    /// - Returns: false when there was none.
    func remove(userNamed name: String) async throws -> Bool
    func openSession(hash: [UInt8], user: String, now: Timestamp, expires: Timestamp) async throws
    /// The user of a session that has not expired at `now`.
    func sessionUser(hash: [UInt8], now: Timestamp) async throws -> ConsoleUser?
    func closeSession(hash: [UInt8]) async throws
    /// Closes every session of a user but one: after a change of password.
    func closeSessions(of user: String, except hash: [UInt8]) async throws
    /// Forgets sessions that expired before `now`.
    func dropExpiredSessions(now: Timestamp) async throws
}
