import Protocol

/// How far each consumer of the log has got, durably: what `replay --wait` waits for.
public actor LogProgress {
    /// The consumers by the names that they have in the table `consumer`.
    enum Consumer: String, CaseIterable, Sendable { case learning, search }

    private struct Key: Hashable {
        var consumer: Consumer
        var sensor: SensorIdentity
    }
    private struct Waiter {
        var sensor: SensorIdentity
        var sequence: UInt64
        var continuation: CheckedContinuation<Void, any Error>
    }

    private var passed: [Key: UInt64] = [:]
    private var waiters: [UInt64: Waiter] = [:]
    private var nextWaiter: UInt64 = 0

    public init() {}

    /// Everything of the sensor up to `sequence` has its results in the database.
    func report(_ consumer: Consumer, _ sensor: SensorIdentity, through sequence: UInt64) {
        passed[Key(consumer: consumer, sensor: sensor)] = sequence
        for (id, waiter) in waiters where waiter.sensor == sensor && hasPassed(sensor, waiter.sequence) {
            waiters[id] = nil
            waiter.continuation.resume()
        }
    }

    /// Whether somebody waits for this site: a reason to write a checkpoint soon.
    func isAwaited(_ site: String) -> Bool { waiters.values.contains { $0.sensor.site == site } }

    /// Returns when all consumers have passed `sequence`.
    /// - Throws: `CancellationError` when the task is cancelled.
    func wait(_ sensor: SensorIdentity, through sequence: UInt64) async throws {
        guard !hasPassed(sensor, sequence) else { return }
        let id = nextWaiter
        nextWaiter += 1
        try await withTaskCancellationHandler {
            try Task.checkCancellation()
            try await withCheckedThrowingContinuation {
                waiters[id] = Waiter(sensor: sensor, sequence: sequence, continuation: $0)
            }
        } onCancel: {
            Task { await self.cancel(id) }
        }
    }

    private func cancel(_ id: UInt64) {
        waiters.removeValue(forKey: id)?.continuation.resume(throwing: CancellationError())
    }

    private func hasPassed(_ sensor: SensorIdentity, _ sequence: UInt64) -> Bool {
        Consumer.allCases.allSatisfy { passed[Key(consumer: $0, sensor: sensor), default: 0] >= sequence }
    }
}
