import ArgumentParser
import Logging
import Master
import Metrics
import ServiceLifecycle
import UnixSignals

/// `meneki-master run`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs the master until it is told to stop (SIGTERM, Ctrl-C).",
        discussion: """
            Without --database, the master makes, starts and stops a PostgreSQL of its own in the state directory.
            When all parts listen, it writes ready.json there.

            Example: meneki-master run --state /var/lib/meneki --listen 0.0.0.0:4747 --console 0.0.0.0:8443
            """)

    @Option(help: "Directory for everything that the master keeps.") var state: String
    @Option(help: "PostgreSQL server as a libpq URI, instead of a cluster of the master's own.") var database: String?
    @Option(help: "Where sensors connect, HOST:PORT.") var listen = "[::]:4747"
    @Option(help: "Where the console and the API are, HOST:PORT.") var console = "127.0.0.1:8443"
    @Option(help: "File that gets the first account's password.") var firstPasswordFile: String?
    @Option(help: "Days of records that can be searched.") var retentionDays = 30

    func validate() throws {
        for (name, text) in [("--listen", listen), ("--console", console)]
        where MasterSettings.hostAndPort(text) == nil {
            throw ValidationError("\(name) \(text) is not HOST:PORT, such as 0.0.0.0:4747 or [::]:4747.")
        }
        guard (1...3650).contains(retentionDays) else {
            throw ValidationError("--retention-days \(retentionDays) is not within 1 to 3650.")
        }
    }

    func run() async throws {
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let logger = Logger(label: "meneki-master")
        var settings = MasterSettings(state: state)
        (settings.database, settings.listen, settings.console) = (database, listen, console)
        (settings.firstPasswordFile, settings.retentionDays) = (firstPasswordFile, retentionDays)
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        let pipeline = try await Pipeline(settings: settings, metrics: metrics, logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: pipeline.services.map {
                    .init(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch {
            await pipeline.close()
            throw error
        }
        await pipeline.close()
    }
}
