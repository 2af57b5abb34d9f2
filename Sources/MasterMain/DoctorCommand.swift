import ArgumentParser
import Master

/// `meneki-master doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Checks the database, the log and its consumers.",
        discussion: "Example: meneki-master doctor --state /var/lib/meneki --json")

    @OptionGroup var place: DatabaseOptions
    @Flag(help: "One JSON object.") var json = false

    func run() async throws {
        let json = json
        let report = try await place.with { database in
            try await database.query(
                """
                SELECT (SELECT max(number) FROM schema_version) AS schema,
                       (SELECT count(*) FROM batch) AS batches,
                       (SELECT coalesce(sum(record_count), 0)::bigint FROM batch) AS records,
                       (SELECT coalesce(sum(length(payload)), 0)::bigint FROM batch) AS payload_bytes,
                       (SELECT count(*) FROM sensor WHERE revoked_at IS NULL) AS sensors,
                       (SELECT count(*) FROM alert) AS alerts,
                       pg_database_size(current_database()) AS bytes,
                       (SELECT count(*) FROM sensor s CROSS JOIN (VALUES ('learning'), ('search')) AS c (name)
                        LEFT JOIN consumer o ON o.site = s.site AND o.sensor = s.name AND o.name = c.name
                        WHERE s.last_sequence > coalesce(o.sequence, 0)) AS behind
                """
            ).first
        }
        guard let report else { throw CommandProblem("the database does not answer") }
        let names = ["schema", "batches", "records", "payload_bytes", "sensors", "alerts", "bytes", "behind"]
        if json {
            print(try StoredJSON.encode(Dictionary(uniqueKeysWithValues: names.map { ($0, report.int($0)) })))
        } else {
            for name in names { print("\(name): \(report.int(name))") }
        }
    }
}
