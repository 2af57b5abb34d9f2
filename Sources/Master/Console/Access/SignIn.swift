import NIOPosix
public import Shared

/// Opens and recognises sessions: passwords, limits, life times.
public struct SignIn: Sendable {
    /// How long a session lasts, from its beginning.
    public static let sessionLength = Interval.hours(12)

    public enum Outcome: Equatable, Sendable {
        case opened(SecretToken)
        /// Wrong name or password; which of them is not said.
        case refused
        case tooManyTries
    }

    let accounts: any ConsoleAccounts
    let limiter = SignInLimiter()
    /// Checked when the name is unknown, so that the answer takes as long as for a known one.
    private let decoy: PasswordHash

    public init(accounts: any ConsoleAccounts, costLog2: Int = 15) throws {
        self.accounts = accounts
        decoy = try PasswordHash(password: PasswordHash.randomPassword(), costLog2: costLog2)
    }

    /// Tries a password.
    /// - Parameter address: of the browser, for the limit.
    public func open(
        name: String, password: String, address: String, now: Timestamp
    ) async throws -> Outcome {
        let keys = ["address:\(address)", "name:\(name.lowercased().prefix(64))"]
        guard await limiter.allows(keys, now: now) else { return .tooManyTries }
        // Counted before the slow check: tries in parallel must not slip through.
        await limiter.failed(keys, now: now)
        guard password.utf8.count <= PasswordHash.maximumBytes, let user = try await check(name, password) else {
            return .refused
        }
        await limiter.succeeded(keys)
        try await accounts.dropExpiredSessions(now: now)
        let token = SecretToken()
        try await accounts.openSession(
            hash: token.hash, user: user.name, now: now, expires: now + Self.sessionLength)
        return .opened(token)
    }

    /// Checks a password against the account. Runs the slow function on a thread of its own.
    func check(_ name: String, _ password: String) async throws -> ConsoleUser? {
        let user = try await accounts.user(named: name)
        let stored = user.flatMap { PasswordHash($0.passwordHash) }
        let hash = stored ?? decoy
        let matches = try await NIOThreadPool.singleton.runIfActive { try hash.matches(password) }
        return matches && stored != nil ? user : nil
    }

    /// Hashes a password on a thread of its own.
    static func hash(_ password: String) async throws -> PasswordHash {
        try await NIOThreadPool.singleton.runIfActive { try PasswordHash(password: password) }
    }
}
