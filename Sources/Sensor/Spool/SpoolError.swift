/// Why the spool cannot take or give batches.
public enum SpoolError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The disk, or the limit given to the spool, is full. What was written before is intact.
    case full(path: String)
    case system(path: String, reason: String)

    public var description: String {
        switch self {
        case .full(let path): "the spool \(path) is full: make room on its disk, or let the master catch up"
        case .system(let path, let reason): "the spool \(path) does not work: \(reason)"
        }
    }
}
