/// A few connections to one PostgreSQL database.
public actor Database {
    /// A libpq connection string or URI.
    public nonisolated let address: String
    private var idle: [PostgresConnection]
    private var waiting: [CheckedContinuation<PostgresConnection, Never>] = []

    /// Transactions that met a conflict are tried this often before the caller hears of it.
    static let conflictAttempts = 5

    /// - Parameter connections: how many callers can be served at once; others wait.
    public init(address: String, connections: Int = 6) {
        self.address = address
        idle = (0..<connections).map { _ in PostgresConnection(address: address) }
    }

    /// Runs `body` on a free connection.
    /// - Throws: what `body` throws, or ``DatabaseError``.
    public func run<R: Sendable>(_ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        let connection = await take()
        defer { give(connection) }
        return try await connection.run(body)
    }

    /// One statement on a free connection.
    /// - Throws: ``DatabaseError``
    @discardableResult
    public func query(_ sql: String, _ values: [SQLValue] = []) async throws -> [SQLRow] {
        try await run { try $0.query(sql, values) }
    }

    /// Runs `body` as one transaction, again when another transaction was in its way.
    /// - Throws: what `body` throws, or ``DatabaseError``.
    public func transaction<R: Sendable>(_ body: @Sendable (PostgresSession) throws -> R) async throws -> R {
        var attempt = 1
        while true {
            do {
                return try await run { try $0.transaction(body) }
            } catch let error as DatabaseError where error.kind == .conflict && attempt < Self.conflictAttempts {
                attempt += 1
            }
        }
    }

    /// Closes the connections that are free; each is made again when it is needed.
    public func close() async {
        for connection in idle { await connection.close() }
    }

    private func take() async -> PostgresConnection {
        if let connection = idle.popLast() { return connection }
        return await withCheckedContinuation { waiting.append($0) }
    }

    private func give(_ connection: PostgresConnection) {
        if waiting.isEmpty { idle.append(connection) } else { waiting.removeFirst().resume(returning: connection) }
    }
}
