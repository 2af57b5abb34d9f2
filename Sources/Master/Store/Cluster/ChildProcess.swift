import Foundation
import Glibc

/// A program that was started, in a session of its own so that Ctrl-C reaches only its parent.
struct ChildProcess: Sendable {
    let processID: pid_t

    /// Starts a program; its output is added to the file `log`.
    /// - Throws: ``DatabaseError`` of kind `.cluster` when it cannot be started.
    static func start(_ arguments: [String], log: String) throws(DatabaseError) -> ChildProcess {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        closeOnExec()
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // POSIX_SPAWN_SETSID is 0x80 in glibc's spawn.h.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | 0x80))
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        let environment = ["LC_ALL=C.UTF-8", "PATH=/usr/bin:/bin"]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) }
        variables.append(nil)
        defer { for variable in variables { free(variable) } }
        var processID: pid_t = 0
        let result = posix_spawn(&processID, arguments[0], &actions, &attributes, words, variables)
        guard result == 0 else {
            throw DatabaseError(.cluster, "Cannot start \(arguments[0]): \(String(cString: strerror(result)))")
        }
        return ChildProcess(processID: processID)
    }

    /// Whether it still runs; reaps it when it does not. The status is that of waitpid(2).
    func poll() -> (isRunning: Bool, status: Int32) {
        var status: Int32 = 0
        let result = waitpid(processID, &status, WNOHANG)
        return (result == 0, status)
    }

    /// Waits for its end.
    /// - Returns: whether it ended with exit code 0.
    func succeeded() async throws -> Bool {
        while true {
            let (isRunning, status) = poll()
            if !isRunning { return status == 0 }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Whether a process runs that need not be a child of this one (a zombie does not).
    static func isRunning(_ processID: pid_t) -> Bool {
        guard kill(processID, 0) == 0 || errno == EPERM else { return false }
        // Third field of /proc/PID/stat, behind the name in parentheses (proc(5)).
        guard let stat = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8) else { return false }
        let state = stat.suffix(from: stat.lastIndex(of: ")") ?? stat.startIndex).dropFirst(2).first
        return state != "Z" && state != "X"
    }

    /// A server that outlives a killed master must not hold the master's ports: what is open stays in this program.
    private static func closeOnExec() {
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for descriptor in open.compactMap({ Int32($0) }) where descriptor > 2 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }
}
