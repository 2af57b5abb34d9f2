internal import ArgumentParser
internal import Foundation
internal import Glibc
internal import Sensor

/// What commands say on the standard error, and how they fail.
enum Terminal {
    static func say(_ text: String) { put(text + "\n") }

    /// Where it cannot be written, nobody reads it: that is no reason to end.
    static func put(_ text: String) { _ = write(text, to: STDERR_FILENO) }

    /// Writes a line of the program's result on the standard output.
    /// - Throws: `ExitCode` when it cannot, and says why.
    static func print(_ text: String) throws {
        if write(text + "\n", to: STDOUT_FILENO) { return }
        say("error: cannot write the standard output: \(String(cString: strerror(errno)))")
        throw ExitCode(1)
    }

    /// - Returns: whether all of it is written; else `errno` holds the reason.
    private static func write(_ text: String, to descriptor: Int32) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// To be called before anything is opened: a reader that goes away is an error of writing and not the end, and a
    /// standard stream that is closed does not become a log, or the interface, of which others think it is the stream.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest number that is free (open(2)).
            _ = open("/dev/null", O_RDWR)
        }
    }

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

    /// Says which files in directories of captures are not read, as their names are not those of captures.
    static func tellLeftOut(of paths: [String]) {
        for path in paths where path != "-" {
            let names = CapturePaths.leftOut(of: path)
            guard !names.isEmpty else { continue }
            let rest = names.count > 3 ? ", and others" : ""
            say("warning: no names of captures, left out: \(names.prefix(3).joined(separator: ", "))\(rest)")
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
