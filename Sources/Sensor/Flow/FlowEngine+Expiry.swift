import Shared

extension FlowEngine {
    /// Connections ended in one packet's time: a scan, or a clock that jumps, makes many due at once, and what arrives
    /// meanwhile must not wait for all of them. As a packet makes one at most, what is left over melts away.
    static let endedAtOnce = 64

    /// Ends what has been silent for too long, and makes the interim reports that are due.
    /// - Parameter most: connections that it ends; the rest is left to the next call.
    @inline(__always)
    mutating func expire(most: Int = FlowEngine.endedAtOnce) {
        if clock >= reports.due { reportDue() }
        if clock >= lists.due { endDue(most) } else { settledClock = clock }
    }

    /// Whether a connection had timed out before a packet of this time came, and its end was left to a later call.
    ///
    /// By the packet's time: after a jump of the clock, or in an older file, the clock is ahead of all packets.
    @inline(__always)
    func isOverdue(_ number: UInt32, at time: Timestamp) -> Bool {
        guard settledClock != clock else { return false }
        let now = min(time, clock)
        return lists.isDue(number, at: now, table)
            && (table.flow(number).pointee.list != FlowLists.question || isSilent(number, now))
    }

    /// Whether questions and answers that are looked at have ended. A second is allowed for the first answer, as Zeek
    /// does, so that one question is looked at once.
    private func isSilent(_ number: UInt32, _ now: Timestamp) -> Bool {
        (now + .seconds(1)) - table.flow(number).pointee.end >= settings.questionTimeout
    }

    /// From now on a conversation over UDP is looked at as questions and answers.
    mutating func beginQuestions(_ number: UInt32) {
        lists.remove(number, table)
        awaitQuestions(number)
    }

    private mutating func awaitQuestions(_ number: UInt32) {
        table.flow(number).pointee.lookDue = clock + settings.questionTimeout
        lists.append(number, to: FlowLists.question, table)
    }

    private mutating func endDue(_ most: Int) {
        var room = most
        for list in 0..<FlowLists.count { endDue(of: list, &room) }
        if room > 0 { settledClock = clock }
        lists.reviewDue(table)
    }

    private mutating func endDue(of list: Int, _ room: inout Int) {
        while room > 0, case let number = lists.first(list), number != FlowTable.none,
            lists.isDue(number, at: clock, table)
        {
            if list == FlowLists.question, !isSilent(number, clock) {
                lists.remove(number, table)
                awaitQuestions(number)
            } else {
                close(number)
            }
            room -= 1
        }
    }

    /// The clock that packets are timed by was set back, as it is where a machine starts with one that is ahead: what
    /// is open ends, since it would not before that time comes again, and time goes on from `time`.
    mutating func turnBack(to time: Timestamp) {
        guard time < clock else { return }
        finish()
        clock = time
        settledClock = time
        (statisticsSince, statisticsDue) = (time, time + settings.statisticsInterval)
        earlyWaits = WaitQueue()
        writeWeird("clock_set_back", "capture", nil, 1)
    }

    private mutating func reportDue() {
        while reports.head != FlowTable.none {
            let number = reports.head
            let flow = table.flow(number)
            guard flow.pointee.reportDue <= clock else { break }
            reports.remove(number, table)
            interimReport(number, at: flow.pointee.reportDue)
        }
        reports.reviewDue(table)
    }

    /// Makes room by ending the connection that matters least: an unanswered attempt, then a closed one, then the
    /// one that has been silent for longest.
    mutating func evict() {
        var chosen = FlowTable.none
        for list in 0..<FlowLists.count {
            let head = lists.first(list)
            guard head != FlowTable.none else { continue }
            let isOldest = chosen == FlowTable.none || table.flow(head).pointee.end < table.flow(chosen).pointee.end
            if isOldest { chosen = head }
            if list == FlowLists.attempt || list == FlowLists.closed { break }
        }
        guard chosen != FlowTable.none else { return }
        counters.evictedFlows &+= 1
        close(chosen)
    }

    /// Ends a connection: its analyzer finishes, its record is written, its place is free.
    mutating func close(_ number: UInt32) {
        endAnalysis(number)
        writeRecord(number)
        let flow = table.flow(number)
        if flow.pointee.isTunnelTold {
            tell(flow.pointee.tunnelKind, "Tunnel::CLOSE", at: flow.pointee.end)
        }
        lists.remove(number, table)
        reports.remove(number, table)
        releaseAnalysis(number)
        if flow.pointee.hasTunnelParent { tunnelParents[number] = nil }
        beginnings.release(flow.pointee.beginning)
        told.release(flow.pointee.told)
        table.remove(number)
    }
}
