import Shared

/// Connections that wait for data behind its acknowledgement, in the order in which their waits end.
///
/// A wait that ends early stays here until its time and is passed over then: each connection is here once at most.
struct WaitQueue {
    /// A connection's place in the queue.
    struct Wait {
        let number: UInt32
        /// Also in its ``FlowAnalysis/waitTicket``, unless it is another connection's by now.
        let ticket: UInt32
        let due: Timestamp
    }

    /// Connections at most: those that find no room wait until their next packet.
    private static let limit = 1 << 16

    private var waits: [Wait] = []
    /// Those before have been taken out.
    private var first = 0
    private var ticket: UInt32 = 0
    /// Behind what time the first one ends.
    private(set) var due = Timestamp.distantFuture

    /// - Parameter due: no earlier than that of the ones before.
    mutating func append(_ number: UInt32, _ analysis: FlowAnalysis, due: Timestamp) {
        guard analysis.waitTicket == 0, waits.count - first < Self.limit else { return }
        ticket = ticket == .max ? 1 : ticket + 1
        analysis.waitTicket = ticket
        waits.append(Wait(number: number, ticket: ticket, due: due))
        self.due = waits[first].due
    }

    /// Takes out the first one; there must be some.
    mutating func removeFirst() -> Wait {
        let wait = waits[first]
        first += 1
        if first == waits.count || first >= Self.limit {
            waits.removeFirst(first)
            first = 0
        }
        due = waits.isEmpty ? .distantFuture : waits[first].due
        return wait
    }
}
