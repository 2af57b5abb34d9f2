internal import ArgumentParser
internal import Foundation

/// What commands say on the standard error, and how they fail.
enum Terminal {
    static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes over the present line.
    static func show(_ text: String) { FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8)) }

    /// Runs `body`; an error becomes one sentence and exit code 1.
    static func reporting<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch let error as ExitCode { throw error } catch {
            say("error: \(error)")
            throw ExitCode(1)
        }
    }
}
