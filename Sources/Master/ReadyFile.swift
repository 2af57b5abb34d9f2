import Foundation
import Logging
import Synchronization

/// Tells scripts that the master serves: `ready.json` in the state directory, written when all parts listen.
final class ReadyFile: Sendable {
    private struct Seen {
        var ports: [String: Int] = [:]
    }

    private let path: String
    private let parts: Set<String>
    private let logger: Logger
    private let seen = Mutex(Seen())

    /// - Parameter parts: names of what must listen first.
    init(state: String, parts: Set<String>, logger: Logger) {
        (path, self.parts, self.logger) = (state + "/ready.json", parts, logger)
    }

    /// Removes what an earlier run left.
    func clear() throws {
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }

    /// A part listens on `port`.
    func listens(_ part: String, port: Int) {
        let ports = seen.withLock { seen in
            seen.ports[part] = port
            return seen.ports
        }
        guard parts.isSubset(of: ports.keys) else { return }
        do { try write(ports) } catch { logger.error("Cannot write \(path)", metadata: ["error": "\(error)"]) }
    }

    private func write(_ ports: [String: Int]) throws {
        let pid = Int(ProcessInfo.processInfo.processIdentifier)
        let text = try StoredJSON.encode(ports.merging(["pid": pid]) { first, _ in first })
        try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
