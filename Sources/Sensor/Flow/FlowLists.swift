import Shared

/// The lists by expiry: one a timeout, so that the oldest flow of each is its first.
struct FlowLists {
    static let attempt = 0
    static let closed = 1
    static let datagram = 2
    static let question = 3
    static let icmp = 4
    static let open = 5
    static let count = 6

    /// Before this time no first flow of a list is due. Kept, so that what arrives meanwhile asks none of them: each
    /// lies in a line of its own of memory.
    private(set) var due = Timestamp.distantFuture
    private var lists: [6 of FlowList]

    init(_ settings: FlowSettings) {
        lists = [
            FlowList(index: 0, timeout: settings.attemptTimeout),
            FlowList(index: 1, timeout: settings.closedTimeout),
            FlowList(index: 2, timeout: settings.udpTimeout),
            FlowList(index: 3, timeout: settings.questionTimeout),
            FlowList(index: 4, timeout: settings.icmpTimeout),
            FlowList(index: 5, timeout: settings.tcpTimeout),
        ]
    }

    /// The oldest flow of a list, or ``FlowTable/none``.
    func first(_ list: Int) -> UInt32 { lists[list].head }

    /// Adds a flow, which is in no list, at the end of one.
    mutating func append(_ number: UInt32, to list: Int, _ table: borrowing FlowTable) {
        lists[list].append(number, table)
        due = min(due, lists[list].due(number, table))
    }

    /// Takes a flow out of its list.
    mutating func remove(_ number: UInt32, _ table: borrowing FlowTable) {
        let list = Int(table.flow(number).pointee.list)
        let wasFirst = lists[list].head == number
        lists[list].remove(number, table)
        if wasFirst { noteFirst(list, table) }
    }

    /// Moves a flow to the end of its list: it was just heard of.
    @inline(__always)
    mutating func touch(_ number: UInt32, _ table: borrowing FlowTable) {
        let list = Int(table.flow(number).pointee.list)
        guard lists[list].tail != number else { return }
        remove(number, table)
        lists[list].append(number, table)
    }

    /// Whether a flow has been silent for longer than its list allows.
    func isDue(_ number: UInt32, at now: Timestamp, _ table: borrowing FlowTable) -> Bool {
        lists[Int(table.flow(number).pointee.list)].due(number, table) <= now
    }

    /// Asks all lists anew when the next flow will be due.
    mutating func reviewDue(_ table: borrowing FlowTable) {
        due = .distantFuture
        for list in 0..<Self.count { noteFirst(list, table) }
    }

    /// Another flow is the first of a list. Where time went back, it may be due before the one that was.
    private mutating func noteFirst(_ list: Int, _ table: borrowing FlowTable) {
        let first = lists[list].head
        if first != FlowTable.none { due = min(due, lists[list].due(first, table)) }
    }
}
