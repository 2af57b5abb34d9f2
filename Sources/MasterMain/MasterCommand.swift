import ArgumentParser
import Foundation

/// `meneki-master`: see docs and `--help`.
@main struct MasterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "meneki-master",
        abstract: "Stores what sensors send, learns what is normal, and tells what is not.",
        discussion: """
            Example, a master with a database of its own, and a token for the first sensor of a site:
              meneki-master run --state /var/lib/meneki
              meneki-master token create --site tokyo --state /var/lib/meneki
            """,
        subcommands: [
            RunCommand.self, TokenCommand.self, SensorCommand.self, AlertsCommand.self, IncidentsCommand.self,
            DoctorCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            // Errors of ours are one sentence; those of the parser know how to show themselves.
            guard let said = CommandProblem.sentence(error) else { exit(withError: error) }
            FileHandle.standardError.write(Data("meneki-master: \(said)\n".utf8))
            Foundation.exit(1)
        }
    }
}
