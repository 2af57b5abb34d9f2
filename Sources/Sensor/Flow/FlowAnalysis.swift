import Shared

/// What a flow needs beyond counters: an analyzer, bytes that wait, segments out of order. Made only when needed.
final class FlowAnalysis {
    /// A segment that came before the ones in front of it.
    struct Segment {
        var start: Int64
        var length: Int
        /// What was captured of it; empty when no analyzer wants it.
        var bytes: [UInt8]
        var end: Int64 { start + Int64(length) }
    }

    var analyzer: (any ProtocolAnalyzer)?
    /// The analyzer's service until its first bytes were good.
    var service: StaticString?
    /// Files and certificates that were told of.
    var fileCount: UInt32 = 0
    /// Services found, in order.
    var services: [StaticString] = []
    /// First bytes of each side that no analyzer has recognised yet.
    var held = HeldPayload()
    /// Segments out of order, by start.
    var originatorPending: [Segment] = []
    var responderPending: [Segment] = []

    /// Segments wait, on either side.
    var hasPending: Bool { !originatorPending.isEmpty || !responderPending.isEmpty }

    /// Bytes of segments out of order.
    var heldBytes: Int {
        originatorPending.reduce(0) { $0 + $1.bytes.count } + responderPending.reduce(0) { $0 + $1.bytes.count }
    }

    func add(service: StaticString) {
        if !services.contains(where: { $0.isSame(as: service) }) { services.append(service) }
    }
}
