internal import Protocol
internal import Synchronization

/// Who is at the other end of a connection, once the master has welcomed it.
final class Guest: Sendable {
    private let known = Mutex<SensorIdentity?>(nil)

    var sensor: SensorIdentity? { known.withLock { $0 } }

    func enter(_ sensor: SensorIdentity) { known.withLock { $0 = sensor } }
}
