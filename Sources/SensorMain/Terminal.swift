internal import ArgumentParser
internal import Foundation
internal import Sensor

/// What commands say on the standard error, and how they fail.
enum Terminal {
    static func say(_ text: String) { put(text + "\n") }

    static func put(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes over the present line.
    static func show(_ text: String) { put("\r\u{1B}[K\(text)") }

    /// Runs `body`; an error becomes one sentence and exit code 1.
    static func reporting<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch let error as ExitCode { throw error } catch {
            say("error: \(error)")
            throw ExitCode(1)
        }
    }

    /// Says which captures did not end as they should.
    /// - Returns: whether one was more than cut at its end.
    static func tell(_ endings: [(path: String, ending: CaptureEnding)]) -> Bool {
        var isDamaged = false
        for (path, ending) in endings {
            switch ending {
            case .complete: break
            case .cut(let offset):
                say("warning: \(path) is cut inside a packet at offset \(offset); all before was read")
            case .damaged(let offset, let reason):
                isDamaged = true
                say("error: \(path) is damaged at offset \(offset) (\(reason)); all before was read")
            }
        }
        return isDamaged
    }
}
