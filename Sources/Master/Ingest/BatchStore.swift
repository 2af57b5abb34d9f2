public import Protocol

/// Where batches are kept: the log.
public protocol BatchStore: Sendable {
    /// Stores batches of any sensors in one transaction; returns when it is durable.
    ///
    /// Those of one sensor come in the order of their sequences. A batch whose sensor and sequence are stored already
    /// is
    /// left as it is: after a lost connection, the same batch may be under way twice.
    /// - Throws: whatever the database says; nothing of `batches` is stored then, and the caller tries again later.
    func commit(_ batches: [IncomingBatch]) async throws

    /// Sequence of the last stored batch of a sensor, 0 when it has none.
    func lastSequence(of sensor: SensorIdentity) async throws -> UInt64

    /// Returns when every batch of the sensor up to `sequence` is stored and every consumer of the log (inventory,
    /// learning, detection) has its results durable. Ends early, with an error, when its task is cancelled.
    func waitUntilLearned(_ sensor: SensorIdentity, through sequence: UInt64) async throws
}
