import Logging
import Shared

/// The days that the search tables hold: a partition for each kind and day, made when it is needed, dropped when it
/// is old.
actor SearchPartitions {
    private let database: Database
    private let retentionDays: Int
    private let logger: Logger
    private var known: Set<String>?
    /// Newest day of each site that loads.
    private var newest: [String: Int] = [:]

    /// Key of the advisory lock under which partitions are made ("days" in ASCII).
    static let creationLock: Int64 = 0x6461_7973

    /// Days before 1970 or after 2200 are mistakes of a clock, not history.
    static let plausibleDays = 0...84_000

    init(database: Database, retentionDays: Int, logger: Logger) {
        (self.database, self.retentionDays, self.logger) = (database, retentionDays, logger)
    }

    /// Name of a partition: `conn_20251103`.
    static func name(_ kind: RecordKind, day: Int) -> String { kind.name + "_" + date(day).filter { $0 != "-" } }

    private static func date(_ day: Int) -> String {
        let start = Timestamp(nanoseconds: Int64(day) * 86_400 * Timestamp.nanosecondsPerSecond)
        return String(start.rfc3339.prefix(10))
    }

    /// First day that is still kept for a site.
    func oldestDay(of site: String) -> Int { (newest[site] ?? 0) - retentionDays }

    /// Makes the partitions for these kinds and days.
    func prepare(_ wanted: [(kind: RecordKind, day: Int)], site: String) async throws {
        if known == nil { try await load() }
        for (kind, day) in wanted where known?.contains(Self.name(kind, day: day)) == false {
            try await create(kind, day)
        }
        guard let last = wanted.map(\.day).max(), last > newest[site] ?? 0 else { return }
        newest[site] = last
        try await dropOld()
    }

    private func load() async throws {
        let rows = try await database.query(
            "SELECT relname::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                + "WHERE nspname = 'search' AND relispartition AND relkind = 'r'")
        known = Set(rows.map { $0.text("name") })
    }

    private func create(_ kind: RecordKind, _ day: Int) async throws {
        let name = Self.name(kind, day: day)
        try await database.transaction { session in
            // Sites load side by side, and IF NOT EXISTS does not look at what another transaction is making.
            try session.query("SELECT pg_advisory_xact_lock($1)::text", [.int(Self.creationLock)])
            try session.script(
                "CREATE TABLE IF NOT EXISTS search.\(SearchSchema.quoted(name)) "
                    + "PARTITION OF \(SearchSchema.table(kind)) "
                    + "FOR VALUES FROM ('\(Self.date(day)) 00:00:00+00') TO ('\(Self.date(day + 1)) 00:00:00+00')")
        }
        known?.insert(name)
    }

    /// Drops the days that no site needs any longer. Relative to event time, so that history can be loaded.
    private func dropOld() async throws {
        let limit = (newest.values.min() ?? 0) - retentionDays
        for kind in Records.kinds {
            let keep = Self.name(kind, day: max(limit, 0))
            let old = (known ?? []).filter { name in
                name.hasPrefix(kind.name + "_") && name.count == keep.count && name < keep
                    && name.dropFirst(kind.name.count + 1).allSatisfy(\.isNumber)
            }
            for name in old.sorted() {
                try await database.query("DROP TABLE IF EXISTS search.\(SearchSchema.quoted(name))")
                known?.remove(name)
                logger.info("Dropped an old day", metadata: ["table": "search.\(name)"])
            }
        }
    }
}
