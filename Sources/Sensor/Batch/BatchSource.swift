public import Shared

/// Where records come from, pulled a batch at a time: capture files, imported logs, simulated traffic.
///
/// Records leave in event time, as far as the source knows it, and every batch's `watermark` promises that no later
/// batch holds a record observed before it. (A `conn` is observed at its end, `ts + duration`; all else at its `ts`.)
/// The same input gives the same batches, cut at the same places: no source looks at the wall clock.
public protocol BatchSource: ~Copyable {
    /// The next batch, never empty; nil at the end of the source.
    /// - Throws: ``SourceError`` when the source cannot go on. What is merely bad in it is counted and skipped.
    mutating func nextBatch() throws(SourceError) -> RecordBatch?
}

/// Why a source of records cannot be opened or read on.
public enum SourceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The operating system refuses it; `reason` is its own sentence.
    case unreadable(path: String, reason: String)
    /// It can be read but is not what it should be; `reason` says what was expected and what to do.
    case unknownFormat(path: String, reason: String)
    /// It ends early or is damaged, so that what follows cannot be trusted.
    case damaged(path: String, reason: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .unknownFormat(let path, let reason): "\(path) is not understood: \(reason)"
        case .damaged(let path, let reason): "\(path) is damaged: \(reason)"
        }
    }
}
