import CPcap
// Which of the two owns a structure of C depends on the order in which the compiler loads modules.
import CoreFoundation
import Glibc
import Shared
import Synchronization

/// One capture thread.
///
/// `@unchecked Sendable`: `handle` is used by its own thread only; what others read or write is behind a mutex or
/// atomic.
final class LiveWorker: @unchecked Sendable {
    /// Packets of one call of libpcap: between two looks at the clock.
    private static let packetsPerRound: Int32 = 4096
    /// On a silent network, connections expire by the wall clock, this much behind it.
    private static let idleSlack = Interval.seconds(1)
    /// Longest that a stop reads on what the kernel still holds.
    private static let drainTime = Duration.seconds(2)

    private var handle: LiveHandle
    private let settings: LiveSettings
    private let channel: BatchChannel
    private let isStopped = Atomic<Bool>(false)
    private let published = Mutex(LiveCounters())

    init(_ handle: consuming LiveHandle, _ settings: LiveSettings, _ channel: BatchChannel) {
        self.handle = handle
        self.settings = settings
        self.channel = channel
    }

    var counters: LiveCounters { published.withLock { $0 } }

    /// It is seen after the present round: between two of them there is no waiting for longer than the kernel holds
    /// packets back.
    func stop() { isStopped.store(true, ordering: .sequentiallyConsistent) }

    /// Starts the thread; `done` is called from it at its end, with the reason when that is not ``stop()``.
    func start(_ flowSettings: FlowSettings, done: @escaping @Sendable (String?) -> Void) {
        let isStarted = WorkerThread.start { done(self.capture(flowSettings)) }
        if !isStarted { done("the system has no thread left") }
    }

    /// What the callback of libpcap needs: plain pointers and numbers.
    private struct Round {
        var engine: UnsafeMutablePointer<FlowEngine>
        var pcap: OpaquePointer
        var linkType: LinkType
        var unit: Int64
        /// Time of the round's last packet, and packets and their bytes on the wire since the load was looked at.
        var last = Timestamp.distantPast
        var packets: Int32 = 0
        var bytes = 0
        /// Time of the last packet of the round before.
        var before = Timestamp.distantPast
    }

    /// - Returns: why the interface cannot be read any more; nil after ``stop()``.
    private func capture(_ flowSettings: FlowSettings) -> String? {
        let engine = UnsafeMutablePointer<FlowEngine>.allocate(capacity: 1)
        engine.initialize(to: FlowEngine(settings: flowSettings))
        engine.pointee.captureState = CaptureState()
        let kernel = KernelCounters(handle.pcap)
        engine.pointee.refreshCapture = { state in
            kernel.update()
            (state.received, state.dropped) = (kernel.received, kernel.dropped)
        }
        defer {
            engine.deinitialize(count: 1)
            engine.deallocate()
        }
        var round = Round(
            engine: engine, pcap: handle.pcap, linkType: handle.linkType, unit: handle.isNanoseconds ? 1 : 1000)
        var counters = LiveCounters()
        var handedOver = ContinuousClock.now
        var drainUntil: ContinuousClock.Instant?
        var shedder = LoadShedder(ringBytes: settings.bufferBytes)
        var failure: String?
        while true {
            let count = withUnsafeMutablePointer(to: &round) {
                pcap_dispatch(
                    handle.pcap, Self.packetsPerRound, Self.take,
                    UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt8.self))
            }
            followClock(round)
            let isBroken = count == PCAP_ERROR_BREAK
            if count < 0, !isBroken {
                failure = handle.failure
                break
            }
            // The rate of arrival is that of a whole round: between a few packets it can be anything.
            if count > 0 || round.packets >= Self.packetsPerRound {
                shed(&round, &shedder, isDrained: !isBroken && count < Self.packetsPerRound)
            }
            let isSilent = count == 0 && !handle.waitForPackets()
            if isStopped.load(ordering: .relaxed) {
                // What the kernel holds was on the wire before the stop: it is read, for as long as there is some.
                let end = drainUntil ?? ContinuousClock.now + Self.drainTime
                drainUntil = end
                if isSilent || ContinuousClock.now > end { break }
            }
            if isSilent { engine.pointee.advance(to: Self.wallClock() - Self.idleSlack) }
            let now = ContinuousClock.now
            let isDue = now - handedOver >= .milliseconds(settings.batchIntervalMs)
            if isDue || engine.pointee.isBatchFull {
                handOver(engine, &counters)
                if isDue { publish(engine, kernel, &counters) }
                handedOver = now
            }
        }
        publish(engine, kernel, &counters)
        // What comes while the connections end is not looked at any more, and not counted.
        engine.pointee.refreshCapture = nil
        engine.pointee.finish()
        handOver(engine, &counters)
        publish(engine, nil, &counters)
        return failure
    }

    /// Goes back with the system's clock, which times the packets.
    private func followClock(_ round: Round) {
        let clock = round.engine.pointee.clock
        guard ClockStep.isBehind(round.last, clock), ClockStep.isBehind(Self.wallClock(), clock) else { return }
        round.engine.pointee.turnBack(to: round.last)
    }

    /// Looks at how far behind the wire we are, and leaves out what must be left out.
    private func shed(_ round: inout Round, _ shedder: inout LoadShedder, isDrained: Bool) {
        let seconds = (round.last - round.before).seconds
        let lag = Self.wallClock() - round.last
        round.engine.pointee.shedLevel = shedder.update(
            lag: lag, bytesPerSecond: seconds > 0 ? Double(round.bytes) / seconds : 0, isDrained: isDrained)
        round.engine.pointee.captureState?.lag = lag
        round.before = round.last
        (round.packets, round.bytes) = (0, 0)
    }

    private static let take:
        @convention(c) (
            UnsafeMutablePointer<UInt8>?, UnsafePointer<pcap_pkthdr>?, UnsafePointer<UInt8>?
        ) -> Void = { context, header, bytes in
            guard let context, let header, let bytes else { return }
            let round = UnsafeMutableRawPointer(context).assumingMemoryBound(to: Round.self)
            let captured = Int(header.pointee.caplen)
            let nanoseconds =
                Int64(header.pointee.ts.tv_sec) * 1_000_000_000
                + Int64(header.pointee.ts.tv_usec) * round.pointee.unit
            round.pointee.last = Timestamp(nanoseconds: nanoseconds)
            round.pointee.packets &+= 1
            round.pointee.bytes += Int(header.pointee.len)
            round.pointee.engine.pointee.process(
                CapturedPacket(
                    time: round.pointee.last, linkType: round.pointee.linkType,
                    bytes: UnsafeRawBufferPointer(start: bytes, count: captured),
                    wireLength: max(captured, Int(header.pointee.len))))
            // The round ends behind this packet; the kernel keeps the others.
            if round.pointee.engine.pointee.isBatchHeavy { pcap_breakloop(round.pointee.pcap) }
        }

    private static func wallClock() -> Timestamp {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(nanoseconds: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
    }

    private func handOver(_ engine: UnsafeMutablePointer<FlowEngine>, _ counters: inout LiveCounters) {
        guard engine.pointee.recordCount > 0 else { return }
        for batch in engine.pointee.takeBatches() {
            counters.batches &+= 1
            if !channel.send(batch) {
                counters.lostBatches &+= 1
                counters.lostRecords &+= UInt64(batch.recordCount)
            }
        }
    }

    /// - Parameter kernel: asked anew; nil leaves its numbers as they are.
    private func publish(
        _ engine: UnsafeMutablePointer<FlowEngine>, _ kernel: KernelCounters?, _ counters: inout LiveCounters
    ) {
        if let kernel {
            engine.pointee.askCapture()
            (counters.received, counters.droppedByKernel) = (kernel.received, kernel.dropped)
            counters.droppedByInterface = kernel.droppedByInterface
        }
        counters.flow = engine.pointee.counters
        counters.openFlows = engine.pointee.flowCount
        let now = counters
        published.withLock { $0 = now }
    }
}
