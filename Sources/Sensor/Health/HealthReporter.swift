internal import Foundation
internal import Protocol
internal import Shared

/// Tells the master every ten seconds how a live sensor is.
struct HealthReporter: Sendable {
    let interfaces: LiveInterfaces
    let spool: Spool
    let progress: UplinkProgress
    let losses: RecordLosses

    static let interval = Duration.seconds(10)

    /// Runs until its task is cancelled.
    func run() async {
        var (usage, seen) = (ProcessUsage(), LiveCounters())
        var at = ContinuousClock.now
        while !Task.isCancelled {
            let (nowUsage, now) = (ProcessUsage(), LiveCounters(sum: interfaces.counters))
            var health = await report(now)
            let elapsed = ContinuousClock.now - at
            let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
            if seconds > 1 {
                health.cpuPermille = UInt32(max(0, (nowUsage.cpuSeconds - usage.cpuSeconds) / seconds * 1000))
            }
            health.memoryBytes = nowUsage.memoryBytes
            health.originatorPackets = now.flow.originatorPackets &- seen.flow.originatorPackets
            health.responderPackets = now.flow.responderPackets &- seen.flow.responderPackets
            progress.leave(health)
            (usage, seen, at) = (nowUsage, now, ContinuousClock.now)
            try? await Task.sleep(for: Self.interval)
        }
    }

    private func report(_ counters: LiveCounters) async -> WireHealth {
        let spooled = await spool.state
        var health = WireHealth()
        health.atNs = Int64(Date().timeIntervalSince1970 * 1e9)
        health.version = SensorVersion.text
        (health.packets, health.packetBytes) = (counters.flow.packets, counters.flow.bytes)
        (health.dropped, health.interfaceDropped) = (counters.droppedByKernel, counters.droppedByInterface)
        (health.spoolBytes, health.spoolBatches) = (UInt64(spooled.byteCount), spooled.waiting)
        health.recordsLost = counters.lostRecords + losses.count
        health.interfaces = interfaces.working
        return health
    }
}
