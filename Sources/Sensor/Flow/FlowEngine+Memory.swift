import Shared

/// What all analyzers of a worker together hold of messages that are not whole: each has its own bound, and who opens
/// enough connections multiplies it.
extension FlowEngine {
    /// Analyses that are looked at for the one to give up, and those given up at once at most.
    private static let relievedAtOnce = 64
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
        if (held >= Self.worthwhileBytes) != (analysis.holderPlace >= 0) { exchangeHolder(number, analysis) }
        if isMore, analyzerBytes > settings.analyzerLimitBytes, !isRelieving { relieve(number) }
    }

    private mutating func relieve(_ current: UInt32) {
        isRelieving = true
        defer { isRelieving = false }
        for _ in 0..<Self.relievedAtOnce where analyzerBytes > settings.analyzerLimitBytes {
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
        for _ in 0..<min(Self.relievedAtOnce, holders.count) {
            holdersSeen = holdersSeen + 1 < holders.count ? holdersSeen + 1 : 0
            let number = holders[holdersSeen]
            let end = table.flow(number).pointee.end
            if number != current, end < since { (found, since) = (number, end) }
        }
        return found
    }

    /// Takes a connection into ``holders``, or out of them.
    mutating func exchangeHolder(_ number: UInt32, _ analysis: FlowAnalysis) {
        guard analysis.holderPlace >= 0 else {
            analysis.holderPlace = Int32(holders.count)
            return holders.append(number)
        }
        let place = Int(analysis.holderPlace)
        analysis.holderPlace = -1
        let last = holders.removeLast()
        guard place < holders.count else { return }
        holders[place] = last
        analyses[Int(table.flow(last).pointee.analysis)]?.holderPlace = Int32(place)
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
}
