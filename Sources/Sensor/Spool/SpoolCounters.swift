/// What the spool holds and what it lost.
public struct SpoolCounters: Sendable, Equatable {
    /// The number that the next batch gets.
    public var nextSequence: UInt64
    /// Up to here batches are durable.
    public var synced: UInt64 = 0
    /// Up to here the master has them. Begins, at a start, with what is known to be gone from the disk.
    public var acknowledged: UInt64 = 0
    public var byteCount = 0
    /// Bytes behind the last sound batch that were cut at the start: of an unfinished write, or damaged.
    public var tornBytes = 0
    /// Batches that the disk damaged; empty ones were sent in their place.
    public var damagedBatches = 0
    /// Batches that found no room; those who brought them counted or kept them.
    public var refusedBatches = 0
    var damaged: Set<UInt64> = []

    init(nextSequence: UInt64) { self.nextSequence = nextSequence }

    /// Batches that the master does not have yet.
    public var waiting: UInt64 { nextSequence - 1 - min(acknowledged, nextSequence - 1) }
}
