import Foundation
import Logging
@testable import Master

/// A private cluster in a folder of its own, stopped and removed after the test.
enum TestDatabase {
    static func with<R: Sendable>(_ body: (Database, PrivateCluster) async throws -> R) async throws -> R {
        let state = "/tmp/meneki-test-\(UUID().uuidString.prefix(8))"
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let cluster = PrivateCluster(state: state, logger: logger)
        do {
            try await cluster.start()
            let database = Database(address: cluster.address)
            let result = try await body(database, cluster)
            await database.close()
            await cluster.stop()
            try FileManager.default.removeItem(atPath: state)
            return result
        } catch {
            await cluster.stop()
            try? FileManager.default.removeItem(atPath: state)
            throw error
        }
    }

    static func migrated<R: Sendable>(_ body: (Database, PrivateCluster) async throws -> R) async throws -> R {
        try await with { database, cluster in
            try await Migrator().run(on: database)
            return try await body(database, cluster)
        }
    }
}
