public import Logging
import Metrics

/// Runs the consumers of every site's log, and starts them again from their last checkpoint when one fails.
public struct SiteConsumers: Sendable {
    private let database: Database
    private let bell: LogBell
    private let progress: LogProgress
    private let makeEngine: SiteEngineFactory
    private let checkpoints: CheckpointSettings
    private let partitions: SearchPartitions
    private let logger: Logger
    private let restarts = Counter(label: "master_consumer_restarts_total")

    /// - Parameter retentionDays: how many days of event time the search tables keep.
    public init(
        database: Database, bell: LogBell, progress: LogProgress, makeEngine: @escaping SiteEngineFactory,
        checkpoints: CheckpointSettings = CheckpointSettings(), retentionDays: Int = 30, logger: Logger
    ) {
        (self.database, self.bell, self.progress) = (database, bell, progress)
        (self.makeEngine, self.checkpoints, self.logger) = (makeEngine, checkpoints, logger)
        partitions = SearchPartitions(database: database, retentionDays: retentionDays, logger: logger)
    }

    /// Runs until the task is cancelled; then each consumer writes a last checkpoint.
    public func run() async {
        await withDiscardingTaskGroup { group in
            var started: Set<String> = []
            while !Task.isCancelled {
                for site in await sites().subtracting(started) {
                    started.insert(site)
                    group.addTask { await keepRunning("learning", site) { try await learning(site).run() } }
                    group.addTask { await keepRunning("search", site) { try await search(site).run() } }
                }
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    private func sites() async -> Set<String> {
        var sites = await bell.sites
        do {
            sites.formUnion(try await database.query("SELECT name FROM site").map { $0.text("name") })
        } catch {
            logger.debug("Cannot read the list of sites", metadata: ["error": "\(error)"])
        }
        return sites
    }

    private func learning(_ site: String) -> LearningConsumer {
        LearningConsumer(
            site: site, database: database, bell: bell, progress: progress, makeEngine: makeEngine,
            settings: checkpoints, logger: logger)
    }

    private func search(_ site: String) -> SearchConsumer {
        SearchConsumer(
            site: site, database: database, bell: bell, progress: progress, partitions: partitions, logger: logger)
    }

    /// Starts a consumer again and again: everything it holds in memory is in the last checkpoint and the log.
    private func keepRunning(_ name: String, _ site: String, _ body: () async throws -> Void) async {
        var pause = Duration.milliseconds(250)
        while !Task.isCancelled {
            let begin = ContinuousClock.now
            do {
                try await body()
            } catch is CancellationError {
                return
            } catch {
                restarts.increment()
                logger.error(
                    "A consumer of the log stopped, starting it again from its checkpoint",
                    metadata: ["site": "\(site)", "consumer": "\(name)", "error": "\(error)"])
            }
            pause = begin.duration(to: .now) > .seconds(60) ? .milliseconds(250) : min(pause * 2, .seconds(5))
            try? await Task.sleep(for: pause)
        }
    }
}
