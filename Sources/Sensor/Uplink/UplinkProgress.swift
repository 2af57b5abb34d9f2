public import Protocol
internal import Synchronization

/// What the uplink has reached, and what it is asked for beside batches.
public final class UplinkProgress: Sendable {
    public struct State: Sendable, Equatable {
        /// Whether the master has said welcome on the present connection.
        public var isConnected = false
        /// Last sequence that the master has stored.
        public var stored: UInt64 = 0
        /// Last sequence that the master has learned, as far as it was asked.
        public var learned: UInt64 = 0
        /// Sequence whose learning is to be told.
        var wanted: UInt64 = 0
        var health: WireHealth?
    }

    private let mutex = Mutex(State())
    /// Rings after every change.
    let changed = Bell()

    public init() {}

    public var state: State { mutex.withLock { $0 } }

    /// Asks the master to tell when everything up to `sequence` is learned.
    public func want(learned sequence: UInt64) { change { $0.wanted = max($0.wanted, sequence) } }

    /// Leaves a report for the master; one that was not sent yet is replaced.
    public func leave(_ health: WireHealth) { change { $0.health = health } }

    func change(_ body: (inout State) -> Void) {
        mutex.withLock { body(&$0) }
        changed.ring()
    }

    func takeHealth() -> WireHealth? {
        mutex.withLock { state in
            defer { state.health = nil }
            return state.health
        }
    }
}
