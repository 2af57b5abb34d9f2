import Shared

/// TCP reassembly: data in order, once, with holes told. The first bytes seen for a place win.
extension FlowEngine {
    /// Segments out of order that one side of a connection may wait with.
    static let maximumPendingSegments = 1024

    /// Takes a data segment of `side`, whose first byte stands at `start`.
    @inline(__always)
    mutating func segment(
        _ number: UInt32, _ side: Side, _ bytes: RawSpan, _ packet: DecodedPacket, start: Int64,
        _ time: Timestamp
    ) {
        let flow = table.flow(number)
        var next = flow.pointee.next(side)
        let end = start + Int64(packet.dataLength)
        if start < next, let place = takeBack(number, side, start..<end) { next = place }
        guard end > next else { return }
        if start > next || flow.pointee.hasPending {
            guard let place = order(number, side, bytes, packet, start: start, time) else { return }
            next = place
        }
        flow.pointee.setNext(side, end)
        if packet.dataCaptured < packet.dataLength { noteCut(number, side, next..<end) }
        let isWanted = flow.pointee.isAnalyzed || flow.pointee.probesLeft > 0
        if isWanted, packet.dataLength > 1 || !isKeepAlive(flow, packet, start) {
            let front = Int(next - start)
            let available = max(0, packet.dataCaptured - front)
            let wanted = Int(end - next)
            if available > 0 {
                let from = packet.dataOffset + front
                stream(number, side, bytes.extracting(from..<(from + min(available, wanted))), time)
            }
            if available < wanted { hole(number, side, wanted - max(0, available), time) }
        }
        if flow.pointee.hasPending {
            drain(number, side, time, answering: answerable(number, side))
            closeWait(number, side, time)
        }
    }

    /// Puts a segment in its order: what must wait is kept, and of what was seen before the first bytes stay.
    /// - Returns: where what of it may be delivered at once begins; nil when nothing may.
    private mutating func order(
        _ number: UInt32, _ side: Side, _ bytes: RawSpan, _ packet: DecodedPacket, start: Int64, _ time: Timestamp
    ) -> Int64? {
        let flow = table.flow(number)
        let end = start + Int64(packet.dataLength)
        if flow.pointee.hasPending { reviewUntold(number, side, start: start, time) }
        if flow.pointee.hasPending, answered(by: packet, of: side, flow) > answerable(number, side) {
            let seen = seenEnd(number, side)
            if end <= seen || keep(number, side, bytes, packet, start: start, from: seen) { return nil }
            // Where there is no room to wait in, what is in order goes on.
            endWait(number, side.other, isProven: true)
        } else if start > flow.pointee.next(side) {
            if keep(number, side, bytes, packet, start: start, from: start) { return nil }
            giveUpOwnHoles(number, side, time)
        }
        if start > flow.pointee.next(side) {
            if !keep(number, side, bytes, packet, start: start, from: start) { counters.refusedSegments &+= 1 }
            return nil
        }
        // What says nothing new ends no wait.
        guard end > seenEnd(number, side) else { return nil }
        drain(number, side, time, answering: answerable(number, side))
        let next = flow.pointee.next(side)
        if let held = firstPending(number, side), held.start < end,
            keep(number, side, bytes, packet, start: start, from: next)
        {
            drain(number, side, time, answering: answerable(number, side))
            closeWait(number, side, time)
            return nil
        }
        return end > next ? next : nil
    }

    /// How far the other end's data was received by who sent a segment: it answers nothing behind.
    private func answered(
        by packet: DecodedPacket, of side: Side, _ flow: UnsafeMutablePointer<Flow>
    ) -> Int64 {
        guard packet.flags.contains(.ack) else { return .max }
        let other = side == .originator ? flow.pointee.responder : flow.pointee.originator
        return max(0, other.relativeAcknowledgement(packet.acknowledgement))
    }

    /// A side may not wait with more: that it goes on tells that its holes were lost, of the capture's one direction or
    /// on a fast line, where more is on its way than fits.
    private mutating func giveUpOwnHoles(_ number: UInt32, _ side: Side, _ time: Timestamp) {
        guard firstPending(number, side) != nil else { return }
        focus(number, time)
        sink.weird("holes_given_up", source: "tcp")
        giveUpAll(number, side, time)
    }

    /// Whether the first byte of a side that was picked up in its middle only asks whether the other is alive (RFC 9293
    /// section 3.8.4): it was acknowledged long ago.
    private func isKeepAlive(
        _ flow: UnsafeMutablePointer<Flow>, _ packet: DecodedPacket, _ start: Int64
    ) -> Bool {
        start == 1 && !packet.flags.contains(.psh) && !flow.pointee.hasBeginning
    }

    /// Keeps what of a segment was not seen before.
    /// - Parameter place: what stands before it is left out.
    /// - Returns: whether there was room for it.
    private mutating func keep(
        _ number: UInt32, _ side: Side, _ bytes: RawSpan, _ packet: DecodedPacket, start: Int64, from place: Int64
    ) -> Bool {
        let range = max(start, place)..<(start + Int64(packet.dataLength))
        for part in analysis(of: number).pending[side].unseen(of: range) {
            let front = Int(part.lowerBound - start)
            if !keepPart(number, side, bytes, packet, part, behind: front) { return false }
        }
        return true
    }

    private mutating func keepPart(
        _ number: UInt32, _ side: Side, _ bytes: RawSpan, _ packet: DecodedPacket, _ part: Range<Int64>,
        behind front: Int
    ) -> Bool {
        let flow = table.flow(number)
        let analysis = analysis(of: number)
        let wantsBytes = flow.pointee.isAnalyzed || flow.pointee.probesLeft > 0
        let captured = min(max(0, packet.dataCaptured - front), part.count)
        let size = wantsBytes ? captured : 0
        let cost = size + PendingSegments.Segment.overheadBytes
        if heldBytes + cost > settings.reassemblyLimitBytes { makeRoom(forSegmentOf: number, cost) }
        let isRoom = analysis.pending[side].segments.count < Self.maximumPendingSegments
        guard isRoom, analysis.pending[side].cost + cost <= settings.reassemblyLimitPerSideBytes,
            heldBytes + cost <= settings.reassemblyLimitBytes
        else { return false }
        var segment = PendingSegments.Segment(
            start: part.lowerBound, length: part.count,
            isCut: captured < part.count && part.lowerBound >= analysis.early[side]?.position ?? 0)
        if size > 0 {
            let from = packet.dataOffset + front
            segment.bytes = bytes.extracting(from..<(from + size)).withUnsafeBytes { Array($0) }
        }
        if let early = analysis.early[side.other] {
            segment.answers = min(early.position, answered(by: packet, of: side, flow))
        }
        heldBytes += cost
        flow.pointee.hasPending = true
        if !waiters.contains(analysis) {
            analysis.waitingSince = clock
            waiters.insert(number, analysis)
        }
        analysis.pending[side].insert(segment)
        return true
    }

    /// Delivers what waited and is now in order.
    /// - Parameter limit: how far the other end's data has come, if it is still waited for.
    mutating func drain(_ number: UInt32, _ side: Side, _ time: Timestamp, answering limit: Int64 = .max) {
        while let segment = firstPending(number, side) {
            let flow = table.flow(number)
            let next = flow.pointee.next(side)
            guard segment.start <= next, segment.answers <= limit else { return }
            dropFirstPending(number, side)
            guard segment.end > next else { continue }
            flow.pointee.setNext(side, segment.end)
            let front = Int(next - segment.start)
            if segment.isCut { noteCut(number, side, next..<segment.end) }
            if segment.bytes.count > front {
                stream(number, side, segment.bytes.span.bytes.extracting(droppingFirst: front), time)
            }
            let lacking = segment.length - max(segment.bytes.count, front)
            if lacking > 0 { hole(number, side, lacking, time) }
        }
    }

    func firstPending(_ number: UInt32, _ side: Side) -> PendingSegments.Segment? {
        let flow = table.flow(number)
        guard flow.pointee.hasPending, let analysis = analyses[Int(flow.pointee.analysis)] else { return nil }
        return analysis.pending[side].segments.first
    }

    mutating func dropFirstPending(_ number: UInt32, _ side: Side) {
        let flow = table.flow(number)
        guard flow.pointee.analysis >= 0, let analysis = analyses[Int(flow.pointee.analysis)] else { return }
        heldBytes -= analysis.pending[side].removeFirst()
        flow.pointee.hasPending = analysis.hasPending
        if analysis.holdsSegments {
            analysis.waitingSince = clock
        } else {
            waiters.remove(analysis, table, analyses)
        }
    }

    /// Takes an acknowledgement of `side`'s data: what was not seen by now will hardly come.
    @inline(__always)
    mutating func acknowledge(_ number: UInt32, _ side: Side, upTo position: Int64, _ time: Timestamp) {
        let flow = table.flow(number)
        let next = flow.pointee.next(side)
        if position > next { acknowledgeUnseen(number, side, upTo: position, time) }
        if flow.pointee.hasPending { missCut(number, side, upTo: position) }
    }

    /// Remembers data of which the capture has only a part, but for what was counted with its early acknowledgement.
    private mutating func noteCut(_ number: UInt32, _ side: Side, _ range: Range<Int64>) {
        let analysis = analysis(of: number)
        let start = max(range.lowerBound, analysis.early[side]?.position ?? 0)
        guard start < range.upperBound else { return }
        analysis.cuts[side].add(start..<range.upperBound)
        table.flow(number).pointee.hasPending = true
    }

    /// Counts what was cut and is acknowledged.
    private mutating func missCut(_ number: UInt32, _ side: Side, upTo position: Int64) {
        let flow = table.flow(number)
        guard flow.pointee.analysis >= 0, let analysis = analyses[Int(flow.pointee.analysis)],
            !analysis.cuts[side].isEmpty
        else { return }
        let byteCount = analysis.cuts[side].take(below: position)
        if byteCount > 0 { miss(number, side, byteCount) }
        flow.pointee.hasPending = analysis.hasPending
    }

    /// Gives up the holes of `side` below `position`; those below `counted` were counted.
    mutating func giveUp(
        _ number: UInt32, _ side: Side, upTo position: Int64, _ time: Timestamp, countedUpTo counted: Int64 = 0
    ) {
        let flow = table.flow(number)
        let end = flow.pointee.dataEnd(side, position)
        for _ in 0...Self.maximumPendingSegments {
            let next = flow.pointee.next(side)
            guard next < end else { break }
            let stop = min(end, max(next, firstPending(number, side)?.start ?? end))
            if stop > next {
                if stop > counted { miss(number, side, stop - max(next, counted)) }
                flow.pointee.setNext(side, stop)
                noteGivenUp(number, side, next..<stop)
                hole(number, side, Int(stop - next), time)
            }
            drain(number, side, time)
        }
    }

    private func noteGivenUp(_ number: UInt32, _ side: Side, _ hole: Range<Int64>) {
        let slot = table.flow(number).pointee.analysis
        guard slot >= 0, let analysis = analyses[Int(slot)] else { return }
        let known = analysis.givenUp[side]
        let goesOn = known.upperBound == hole.lowerBound && !known.isEmpty
        analysis.givenUp[side] = (goesOn ? known.lowerBound : hole.lowerBound)..<hole.upperBound
    }

    /// Takes a hole back of which data comes after all, while nothing behind it was delivered: a card was later than is
    /// waited for, or who acknowledged it only said so, and would have hidden all that follows.
    /// - Returns: where the data goes on; nil when it was seen before.
    @inline(never)
    private mutating func takeBack(_ number: UInt32, _ side: Side, _ range: Range<Int64>) -> Int64? {
        let flow = table.flow(number)
        guard flow.pointee.analysis >= 0, let analysis = analyses[Int(flow.pointee.analysis)] else { return nil }
        let hole = analysis.givenUp[side]
        // One byte may only ask whether the other end is alive.
        guard hole.upperBound == flow.pointee.next(side), range.upperBound > hole.lowerBound, !hole.isEmpty,
            range.count > 1
        else { return nil }
        let place = max(range.lowerBound, hole.lowerBound)
        analysis.givenUp[side] = 0..<0
        analysis.isShownLate[side] = true
        flow.pointee.setNext(side, place)
        return place
    }

    /// Counts lost data, when the connection was sound.
    mutating func miss(_ number: UInt32, _ side: Side, _ byteCount: Int64) {
        let flow = table.flow(number)
        guard TCPTracker.isSound(flow.pointee.originator, flow.pointee.responder) else { return }
        counters.missedBytes &+= UInt64(byteCount)
        if side == .originator {
            flow.pointee.originator.missedBytes &+= UInt64(byteCount)
            flow.pointee.history.noteRepeated(.gap, side, times: &flow.pointee.originator.gaps)
        } else {
            flow.pointee.responder.missedBytes &+= UInt64(byteCount)
            flow.pointee.history.noteRepeated(.gap, side, times: &flow.pointee.responder.gaps)
        }
    }
}
