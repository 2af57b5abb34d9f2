public import Shared

/// Hand-over from a capture thread to async code. Bounded; the producer learns of every refusal.
public struct BatchChannel: Sendable {
    public let batches: AsyncStream<RecordBatch>
    private let continuation: AsyncStream<RecordBatch>.Continuation

    /// - Parameter depth: batches held before the producer is refused.
    public init(depth: Int) {
        (batches, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(depth))
    }

    /// False when the channel is full or finished: the batch is lost, and the producer counts it.
    public func send(_ batch: RecordBatch) -> Bool {
        if case .enqueued = continuation.yield(batch) { true } else { false }
    }

    /// Nothing more will come: ``batches`` ends after what is held.
    public func finish() { continuation.finish() }
}
