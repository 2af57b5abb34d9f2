/// One master uses a database at a time: a lock of PostgreSQL's that ends with the connection that holds it.
public struct MasterLease: Sendable {
    private let connection: PostgresConnection

    /// Key of the advisory lock ("master" in ASCII).
    static let key: Int64 = 0x6D61_7374_6572
    /// A master that was just killed may hold it for another moment.
    static let attempts = 50

    /// Takes the lock.
    /// - Throws: ``DatabaseError`` when another master holds it.
    public init(database: Database) async throws {
        connection = PostgresConnection(address: database.address)
        for _ in 0..<Self.attempts {
            let isMine = try await connection.run {
                try $0.query("SELECT pg_try_advisory_lock($1) AS mine", [.int(Self.key)]).first?.bool("mine") ?? false
            }
            if isMine { return }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw DatabaseError(
            .conflict, "Another meneki-master uses this database", hint: "stop it first, or give another --database")
    }

    /// Gives the lock back.
    public func end() async { await connection.close() }
}
