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

    subscript(index: Int) -> FlowList {
        @inline(__always) get { lists[index] }
        @inline(__always) _modify { yield &lists[index] }
    }
}
