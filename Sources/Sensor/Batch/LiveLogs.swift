public import Shared

/// The logs of a live capture: several captures write, and somebody reads along.
public actor LiveLogs {
    private var logs: LogDirectory
    /// Something is in memory that no file has.
    private var isBehind = false

    public init(_ logs: consuming LogDirectory) { self.logs = logs }

    /// Takes the records of a batch; ``keepFlushed()`` writes them.
    public func write(_ batch: RecordBatch) throws(LogError) {
        isBehind = true
        try logs.write(batch)
    }

    /// Writes what is in memory once a second, until its task is cancelled: behind the last records, none may come for
    /// hours.
    public func keepFlushed() async throws(LogError) {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            guard isBehind else { continue }
            isBehind = false
            try logs.flush()
        }
    }

    /// Ends the logs; once.
    public func finish() throws(LogError) { try logs.finish() }
}
