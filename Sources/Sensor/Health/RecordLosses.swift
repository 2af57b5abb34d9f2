internal import Synchronization

/// Records that found no room in the spool, counted by whoever drops them.
final class RecordLosses: Sendable {
    private let lost = Atomic<UInt64>(0)

    var count: UInt64 { lost.load(ordering: .relaxed) }

    func add(_ records: Int) { lost.wrappingAdd(UInt64(records), ordering: .relaxed) }
}
