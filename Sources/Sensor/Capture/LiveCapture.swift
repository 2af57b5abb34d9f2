import Shared
import Synchronization

/// Live capture of one interface: one thread for each worker, with flow table and analyzers of its own.
///
/// An interface that goes away ends its connections; it is opened again once it is back. ``run()`` returns after
/// ``stop()``, when every worker has ended its connections and handed over its last batch; then ``channel`` is finished
/// too.
final class LiveCapture: Sendable {
    let settings: LiveSettings
    /// Where batches come out: at least once a second while there are records.
    let channel: BatchChannel
    private let flowSettings: FlowSettings
    private let watch: InterfaceWatch
    private let tell: @Sendable (InterfaceEvent) -> Void
    private let state: Mutex<State>

    private struct State {
        /// None while the interface is away.
        var workers: [LiveWorker]
        /// What workers counted that are no more; nil as long as there are none of these.
        var before: LiveCounters?
        var isStopped = false
    }

    /// How soon it is tried to open an interface again that went away; each time in vain makes the pause twice as long.
    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(30)
    /// Between two looks at whether waiting has an end.
    private static let waitingStep = Duration.milliseconds(100)

    /// Opens the interface; packets are kept by the kernel from here on.
    /// - Parameters:
    ///   - depth: batches that may wait in the channel.
    ///   - watch: shared by all captures of a sensor.
    ///   - tell: called when the interface goes away and when it is back.
    /// - Throws: ``CaptureError`` when the interface cannot be opened or the filter is not valid.
    init(
        _ settings: LiveSettings, flowSettings: FlowSettings = FlowSettings(), depth: Int = 24,
        watch: InterfaceWatch, tell: @escaping @Sendable (InterfaceEvent) -> Void
    ) throws(CaptureError) {
        (self.settings, self.flowSettings) = (settings, flowSettings)
        (self.watch, self.tell) = (watch, tell)
        channel = BatchChannel(depth: depth)
        state = Mutex(State(workers: try Self.open(settings, channel)))
        _ = watch.begin()
    }

    /// A worker for each thread, all with the interface open.
    private static func open(_ settings: LiveSettings, _ channel: BatchChannel) throws(CaptureError) -> [LiveWorker] {
        var share = settings.workers > 1 ? LiveHandle.Share.first : .none
        var workers: [LiveWorker] = []
        for _ in 0..<max(1, settings.workers) {
            let handle = try LiveHandle(settings, share)
            share = handle.share
            workers.append(LiveWorker(handle, settings, channel))
        }
        return workers
    }

    /// Of each worker, about once a second, and of all those together that were before.
    var counters: [LiveCounters] {
        state.withLock { $0.workers.map(\.counters) + ($0.before.map { [$0] } ?? []) }
    }

    /// Whether the interface is there.
    var isWorking: Bool { state.withLock { !$0.workers.isEmpty } }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Captures until ``stop()``.
    /// - Throws: ``CaptureError/cannotCapture(interface:reason:)`` when the interface went away, and no other is left.
    func run() async throws(CaptureError) {
        defer { channel.finish() }
        while let reason = await runWorkers() {
            watch.end()
            tell(.lost(interface: settings.interface, reason: reason))
            guard try await reopen(reason) else { return }
            tell(.back(interface: settings.interface))
        }
    }

    /// - Returns: why the workers ended; nil after ``stop()``.
    private func runWorkers() async -> String? {
        let workers = state.withLock { $0.workers }
        let reason = await withTaskGroup(of: String?.self) { group in
            for worker in workers {
                group.addTask { [flowSettings] in
                    await withCheckedContinuation { done in
                        worker.start(flowSettings) { done.resume(returning: $0) }
                    }
                }
            }
            var reason: String?
            for await ended in group {
                guard let ended else { continue }
                reason = reason ?? ended
                // A part of the connections is not worth the other workers: they begin anew together.
                for worker in workers { worker.stop() }
            }
            return reason
        }
        return state.withLock {
            guard !$0.isStopped, let reason else { return nil }
            $0.before = LiveCounters(sum: $0.workers.map(\.counters) + ($0.before.map { [$0] } ?? []))
            $0.workers = []
            return reason
        }
    }

    /// Waits for the interface.
    /// - Returns: false when ``stop()`` came first.
    private func reopen(_ reason: String) async throws(CaptureError) -> Bool {
        var pause = Self.firstPause
        var due = ContinuousClock.now + pause
        while !isStopped {
            guard (try? await Task.sleep(for: Self.waitingStep)) != nil else { return false }
            if watch.isOver() { break }
            guard ContinuousClock.now >= due else { continue }
            if let workers = try? Self.open(settings, channel) {
                guard watch.begin() else { break }
                return state.withLock {
                    if !$0.isStopped { $0.workers = workers }
                    return !$0.isStopped
                }
            }
            pause = min(pause * 2, Self.longestPause)
            due = .now + pause
        }
        if isStopped { return false }
        throw .cannotCapture(interface: settings.interface, reason: reason + ", and no other interface is left")
    }

    /// Asks all workers to end; may be called from any thread, and more than once.
    func stop() {
        state.withLock {
            $0.isStopped = true
            for worker in $0.workers { worker.stop() }
        }
    }
}
