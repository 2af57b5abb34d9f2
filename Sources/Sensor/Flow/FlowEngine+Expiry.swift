import Shared

extension FlowEngine {
    /// Connections ended in one packet's time: a scan, or a clock that jumps, makes many due at once, and what arrives
    /// meanwhile must not wait for all of them. As a packet makes one at most, what is left over melts away.
    static let endedAtOnce = 64

    /// Ends what has been silent for too long, and makes the interim reports that are due.
    /// - Parameter most: connections that it ends; the rest is left to the next call.
    @inline(__always)
    mutating func expire(most: Int = FlowEngine.endedAtOnce) {
        if reports.head != FlowTable.none, table.flow(reports.head).pointee.reportDue <= clock { reportDue() }
        var room = most
        for list in 0..<FlowLists.count {
            let head = lists[list].head
            if head != FlowTable.none, isDue(head, list) { expire(list, &room) }
        }
        if room > 0 { settledClock = clock }
    }

    /// Whether a connection has timed out, and its end was left to a later call.
    @inline(__always)
    func isOverdue(_ number: UInt32) -> Bool {
        let list = Int(table.flow(number).pointee.list)
        return settledClock != clock && isDue(number, list) && (list != FlowLists.question || isSilent(number))
    }

    /// Whether questions and answers that are looked at have ended. A second is allowed for the first answer, as Zeek
    /// does, so that one question is looked at once.
    private func isSilent(_ number: UInt32) -> Bool {
        (clock + .seconds(1)) - table.flow(number).pointee.end >= settings.questionTimeout
    }

    /// From now on a conversation over UDP is looked at as questions and answers.
    mutating func beginQuestions(_ number: UInt32) {
        lists[FlowLists.datagram].remove(number, table)
        awaitQuestions(number)
    }

    private mutating func awaitQuestions(_ number: UInt32) {
        table.flow(number).pointee.lookDue = clock + settings.questionTimeout
        lists[FlowLists.question].append(number, table)
    }

    @inline(__always)
    private func isDue(_ number: UInt32, _ list: Int) -> Bool {
        let flow = table.flow(number)
        if list == FlowLists.question { return flow.pointee.lookDue <= clock }
        let since = list == FlowLists.attempt ? flow.pointee.start : flow.pointee.end
        return clock.nanoseconds &- since.nanoseconds > lists[list].timeout.nanoseconds
    }

    private mutating func expire(_ list: Int, _ room: inout Int) {
        while room > 0, lists[list].head != FlowTable.none, isDue(lists[list].head, list) {
            let number = lists[list].head
            if list == FlowLists.question, !isSilent(number) {
                lists[list].remove(number, table)
                awaitQuestions(number)
            } else {
                close(number)
            }
            room -= 1
        }
    }

    private mutating func reportDue() {
        while reports.head != FlowTable.none {
            let number = reports.head
            let flow = table.flow(number)
            guard flow.pointee.reportDue <= clock else { return }
            reports.remove(number, table)
            interimReport(number, at: flow.pointee.reportDue)
        }
    }

    /// Makes room by ending the connection that matters least: an unanswered attempt, then a closed one, then the
    /// one that has been silent for longest.
    mutating func evict() {
        for list in 0..<FlowLists.count where lists[list].head != FlowTable.none {
            counters.evictedFlows &+= 1
            close(lists[list].head)
            return
        }
    }

    /// Ends a connection: its analyzer finishes, its record is written, its place is free.
    mutating func close(_ number: UInt32) {
        endAnalysis(number)
        writeRecord(number)
        let flow = table.flow(number)
        if flow.pointee.isTunnelTold {
            tell(flow.pointee.tunnelKind, "Tunnel::CLOSE", at: flow.pointee.end)
        }
        lists[Int(flow.pointee.list)].remove(number, table)
        reports.remove(number, table)
        releaseAnalysis(number)
        if flow.pointee.hasTunnelParent { tunnelParents[number] = nil }
        beginnings.release(flow.pointee.beginning)
        told.release(flow.pointee.told)
        table.remove(number)
    }
}
