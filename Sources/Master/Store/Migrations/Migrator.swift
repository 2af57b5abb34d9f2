/// Brings a database to the schema that this program knows.
public struct Migrator: Sendable {
    /// Key of the advisory lock that lets one program migrate at a time ("meneki" in ASCII).
    static let lockKey: Int64 = 0x6D65_6E65_6B69

    let migrations: [Migration]

    public init(_ migrations: [Migration] = Migration.all) { self.migrations = migrations }

    /// Runs what is missing, each step in its own transaction, then fits the search tables to the kinds of records.
    /// - Returns: how many steps were run.
    /// - Throws: ``DatabaseError``, of kind `.version` when the database is newer than the program.
    @discardableResult
    public func run(on database: Database) async throws -> Int {
        try await database.run { session in
            try session.query("SELECT pg_advisory_lock($1)::text", [.int(Self.lockKey)])
            defer { releaseLock(session) }
            let missing = try missing(session)
            for migration in missing { try apply(migration, session) }
            try session.transaction { try SearchSchema.fit($0) }
            return missing.count
        }
    }

    /// The steps that the database has not seen.
    private func missing(_ session: PostgresSession) throws -> [Migration] {
        try session.script(
            """
            CREATE TABLE IF NOT EXISTS schema_version (
                number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
            """)
        let current = try session.query("SELECT max(number) AS number FROM schema_version").first?.int("number") ?? 0
        let known = Int64(migrations.last?.number ?? 0)
        guard current <= known else {
            throw DatabaseError(
                .version, "The database has schema version \(current), this program knows versions up to \(known)",
                hint: "install the newer meneki-master that made it, or restore a backup from before")
        }
        return migrations.filter { Int64($0.number) > current }
    }

    private func apply(_ migration: Migration, _ session: PostgresSession) throws {
        try session.transaction { session in
            try session.script(migration.sql)
            try session.query(
                "INSERT INTO schema_version (number, name) VALUES ($1, $2)",
                [.int(Int64(migration.number)), .text(migration.name)])
        }
    }

    private func releaseLock(_ session: PostgresSession) {
        // A connection that is lost has lost its lock as well: nothing is left to report.
        _ = try? session.query("SELECT pg_advisory_unlock($1)", [.int(Self.lockKey)])
    }
}
