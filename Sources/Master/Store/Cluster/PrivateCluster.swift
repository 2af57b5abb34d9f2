import Foundation
import Glibc
public import Logging

/// A PostgreSQL of the master's own: on a Unix socket only, made, started, watched and stopped with it.
public actor PrivateCluster {
    public nonisolated let files: ClusterFiles
    private let logger: Logger
    private var child: ChildProcess?
    /// A postmaster that an earlier master left behind and that still serves.
    private var adopted: pid_t?
    private var isStopping = false

    /// How long a start may take: recovery after a crash reads the log since the last checkpoint.
    static let startLimit = Duration.seconds(120)

    /// Settings for one master on a shared machine. Durable: an acknowledgement means "on disk".
    static let settings = [
        "listen_addresses=", "port=5432", "unix_socket_permissions=0700", "max_connections=40",
        "shared_buffers=256MB", "work_mem=16MB", "maintenance_work_mem=128MB", "synchronous_commit=on",
        "wal_compression=on", "max_wal_size=2GB", "min_wal_size=256MB", "checkpoint_timeout=15min",
        "wal_level=minimal", "max_wal_senders=0", "jit=off", "autovacuum_naptime=30s",
        "log_min_messages=warning", "cluster_name=meneki",
    ]

    public init(state: String, logger: Logger) {
        files = ClusterFiles(state: state)
        self.logger = logger
    }

    /// The libpq connection string of its database.
    public nonisolated var address: String { files.connection(database: "meneki") }

    /// Makes the cluster when there is none, starts it (or adopts one that runs) and waits until it answers.
    /// - Throws: ``DatabaseError`` of kind `.cluster` with what to do.
    public func start() async throws {
        let account = try ServerAccount.forCluster()
        try prepareState(account)
        if await answers(), let running = files.postmaster() {
            guard !isStopping else { throw Self.stopped }
            adopted = running
            logger.info("Adopted the running PostgreSQL", metadata: ["pid": "\(running)"])
        } else {
            let binaries = try Self.binaries()
            if !FileManager.default.fileExists(atPath: files.data + "/PG_VERSION") {
                try await initialise(binaries, account)
            }
            try checkVersion(binaries)
            try await launch(binaries, account)
        }
        try await createDatabase()
        try files.store(address: address)
    }

    /// Stops it: sessions end at once, everything committed stays.
    public func stop() async {
        isStopping = true
        // Looked at in the same turn: the number of a process that has ended may be another's soon.
        guard isRunning(), let running = child?.processID ?? adopted else { return }
        kill(running, SIGINT)  // fast shutdown (PostgreSQL documentation, 19.5)
        while isRunning() {
            // Stopping must end even when the caller's task was cancelled: a plain wait, bounded by the server.
            usleep(20_000)
        }
        (child, adopted) = (nil, nil)
        logger.info("Stopped PostgreSQL")
    }

    /// Starts it again whenever it dies; returns when the task is cancelled.
    public func watch() async {
        while !Task.isCancelled, !isStopping {
            try? await Task.sleep(for: .milliseconds(250))
            guard !isStopping, !Task.isCancelled, !isRunning() else { continue }
            logger.error("PostgreSQL died, starting it again; see postgres.log", metadata: ["log": "\(files.log)"])
            do {
                (child, adopted) = (nil, nil)
                try await start()
            } catch {
                logger.error("PostgreSQL does not start", metadata: ["error": "\(error)"])
            }
        }
    }

    // MARK: - Private

    private func isRunning() -> Bool {
        if let child { return child.poll().isRunning }
        if let adopted { return ChildProcess.isRunning(adopted) }
        return false
    }

    private func answers() async -> Bool {
        do {
            try await Database(address: files.connection(database: "postgres"), connections: 1).query("SELECT 1")
            return true
        } catch {
            return false
        }
    }

    private func prepareState(_ account: ServerAccount?) throws {
        do {
            try FileManager.default.createDirectory(atPath: files.state, withIntermediateDirectories: true)
        } catch {
            throw DatabaseError(
                .cluster, "Cannot make the state directory \(files.state): \(error.localizedDescription)")
        }
        if account != nil { chmod(files.state, 0o711) }
        try files.makeDirectory(files.socketDirectory, for: account)
    }

    /// Newest installed version, in Debian's place first.
    private static func binaries() throws(DatabaseError) -> String {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let candidates = versions.compactMap(Int.init).sorted(by: >).map { "/usr/lib/postgresql/\($0)/bin" }
        for path in candidates + ["/usr/local/pgsql/bin", "/usr/local/bin", "/usr/bin"]
        where access(path + "/postgres", X_OK) == 0 && access(path + "/initdb", X_OK) == 0 {
            return path
        }
        throw DatabaseError(
            .cluster, "PostgreSQL is not installed",
            hint: "install the package postgresql, or give a server with --database")
    }

    /// A cluster belongs to one major version; the newest that is installed may be newer.
    private func checkVersion(_ binaries: String) throws(DatabaseError) {
        let made =
            (try? String(contentsOfFile: files.data + "/PG_VERSION", encoding: .utf8))?
            .split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let parts = binaries.split(separator: "/")
        guard binaries.hasPrefix("/usr/lib/postgresql/"), parts.count > 3, parts[3] != made else { return }
        guard access("/usr/lib/postgresql/\(made)/bin/postgres", X_OK) != 0 else { return }
        throw DatabaseError(
            .cluster, "\(files.data) was made by PostgreSQL \(made), which is not installed",
            hint: "install postgresql-\(made)")
    }

    private func programs(_ binaries: String) -> String {
        let made =
            (try? String(contentsOfFile: files.data + "/PG_VERSION", encoding: .utf8))?
            .split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let own = "/usr/lib/postgresql/\(made)/bin"
        return access(own + "/postgres", X_OK) == 0 ? own : binaries
    }

    /// Runs initdb beside its final place, so that a half-made cluster is never taken for a whole one.
    private func initialise(_ binaries: String, _ account: ServerAccount?) async throws {
        logger.info("Making a PostgreSQL cluster", metadata: ["directory": "\(files.data)"])
        let fresh = files.data + ".new"
        if FileManager.default.fileExists(atPath: fresh) { try FileManager.default.removeItem(atPath: fresh) }
        try files.makeDirectory(fresh, for: account)
        let command = [
            binaries + "/initdb", "--pgdata=\(fresh)", "--username=meneki", "--encoding=UTF8", "--locale=C.UTF-8",
            "--auth-local=trust", "--auth-host=reject", "--data-checksums", "--no-instructions",
        ]
        let child = try ChildProcess.start((account?.prefix ?? []) + command, log: files.log)
        guard try await child.succeeded() else {
            throw DatabaseError(
                .cluster, "Cannot make a PostgreSQL cluster in \(fresh): \(lastLogLine())",
                hint: account.map { "the account \($0.name) must be able to reach it; try --state /var/lib/meneki" }
                    ?? "")
        }
        guard rename(fresh, files.data) == 0 else {
            throw DatabaseError(.cluster, "Cannot rename \(fresh): \(String(cString: strerror(errno)))")
        }
    }

    private func launch(_ binaries: String, _ account: ServerAccount?) async throws {
        let options = (Self.settings + ["unix_socket_directories=\(files.socketDirectory)"]).flatMap { ["-c", $0] }
        let command = (account?.prefix ?? []) + [programs(binaries) + "/postgres", "-D", files.data] + options
        let deadline = ContinuousClock.now + Self.startLimit
        var running = try begin(command)
        while await !answers() {
            let hasTime = ContinuousClock.now < deadline
            if !running.poll().isRunning {
                child = nil
                // Right after a crash the old server's processes may still hold its memory: once more, until the limit.
                guard hasTime, files.postmaster() != nil else { throw failure() }
                try await Task.sleep(for: .milliseconds(200))
                running = try begin(command)
            } else if !hasTime {
                kill(running.processID, SIGQUIT)
                throw failure()
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        logger.info("Started PostgreSQL", metadata: ["pid": "\(running.processID)"])
    }

    /// Starts the server as the child that ``stop()`` ends, also before it answers; not after that.
    private func begin(_ command: [String]) throws -> ChildProcess {
        guard !isStopping else { throw Self.stopped }
        let started = try ChildProcess.start(command, log: files.log)
        child = started
        return started
    }

    private static let stopped = DatabaseError(.cluster, "PostgreSQL was stopped while it started")

    private func failure() -> DatabaseError {
        DatabaseError(
            .cluster, "PostgreSQL does not start in \(files.data): \(lastLogLine())", hint: "see \(files.log)")
    }

    private func createDatabase() async throws {
        let database = Database(address: files.connection(database: "postgres"), connections: 1)
        if try await database.query("SELECT 1 AS one FROM pg_database WHERE datname = 'meneki'").isEmpty {
            try await database.query("CREATE DATABASE meneki")
        }
        await database.close()
    }

    private func lastLogLine() -> String {
        let text = (try? String(contentsOfFile: files.log, encoding: .utf8)) ?? ""
        return text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "no reason given"
    }
}
