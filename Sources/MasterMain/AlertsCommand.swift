import ArgumentParser
import Master

/// `meneki-master alerts`
struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "Alerts that were raised.", subcommands: [Export.self])

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Writes alerts, ordered by site, time and identifier.",
            discussion: "Example: meneki-master alerts export --min-score 70 --out alerts.jsonl")

        @OptionGroup var place: DatabaseOptions
        @OptionGroup var options: ExportOptions

        func run() async throws {
            try options.write(try await place.with { try await Exports(database: $0).alerts(options.filter) })
        }
    }
}
