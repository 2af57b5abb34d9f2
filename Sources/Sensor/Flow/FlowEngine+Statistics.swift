public import Shared

/// Reports about the worker itself, in packet time.
extension FlowEngine {
    /// Begins the first interval with the first packet, and ends one that is over.
    mutating func reportStatistics() {
        if statisticsSince == .distantPast {
            statisticsSince = clock
            statisticsDue = clock + settings.statisticsInterval
            return
        }
        guard clock >= statisticsDue else { return }
        writeStatistics()
    }

    /// Writes `stats` and `weird_stats` of what happened since the last ones.
    mutating func writeStatistics() {
        guard counters.packets > told(\.packets) || counters.shedPackets > told(\.shedPackets) else { return }
        let stats = Records.stats
        sink.beginDetached(stats)
        sink.batch.set(stats.ts, clock)
        sink.batch.set(stats.interval, clock - statisticsSince)
        sink.batch.set(stats.pktsProc, counters.packets - told(\.packets))
        sink.batch.set(stats.bytesRecv, counters.bytes - told(\.bytes))
        sink.batch.set(stats.pktsCut, counters.cutPackets - told(\.cutPackets))
        sink.batch.set(stats.pktsSkipped, counters.skipped - told(\.skipped))
        sink.batch.set(stats.conns, counters.flows - told(\.flows))
        sink.batch.set(stats.activeConns, UInt64(table.count))
        sink.batch.set(stats.evictedConns, counters.evictedFlows - told(\.evictedFlows))
        sink.batch.set(stats.fragments, counters.fragments - told(\.fragments))
        sink.batch.set(stats.missedBytes, counters.missedBytes - told(\.missedBytes))
        sink.batch.set(stats.refusedSegments, counters.refusedSegments - told(\.refusedSegments))
        sink.batch.set(stats.analyzerErrors, counters.analyzerErrors - told(\.analyzerErrors))
        sink.batch.set(stats.reassemBytes, UInt64(heldBytes))
        sink.batch.set(stats.tableBytes, UInt64(table.byteCount))
        sink.batch.set(stats.shedLevel, UInt64(shedLevel.rawValue))
        sink.batch.set(stats.shedPackets, counters.shedPackets - told(\.shedPackets))
        sink.batch.set(stats.shedSegments, counters.shedSegments - told(\.shedSegments))
        sink.batch.set(stats.shedBytes, counters.shedBytes - told(\.shedBytes))
        setCapture()
        sink.end()
        writeWeirdStatistics()
        statisticsTold = counters
        statisticsSince = clock
        statisticsDue = clock + settings.statisticsInterval
    }

    private func told(_ counter: KeyPath<FlowCounters, UInt64>) -> UInt64 { statisticsTold[keyPath: counter] }

    /// Asks the capture for its present numbers.
    mutating func askCapture() {
        guard let refreshCapture, var capture = captureState else { return }
        refreshCapture(&capture)
        captureState = capture
    }

    private mutating func setCapture() {
        askCapture()
        guard let capture = captureState else { return }
        let stats = Records.stats
        sink.batch.set(stats.pktsLink, capture.received &- captureTold.received)
        sink.batch.set(stats.pktsDropped, capture.dropped &- captureTold.dropped)
        sink.batch.set(stats.pktLag, capture.lag)
        captureTold = capture
    }

    private mutating func writeWeirdStatistics() {
        for reason in DecodeReason.allCases {
            let count = counters.stopped(reason) - statisticsTold.stopped(reason)
            if count > 0 { writeWeird(reason.name, "decode", nil, count) }
        }
        for (key, count) in sink.weirds.take() { writeWeird(key.name, key.source, key.host, count) }
    }

    mutating func writeWeird(_ name: String, _ source: String, _ host: IPAddress?, _ count: UInt64) {
        let weird = Records.weirdStats
        sink.beginDetached(weird)
        sink.batch.set(weird.ts, clock)
        sink.batch.set(weird.name, name)
        sink.batch.set(weird.numSeen, count)
        sink.batch.set(weird.source, source)
        sink.batch.set(weird.host, host)
        sink.end()
    }
}

/// What a live capture knows of itself beyond its packets, since its start.
public struct CaptureState: Sendable {
    /// Packets that the kernel counted for the worker, and those that it had to drop.
    public var received: UInt64 = 0
    public var dropped: UInt64 = 0
    /// How long after its arrival the last packet was looked at.
    public var lag = Interval.zero

    public init() {}
}
