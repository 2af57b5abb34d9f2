import ArgumentParser
import Master

/// Why a command did not do what it was asked.
struct CommandProblem: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }

    /// What to tell about an error; nil when the argument parser tells it better (help, usage, validation).
    static func sentence(_ error: any Error) -> String? {
        switch error {
        case let problem as CommandProblem: problem.description
        case let problem as DatabaseError: problem.description
        case is CleanExit, is ValidationError, is ExitCode: nil
        default: "\(type(of: error))" == "CommandError" ? nil : "\(error)"
        }
    }
}
