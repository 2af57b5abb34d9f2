import ArgumentParser
import Lab

/// The traffic laboratory: companies that do not exist, with logs as if they did.
@main
struct MenekiLab: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meneki-lab", abstract: "Simulates companies for demos, tests and sizing.",
        subcommands: [CompanyCommand.self])
}
