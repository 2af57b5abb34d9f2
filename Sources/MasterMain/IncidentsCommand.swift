import ArgumentParser
import Master

/// `meneki-master incidents`
struct IncidentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incidents", abstract: "Alerts that tell one story.", subcommands: [Export.self])

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Writes incidents with the identifiers of their alerts.",
            discussion: "Example: meneki-master incidents export --min-score 70 --site tokyo")

        @OptionGroup var place: DatabaseOptions
        @OptionGroup var options: ExportOptions

        func run() async throws {
            try options.write(try await place.with { try await Exports(database: $0).incidents(options.filter) })
        }
    }
}
