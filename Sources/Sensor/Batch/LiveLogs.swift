public import Shared

/// The logs of a live capture: several captures write, and somebody reads along.
public actor LiveLogs {
    private var logs: LogDirectory
    private var flushed = ContinuousClock.now

    public init(_ logs: consuming LogDirectory) { self.logs = logs }

    /// Writes all records of a batch, and about once a second what is still in memory.
    public func write(_ batch: RecordBatch) throws(LogError) {
        try logs.write(batch)
        guard ContinuousClock.now - flushed >= .seconds(1) else { return }
        try logs.flush()
        flushed = .now
    }

    /// Ends the logs; once.
    public func finish() throws(LogError) { try logs.finish() }
}
