internal import Synchronization

/// The last sequence of a connection that is stored: told by the committer, asked by the reader.
final class StoredMark: Sendable {
    private let mark = Mutex<UInt64>(0)

    var sequence: UInt64 { mark.withLock { $0 } }

    func reach(_ sequence: UInt64) { mark.withLock { $0 = max($0, sequence) } }
}
