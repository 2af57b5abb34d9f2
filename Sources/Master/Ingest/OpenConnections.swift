internal import Synchronization

/// Counts connections against a limit.
final class OpenConnections: Sendable {
    private let count = Mutex(0)

    /// - Returns: false when as many as `limit` are open.
    func enter(limit: Int) -> Bool {
        count.withLock {
            guard $0 < limit else { return false }
            $0 += 1
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}
