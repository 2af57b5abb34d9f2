import ArgumentParser
import Logging
import Master

/// Which master's database a command works on.
struct DatabaseOptions: ParsableArguments {
    @Option(help: "State directory of the master.") var state: String = "/var/lib/meneki"
    @Option(help: "PostgreSQL server as a libpq URI, instead of the master's own cluster.") var database: String?

    /// Gives `body` the database, and closes it afterwards.
    func with<R: Sendable>(_ body: (Database) async throws -> R) async throws -> R {
        var logger = Logger(label: "meneki-master")
        logger.logLevel = .error
        let found = try await MasterDatabase.find(address: database, state: state, logger: logger)
        do {
            let result = try await body(found.database)
            await found.close()
            return result
        } catch {
            await found.close()
            throw error
        }
    }
}
