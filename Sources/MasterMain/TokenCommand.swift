import ArgumentParser
import Foundation
import Master
import Shared

/// `meneki-master token`
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "One-time tokens with which sensors enrol.",
        subcommands: [Create.self, List.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Makes a token for one sensor of a site; it is shown only now.",
            discussion: "Example: meneki-master token create --site tokyo --state /var/lib/meneki")

        @OptionGroup var place: DatabaseOptions
        @Option(help: "The site of the sensor.") var site: String
        @Option(help: "Hours that the token is good.") var hours: Int64 = 24
        @Flag(help: "Print the token and nothing else.") var quiet = false
        @Flag(help: "One JSON object.") var json = false

        func validate() throws {
            guard (1...720).contains(hours) else { throw ValidationError("--hours \(hours) is not within 1 to 720.") }
        }

        func run() async throws {
            let authority = try CertificateAuthority(
                directory: MasterSettings(state: place.state).authority, now: Date())
            let token = try await place.with { database in
                try await Enrolment(authority: authority, directory: SensorStore(database: database)).createToken(
                    site: site, lifetime: .hours(hours), now: ConsoleService.wallClock())
            }
            if json {
                print(try StoredJSON.encode(["site": site, "token": "\(token)"]))
            } else if quiet {
                print(token)
            } else {
                print("Token for one sensor of \(site), good for \(hours) hours and shown only now:\n\n  \(token)\n")
                print("On the sensor: meneki-sensor enroll --master HOST:4747 --site \(site) --state DIR --token ...")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "Lists tokens by the beginning of their hash.",
            discussion: "Example: meneki-master token list --state /var/lib/meneki --json")

        @OptionGroup var place: DatabaseOptions
        @Flag(help: "One JSON object a line.") var json = false

        func run() async throws {
            let rows = try await place.with { database in
                try await database.query(
                    """
                    SELECT left(encode(hash, 'hex'), 12) AS hash, site, expires_at, used_at, used_by
                    FROM enrolment_token ORDER BY created_at, hash
                    """)
            }
            for row in rows {
                let expires = row.time("expires_at")?.rfc3339 ?? ""
                let user = row.text("used_by")
                if json {
                    print(
                        try StoredJSON.encode([
                            "hash": row.text("hash"), "site": row.text("site"), "expires": expires, "used_by": user,
                        ]))
                } else {
                    let state = user.isEmpty ? "until \(expires)" : "used by \(user)"
                    print("\(row.text("hash"))  \(row.text("site"))  \(state)")
                }
            }
        }
    }
}
