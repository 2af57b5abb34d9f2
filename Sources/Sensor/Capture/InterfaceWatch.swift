internal import Synchronization

/// Knows how many interfaces of a sensor work, and when there is nothing left to wait for.
///
/// An interface that went away is waited for without end as long as another one works. When none does, waiting has a
/// limit: whoever started the sensor must learn that it sees nothing.
final class InterfaceWatch: Sendable {
    private struct State {
        var working = 0
        /// Since when none works.
        var noneSince = ContinuousClock.now
        var isOver = false
    }

    private let patience: Duration
    private let state = Mutex(State())

    /// - Parameter patience: how long no interface may work.
    init(patience: Duration = .seconds(60)) { self.patience = patience }

    /// An interface works.
    /// - Returns: false when it comes too late: the others have given up.
    func begin() -> Bool {
        state.withLock {
            if $0.isOver { return false }
            $0.working += 1
            return true
        }
    }

    /// One that worked does so no longer.
    func end(at now: ContinuousClock.Instant = .now) {
        state.withLock {
            $0.working -= 1
            if $0.working <= 0 { $0.noneSince = now }
        }
    }

    /// Whether none worked for so long that all give up; once true, it stays so.
    func isOver(at now: ContinuousClock.Instant = .now) -> Bool {
        state.withLock {
            if $0.working <= 0, now - $0.noneSince >= patience { $0.isOver = true }
            return $0.isOver
        }
    }
}
