import ArgumentParser
import Foundation
import Master
import Protocol
import Shared

/// `meneki-master sensor`
struct SensorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sensor", abstract: "Sensors that enrolled.", subcommands: [List.self, Revoke.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists sensors and when they were last seen.",
            discussion: "Example: meneki-master sensor list --state /var/lib/meneki --json")

        @OptionGroup var place: DatabaseOptions
        @Flag(help: "One JSON object a line.") var json = false

        func run() async throws {
            let json = json
            let lines = try await place.with { database in
                try await database.query(
                    """
                    SELECT site, name, last_seen_at, revoked_at, expires_at, last_sequence, version
                    FROM sensor ORDER BY site, name
                    """
                ).map { try Self.line($0, json: json) }
            }
            for line in lines { print(line) }
        }

        private static func line(_ row: SQLRow, json: Bool) throws -> String {
            let isRevoked = !row.isNull("revoked_at")
            let seen = row.time("last_seen_at")?.rfc3339
            guard json else {
                return "\(row.text("site"))/\(row.text("name"))  last seen \(seen ?? "never")  batches "
                    + "\(row.int("last_sequence"))  \(row.text("version"))\(isRevoked ? "  revoked" : "")"
            }
            return try StoredJSON.encode([
                "site": row.text("site"), "sensor": row.text("name"), "last_seen": seen ?? "",
                "version": row.text("version"), "last_sequence": String(row.int("last_sequence")),
                "expires": row.time("expires_at")?.rfc3339 ?? "", "revoked": isRevoked ? "true" : "false",
            ])
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Shuts a sensor out: its certificates are invalid from now on.",
            discussion: "Example: meneki-master sensor revoke tokyo/floor-1 --state /var/lib/meneki")

        @OptionGroup var place: DatabaseOptions
        @Argument(help: "SITE/SENSOR") var sensor: String

        func run() async throws {
            let parts = sensor.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw CommandProblem("\(sensor) is not SITE/SENSOR, such as tokyo/floor-1") }
            let revoked = try await place.with { database in
                try await SensorStore(database: database).revoke(
                    SensorIdentity(site: parts[0], sensor: parts[1]),
                    now: Timestamp(seconds: Date().timeIntervalSince1970))
            }
            guard !revoked.isEmpty else {
                throw CommandProblem(
                    "there is no sensor \(sensor) with a valid certificate; see meneki-master sensor list")
            }
            print("Revoked \(sensor): \(revoked.joined(separator: ", "))")
        }
    }
}
