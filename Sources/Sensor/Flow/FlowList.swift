import Shared

/// Flows in the order in which they will expire, linked by number through the flows themselves.
struct FlowList {
    var head = FlowTable.none
    var tail = FlowTable.none
    let index: UInt8
    /// How long a flow of this list may be silent.
    let timeout: Interval

    mutating func append(_ number: UInt32, _ table: borrowing FlowTable) {
        let flow = table.flow(number)
        flow.pointee.list = index
        flow.pointee.previous = tail
        flow.pointee.following = FlowTable.none
        if tail == FlowTable.none { head = number } else { table.flow(tail).pointee.following = number }
        tail = number
    }

    mutating func remove(_ number: UInt32, _ table: borrowing FlowTable) {
        let flow = table.flow(number)
        let (before, after) = (flow.pointee.previous, flow.pointee.following)
        if before == FlowTable.none { head = after } else { table.flow(before).pointee.following = after }
        if after == FlowTable.none { tail = before } else { table.flow(after).pointee.previous = before }
    }

    /// The first time at which a flow of this list is due: when it is looked at again, or has been silent for longer
    /// than the timeout.
    @inline(__always)
    func due(_ number: UInt32, _ table: borrowing FlowTable) -> Timestamp {
        let flow = table.flow(number)
        if index == FlowLists.question { return flow.pointee.lookDue }
        let since = index == FlowLists.attempt ? flow.pointee.start : flow.pointee.end
        let (time, isBeyond) = since.nanoseconds.addingReportingOverflow(timeout.nanoseconds &+ 1)
        return isBeyond ? .distantFuture : Timestamp(nanoseconds: time)
    }
}

/// Flows in the order in which their next interim report is due.
struct ReportList {
    private(set) var head = FlowTable.none
    private var tail = FlowTable.none
    /// Before this time no report is due.
    private(set) var due = Timestamp.distantFuture

    mutating func append(_ number: UInt32, _ table: borrowing FlowTable) {
        let flow = table.flow(number)
        due = min(due, flow.pointee.reportDue)
        flow.pointee.isReportPending = true
        flow.pointee.reportPrevious = tail
        flow.pointee.reportFollowing = FlowTable.none
        if tail == FlowTable.none { head = number } else { table.flow(tail).pointee.reportFollowing = number }
        tail = number
    }

    mutating func remove(_ number: UInt32, _ table: borrowing FlowTable) {
        let flow = table.flow(number)
        guard flow.pointee.isReportPending else { return }
        flow.pointee.isReportPending = false
        let (before, after) = (flow.pointee.reportPrevious, flow.pointee.reportFollowing)
        if before == FlowTable.none { head = after } else { table.flow(before).pointee.reportFollowing = after }
        if after == FlowTable.none { tail = before } else { table.flow(after).pointee.reportPrevious = before }
    }

    /// Asks the first flow when its report is due.
    mutating func reviewDue(_ table: borrowing FlowTable) {
        due = head == FlowTable.none ? .distantFuture : table.flow(head).pointee.reportDue
    }
}
