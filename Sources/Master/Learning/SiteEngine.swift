public import Shared

/// Everything that is learned and judged about one site: inventory, learning, detection, incidents.
///
/// A deterministic function of the records it is given, in order: the same log gives the same alerts. It asks no
/// clock, no database and no network. Whoever drives it (the site's consumer of the log) gives it records in event
/// time and writes what ``takeChanges()`` returns.
public protocol SiteEngine: Sendable {
    /// Takes one record.
    /// - Parameter time: when it was observed (for `conn`, its end); never decreases from call to call.
    mutating func observe(_ record: RecordView, at time: Timestamp)
    /// Tells that event time has reached `time`: hours that ended are closed and judged.
    mutating func advance(to time: Timestamp)
    /// What changed since the last call.
    mutating func takeChanges() -> SiteChanges
}
