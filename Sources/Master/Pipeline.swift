public import Logging
public import ServiceLifecycle

/// The master from top to bottom, in the order in which data moves. Services end in the opposite order.
public struct Pipeline: Sendable {
    public let services: [any Service]
    private let storage: MasterDatabase
    private let lease: MasterLease

    /// Opens the database and builds every stage.
    /// - Throws: ``DatabaseError``, or what is wrong with a stage's settings.
    public init(settings: MasterSettings, logger: Logger) async throws {
        let ready = ReadyFile(state: settings.state, parts: [])
        try ready.clear()
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
        _ = (log, fleet)

        // Inventory, Learning, Detection, Incidents: consumers of the log, one line a site; and the search tables.
        let engines = SiteEngines(database: database)
        services.append(
            ConsumersService(
                consumers: SiteConsumers(
                    database: database, bell: bell, progress: progress, makeEngine: { try await engines.make($0, $1) },
                    retentionDays: settings.retentionDays, logger: logger)))

        // Console and API.

        self.services = services
        try ready.write([:])
    }

    /// Ends what the services do not: connections and the lease.
    public func close() async {
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
