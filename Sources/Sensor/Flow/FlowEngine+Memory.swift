import Shared

/// What all analyzers of a worker together hold of messages that are not whole: each has its own bound, and who opens
/// enough connections multiplies it.
extension FlowEngine {
    /// Part of a message: connections that hold less are not worth giving up.
    private static let worthwhileBytes = 1024

    /// Takes note of what the analyzer of a connection holds by now, 0 when there is none any more. Beyond the limit,
    /// those of connections that are silent for long are given up, and this one when no other holds much.
    @inline(__always)
    mutating func noteHeldBytes(_ number: UInt32, _ analysis: FlowAnalysis, _ held: Int) {
        guard held != analysis.analyzerBytes else { return }
        let isMore = held > analysis.analyzerBytes
        analyzerBytes += held - analysis.analyzerBytes
        analysis.analyzerBytes = held
        let isWorthwhile = held >= Self.worthwhileBytes
        if isWorthwhile != holders.contains(analysis) {
            if isWorthwhile {
                holders.insert(number, analysis)
            } else {
                holders.remove(analysis, table, analyses)
            }
        }
        if isMore, analyzerBytes > settings.analyzerLimitBytes, !isRelieving { relieve(number) }
    }

    private mutating func relieve(_ current: UInt32) {
        isRelieving = true
        defer { isRelieving = false }
        for _ in 0..<HolderList.turn where analyzerBytes > settings.analyzerLimitBytes {
            guard let number = longestSilent(but: current) else { break }
            giveUp(number)
        }
        if analyzerBytes > settings.analyzerLimitBytes { giveUp(current) }
    }

    /// The longest silent one of the next few connections whose analyzers hold something worthwhile.
    ///
    /// Looking through all in the order of their silence would begin with thousands that are open and hold nothing.
    private mutating func longestSilent(but current: UInt32) -> UInt32? {
        var (found, since) = (UInt32?.none, Timestamp.distantFuture)
        for _ in 0..<holders.turnCount {
            let number = holders.next()
            let end = table.flow(number).pointee.end
            if number != current, end < since { (found, since) = (number, end) }
        }
        return found
    }

    /// Ends the analysis of a connection, with what is known by now.
    private mutating func giveUp(_ number: UInt32) {
        let flow = table.flow(number)
        guard flow.pointee.analysis >= 0, let analysis = analyses[Int(flow.pointee.analysis)],
            let analyzer = analysis.analyzer, analysis.analyzerBytes >= Self.worthwhileBytes
        else { return }
        focus(number, clock)
        sink.weird("analysis_given_up", source: type(of: analyzer).service)
        flow.pointee.probesLeft = 0
        endAnalysis(number)
    }

    /// Makes room for a segment that waits, so that nobody who leaves holes takes it from all others: where segments
    /// have waited for longest, the holes are given up.
    mutating func makeRoom(forSegmentOf current: UInt32, _ byteCount: Int) {
        for _ in 0..<HolderList.turn where heldBytes + byteCount > settings.reassemblyLimitBytes {
            var (found, since) = (UInt32?.none, Timestamp.distantFuture)
            for _ in 0..<waiters.turnCount {
                let number = waiters.next()
                guard number != current, let analysis = analyses[Int(table.flow(number).pointee.analysis)] else {
                    continue
                }
                if analysis.waitingSince < since { (found, since) = (number, analysis.waitingSince) }
            }
            guard let found else { return }
            focus(found, clock)
            sink.weird("holes_given_up", source: "tcp")
            giveUpAll(found, .originator, clock)
            giveUpAll(found, .responder, clock)
        }
    }
}
