import Shared

/// What all analyzers of a worker together hold of messages that are not whole: each has its own bound, and who opens
/// enough connections multiplies it.
extension FlowEngine {
    /// Connections that are looked at for one that holds something, each time that there is too much.
    private static let relievedAtOnce = 64
    /// Part of a message: connections that hold less are not worth giving up.
    private static let worthwhileBytes = 1024

    /// Takes note of what the analyzer of a connection holds by now, 0 when there is none any more. Beyond the limit,
    /// those of the longest silent connections are given up, and this one when none of them holds much.
    @inline(__always)
    mutating func noteHeldBytes(_ number: UInt32, _ analysis: FlowAnalysis, _ held: Int) {
        guard held != analysis.analyzerBytes else { return }
        let isMore = held > analysis.analyzerBytes
        analyzerBytes += held - analysis.analyzerBytes
        analysis.analyzerBytes = held
        if isMore, analyzerBytes > settings.analyzerLimitBytes, !isRelieving { relieve(number) }
    }

    private mutating func relieve(_ current: UInt32) {
        isRelieving = true
        defer { isRelieving = false }
        var next = [lists[FlowLists.open].head, lists[FlowLists.datagram].head, lists[FlowLists.question].head]
        for _ in 0..<Self.relievedAtOnce where analyzerBytes > settings.analyzerLimitBytes {
            // The longest silent of the next ones in each list.
            let places = next.indices.filter { next[$0] != FlowTable.none }
            guard let place = places.min(by: { silence(next[$0]) < silence(next[$1]) }) else { break }
            let number = next[place]
            next[place] = table.flow(number).pointee.following
            if number != current { giveUp(number) }
        }
        if analyzerBytes > settings.analyzerLimitBytes { giveUp(current) }
    }

    /// Since when a connection is silent.
    private func silence(_ number: UInt32) -> Timestamp { table.flow(number).pointee.end }

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
