import Foundation
public import Logging

/// The database of a master: a given server, or the private cluster of its state directory.
public struct MasterDatabase: Sendable {
    public let database: Database
    /// The private cluster when this program started (or adopted) it.
    public let cluster: PrivateCluster?

    /// For `run`: a given server, else the private cluster, started; then the schema brought up to date.
    /// - Throws: ``DatabaseError``
    public static func open(address: String?, state: String, logger: Logger) async throws -> MasterDatabase {
        let files = ClusterFiles(state: state)
        var cluster: PrivateCluster?
        if let address {
            do {
                try FileManager.default.createDirectory(atPath: files.state, withIntermediateDirectories: true)
            } catch {
                throw DatabaseError(.cluster, "Cannot make the state directory: \(error.localizedDescription)")
            }
            try files.store(address: address)
        } else {
            let own = PrivateCluster(state: state, logger: logger)
            do {
                try await own.start()
            } catch {
                await own.stop()
                throw error
            }
            cluster = own
        }
        let opened = MasterDatabase(
            database: Database(address: address ?? files.connection(database: "meneki")), cluster: cluster)
        do {
            try await Migrator().run(on: opened.database)
        } catch {
            await opened.close()
            throw error
        }
        return opened
    }

    /// For other commands: the running master's database, or the private cluster of a master that does not run.
    /// - Throws: ``DatabaseError`` that says what is missing.
    public static func find(address: String?, state: String, logger: Logger) async throws -> MasterDatabase {
        let files = ClusterFiles(state: state)
        if let address = address ?? files.storedAddress() {
            let database = Database(address: address, connections: 2)
            do {
                try await database.query("SELECT 1 FROM schema_version")
                return MasterDatabase(database: database, cluster: nil)
            } catch let error as DatabaseError where error.kind == .statement {
                try await Migrator().run(on: database)
                return MasterDatabase(database: database, cluster: nil)
            } catch  where address == files.connection(database: "meneki") {
                // Its master does not run: this command starts the cluster for itself, below.
            }
        }
        return try await open(address: address, state: state, logger: logger)
    }

    /// Closes the connections, and stops the cluster when this program started it.
    public func close() async {
        await database.close()
        await cluster?.stop()
    }
}
