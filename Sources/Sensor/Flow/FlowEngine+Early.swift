internal import Shared

/// Acknowledgements that the capture shows before what they acknowledge.
///
/// A tap with a network card for each direction is merged by time, and what follows within microseconds comes in the
/// wrong order. So data that is acknowledged and was not seen is waited for a moment, as is what the other end says
/// meanwhile: it may be the answer. What is missing is counted at once, as Zeek does.
extension FlowEngine {
    /// Waits in vain after which a connection's losses are believed at once.
    private static let vainWaitLimit: UInt8 = 4

    /// Data of `side` was acknowledged up to `position`, and not all of it was seen.
    mutating func acknowledgeUnseen(_ number: UInt32, _ side: Side, upTo position: Int64, _ time: Timestamp) {
        let flow = table.flow(number)
        let end = flow.pointee.dataEnd(side, position)
        guard end > flow.pointee.next(side), !isSeen(number, side, upTo: end) else { return }
        guard isFollowed(number, side) else {
            endWait(number, side, isProven: true)
            return giveUp(number, side, upTo: position, time)
        }
        let analysis = analysis(of: number)
        guard end > analysis.untold[side] else { return }
        let known = analysis.early[side]
        let counted = max(known?.position ?? 0, analysis.untold[side])
        countMissing(number, side, max(flow.pointee.next(side), counted), end)
        guard analysis.vainWaits < Self.vainWaitLimit else {
            endWait(number, side)
            leaveUntold(number, side, upTo: position, time)
            return
        }
        analysis.early[side] = EarlyAcknowledgement(
            position: max(position, known?.position ?? 0), since: known?.since ?? time)
        flow.pointee.hasPending = true
        earlyWaits.append(number, analysis, due: clock + EarlyAcknowledgement.patience)
    }

    /// Whether the data of `side` below `end` only waits for the other end's.
    private func isSeen(_ number: UInt32, _ side: Side, upTo end: Int64) -> Bool {
        table.flow(number).pointee.hasPending && isWaited(number, for: side.other) && seenEnd(number, side) >= end
    }

    private func isWaited(_ number: UInt32, for side: Side) -> Bool {
        analyses[Int(table.flow(number).pointee.analysis)]?.early[side] != nil
    }

    /// Where the data of `side` ends that was seen without a hole, delivered or not.
    func seenEnd(_ number: UInt32, _ side: Side) -> Int64 {
        let flow = table.flow(number)
        var end = flow.pointee.next(side)
        guard let analysis = analyses[Int(flow.pointee.analysis)] else { return end }
        for segment in analysis.pending[side].segments {
            guard segment.start <= end else { break }
            end = max(end, segment.end)
        }
        return end
    }

    /// Whether the order of a side's data matters: it is seen, and may be analyzed.
    private func isFollowed(_ number: UInt32, _ side: Side) -> Bool {
        let flow = table.flow(number)
        let packets = side == .originator ? flow.pointee.originator.packets : flow.pointee.responder.packets
        return packets > 0 && (flow.pointee.isAnalyzed || flow.pointee.probesLeft > 0)
    }

    /// Ends what has waited for too long, or for what cannot come any more.
    mutating func reviewWaits(_ number: UInt32, _ side: Side, _ sequence: Int64, _ time: Timestamp) {
        guard let analysis = analyses[Int(table.flow(number).pointee.analysis)] else { return }
        for each in [Side.originator, .responder] {
            // Of one direction the order is kept: behind what was sent later, nothing earlier is waited for.
            if each == side, analysis.untold[side] > 0, sequence >= analysis.untold[side] {
                tellUntold(number, side, time)
            }
            guard let early = analysis.early[each] else { continue }
            let isBehind = each == side && sequence >= early.position
            if isBehind || early.isOver(at: time) { endWait(number, each, isProven: isBehind) }
        }
    }

    /// Ends what has waited for too long while its connection was silent.
    /// - Parameter most: connections that are looked at; the rest is left to the next call.
    mutating func endDueWaits(most: Int = FlowEngine.endedAtOnce) {
        var room = most
        while room > 0, clock > earlyWaits.due {
            room -= 1
            let wait = earlyWaits.removeFirst()
            let slot = table.flow(wait.number).pointee.analysis
            guard slot >= 0, let analysis = analyses[Int(slot)], analysis.waitTicket == wait.ticket else { continue }
            analysis.waitTicket = 0
            for side in [Side.originator, .responder] {
                guard let early = analysis.early[side], early.isOver(at: clock) else { continue }
                endWait(wait.number, side)
            }
            if analysis.early.originator != nil || analysis.early.responder != nil {
                earlyWaits.append(wait.number, analysis, due: clock + EarlyAcknowledgement.patience)
            }
        }
    }

    /// Up to where the other end's data may be answered by a segment of `side` that is to be delivered now: while it is
    /// waited for, up to what of it was.
    func answerable(_ number: UInt32, _ side: Side) -> Int64 {
        let isHeldBack = isWaited(number, for: side.other) && !isWaited(number, for: side)
        return isHeldBack ? table.flow(number).pointee.next(side.other) : .max
    }

    /// Data of `side` came: what was waited for, or a part of it.
    mutating func closeWait(_ number: UInt32, _ side: Side, _ time: Timestamp) {
        let flow = table.flow(number)
        guard flow.pointee.hasPending, let analysis = analyses[Int(flow.pointee.analysis)],
            let early = analysis.early[side]
        else { return }
        guard flow.pointee.next(side) >= flow.pointee.dataEnd(side, early.position) else {
            // What waited for this end alone may be older than this end's own wait.
            analysis.early[side]?.since = max(time, early.since)
            drain(number, side.other, time, answering: flow.pointee.next(side))
            return
        }
        analysis.early[side] = nil
        analysis.vainWaits /= 2
        flow.pointee.hasPending = analysis.hasPending
        drain(number, side.other, time)
        closeWait(number, side.other, time)
    }

    /// Waits no longer for data of `side`.
    /// - Parameter isProven: it was sent, or nothing more will come.
    mutating func endWait(_ number: UInt32, _ side: Side, isProven: Bool = false) {
        let flow = table.flow(number)
        guard flow.pointee.hasPending, let analysis = analyses[Int(flow.pointee.analysis)],
            let early = analysis.early[side]
        else { return }
        analysis.early[side] = nil
        analysis.vainWaits &+= 1
        flow.pointee.hasPending = analysis.hasPending
        // Each hole is told in front of what answers the data that is missing there.
        for _ in 0...Self.maximumPendingSegments {
            guard let held = firstPending(number, side.other), held.start <= flow.pointee.next(side.other),
                held.answers < early.position
            else { break }
            let answered = believed(number, side, held.answers)
            giveUp(number, side, upTo: answered, early.since, countedUpTo: early.position)
            drain(number, side.other, early.since, answering: held.answers)
        }
        if isProven {
            let position = believed(number, side, early.position)
            giveUp(number, side, upTo: position, early.since, countedUpTo: early.position)
        } else {
            leaveUntold(number, side, upTo: early.position, early.since)
        }
        drain(number, side.other, early.since)
        closeWait(number, side.other, early.since)
    }

    /// Leaves a hole of `side` that was waited for in vain and counted. While nothing answers it and nothing came from
    /// behind it, its data may yet come: that who acknowledged it has told the truth is not known.
    private mutating func leaveUntold(_ number: UInt32, _ side: Side, upTo position: Int64, _ time: Timestamp) {
        let flow = table.flow(number)
        guard flow.pointee.analysis >= 0, let analysis = analyses[Int(flow.pointee.analysis)] else { return }
        let isLast = firstPending(number, side) == nil && firstPending(number, side.other) == nil
        analysis.untold[side] = max(position, analysis.untold[side])
        flow.pointee.hasPending = true
        if !isLast { tellUntold(number, side, time) }
    }

    /// Tells the hole of `side` that was left, now that it is answered or that its sender went on.
    mutating func tellUntold(_ number: UInt32, _ side: Side, _ time: Timestamp) {
        let flow = table.flow(number)
        guard flow.pointee.hasPending, let analysis = analyses[Int(flow.pointee.analysis)] else { return }
        let position = analysis.untold[side]
        guard position > 0 else { return }
        analysis.untold[side] = 0
        flow.pointee.hasPending = analysis.hasPending
        giveUp(number, side, upTo: believed(number, side, position), time, countedUpTo: position)
    }

    /// A segment comes while holes are left: one of the other end is answered by it. Its own side's was none when it
    /// goes on where that began, and is one when it goes on behind.
    mutating func reviewUntold(_ number: UInt32, _ side: Side, start: Int64, _ time: Timestamp) {
        guard let analysis = analyses[Int(table.flow(number).pointee.analysis)] else { return }
        tellUntold(number, side.other, time)
        guard analysis.untold[side] > 0 else { return }
        guard start <= table.flow(number).pointee.next(side) else { return tellUntold(number, side, time) }
        analysis.isShownLate[side] = true
        analysis.untold[side] = 0
        table.flow(number).pointee.hasPending = analysis.hasPending
    }

    /// How far an acknowledgement of `side`'s data is believed: where data came behind its acknowledgement before, only
    /// up to what was seen to be sent.
    private func believed(_ number: UInt32, _ side: Side, _ position: Int64) -> Int64 {
        let flow = table.flow(number)
        guard flow.pointee.analysis >= 0, analyses[Int(flow.pointee.analysis)]?.isShownLate[side] == true else {
            return position
        }
        return min(position, side == .originator ? flow.pointee.originator.last : flow.pointee.responder.last)
    }

    /// Counts what was not seen of `side`'s data between two places.
    private mutating func countMissing(_ number: UInt32, _ side: Side, _ start: Int64, _ end: Int64) {
        var place = start
        for segment in analysis(of: number).pending[side].segments where segment.end > place && place < end {
            if segment.start > place { miss(number, side, min(segment.start, end) - place) }
            place = segment.end
        }
        if place < end { miss(number, side, end - place) }
    }

    /// Forgets what waits of `side`: its numbers begin anew.
    mutating func forgetWaiting(_ number: UInt32, _ side: Side, _ time: Timestamp) {
        while firstPending(number, side) != nil { dropFirstPending(number, side) }
        let flow = table.flow(number)
        guard flow.pointee.analysis >= 0, let analysis = analyses[Int(flow.pointee.analysis)] else { return }
        analysis.untold[side] = 0
        analysis.givenUp[side] = 0..<0
        analysis.isShownLate[side] = false
        guard flow.pointee.hasPending else { return }
        analysis.cuts[side] = CutData()
        analysis.early[side] = nil
        flow.pointee.hasPending = analysis.hasPending
        drain(number, side.other, time)
    }
}

/// An acknowledgement of data that was not seen.
struct EarlyAcknowledgement {
    /// How far it goes, in the sequence space of who sent the data.
    let position: Int64
    /// When data was last waited for in vain: since the acknowledgement, or what came of it.
    var since: Timestamp

    /// How long acknowledged data is waited for, in the capture's time: buffers of cards are emptied more often.
    static let patience = Interval.milliseconds(20)

    func isOver(at time: Timestamp) -> Bool { time - since > Self.patience }
}
