import ArgumentParser
import Foundation
import Master
import Shared

/// `meneki-master token`
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "One-time tokens with which sensors enrol.", subcommands: [List.self])

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
                    print("\(row.text("hash"))  \(row.text("site"))  \(user.isEmpty ? "until \(expires)" : "used by \(user)")")
                }
            }
        }
    }
}
