/// A connection with a thread of its own. Connects when it is first used, and again after it was lost.
public actor PostgresConnection {
    private let thread: DatabaseThread
    private let address: String
    private var session: PostgresSession?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameter address: a libpq connection string or URI.
    public init(address: String) {
        self.address = address
        thread = DatabaseThread(name: "database")
    }

    /// Runs `body` on the connection's thread.
    /// - Throws: what `body` throws, or ``DatabaseError`` when the server cannot be reached.
    public func run<R: Sendable>(_ body: @Sendable (PostgresSession) throws -> R) throws -> R {
        let session = try connected()
        do {
            return try body(session)
        } catch {
            if !session.isAlive { self.session = nil }
            throw error
        }
    }

    /// Ends the connection; the next use makes a new one.
    public func close() { session = nil }

    private func connected() throws(DatabaseError) -> PostgresSession {
        if let session { return session }
        let made = try PostgresSession(address)
        session = made
        return made
    }
}
