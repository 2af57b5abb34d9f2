import Foundation
public import Logging
public import ServiceLifecycle

/// The master from top to bottom, in the order in which data moves. Services end in the opposite order.
public struct Pipeline: Sendable {
    public let services: [any Service]
    private let ready: ReadyFile
    private let storage: MasterDatabase
    private let lease: MasterLease

    /// Opens the database and builds every stage.
    /// - Throws: ``DatabaseError``, or what is wrong with a stage's settings.
    public init(settings: MasterSettings, metrics: MetricsRegistry, logger: Logger) async throws {
        let ready = ReadyFile(state: settings.state, parts: ["sensors", "console"], logger: logger)
        try ready.clear()
        self.ready = ready
        storage = try await MasterDatabase.open(address: settings.database, state: settings.state, logger: logger)
        let database = storage.database
        do {
            lease = try await MasterLease(database: database)
        } catch {
            await storage.close()
            throw error
        }
        // Store: the private cluster, stopped last.
        var services: [any Service] = []
        if let cluster = storage.cluster { services.append(ClusterService(cluster: cluster)) }

        // Ingest and Log: what sensors send is stored, then acknowledged.
        let (bell, progress) = (LogBell(), LogProgress())
        let log = LogStore(database: database, bell: bell, progress: progress)
        let fleet = SensorStore(database: database)
        let authority = try CertificateAuthority(directory: settings.authority, now: Date())
        let ingest = try IngestServer(
            settings: try settings.ingest(), enrolment: Enrolment(authority: authority, directory: fleet),
            directory: fleet, store: log, logger: logger, now: ConsoleService.wallClock,
            whenBound: { ready.listens("sensors", port: $0) })

        // Inventory, Learning, Detection, Incidents: consumers of the log, one line a site; and the search tables.
        let engines = SiteEngines(database: database)
        services.append(
            ConsumersService(
                consumers: SiteConsumers(
                    database: database, bell: bell, progress: progress, makeEngine: { try await engines.make($0, $1) },
                    retentionDays: settings.retentionDays, logger: logger)))
        services.append(ingest)

        // Console and API.
        let accounts = PostgresAccounts(database: database)
        try await Self.announceFirstAccount(accounts, file: settings.firstPasswordFile)
        services.append(
            try await ConsoleService(
                settings: try settings.consoleSettings(authority: authority),
                data: PostgresConsoleData(database: database),
                accounts: accounts, texts: PatternTexts(library: try PatternLibrary.load(folder: nil)),
                metrics: metrics,
                logger: logger, onReady: { ready.listens("console", port: $0) }))
        self.services = services
    }

    /// Makes the console's first account where there is none, and shows its password once.
    private static func announceFirstAccount(_ accounts: PostgresAccounts, file: String?) async throws {
        guard let password = try await FirstAccount.make(in: accounts) else { return }
        if let file {
            try FirstAccount.write(password: password, to: file)
        } else {
            print(FirstAccount.announcement(password: password))
        }
    }

    /// Ends what the services do not: connections and the lease.
    public func close() async {
        try? ready.clear()
        await lease.end()
        await storage.close()
    }
}

/// Watches the private cluster, and stops it when everything that uses it has ended.
struct ClusterService: Service {
    let cluster: PrivateCluster

    func run() async throws {
        await withTaskGroup { group in
            group.addTask { await cluster.watch() }
            try? await gracefulShutdown()
            group.cancelAll()
        }
        await cluster.stop()
    }
}

/// Runs the consumers of the log until shutdown; then each writes its last checkpoint.
struct ConsumersService: Service {
    let consumers: SiteConsumers

    func run() async throws { await cancelWhenGracefulShutdown { await consumers.run() } }
}
