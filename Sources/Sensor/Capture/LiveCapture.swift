import CPcap
import Glibc
import Shared
import Synchronization

/// Live capture of one interface: one thread for each worker, with flow table and analyzers of its own.
///
/// ``run()`` returns after ``stop()``, when every worker has ended its connections and handed over its last batch;
/// then ``channel`` is finished too.
public final class LiveCapture: Sendable {
    public let settings: LiveSettings
    /// Where batches come out: at least once a second while there are records.
    public let channel: BatchChannel
    private let flowSettings: FlowSettings
    private let workers: [LiveWorker]

    /// Opens the interface; packets are kept by the kernel from here on.
    /// - Parameter depth: batches that may wait in the channel.
    /// - Throws: ``CaptureError`` when the interface cannot be opened or the filter is not valid.
    public init(
        _ settings: LiveSettings, flowSettings: FlowSettings = FlowSettings(), depth: Int = 24
    ) throws(CaptureError) {
        self.settings = settings
        self.flowSettings = flowSettings
        channel = BatchChannel(depth: depth)
        var share = settings.workers > 1 ? LiveHandle.Share.first : .none
        var made: [LiveWorker] = []
        for _ in 0..<max(1, settings.workers) {
            let handle = try LiveHandle(settings, share)
            share = handle.share
            made.append(LiveWorker(handle, settings, channel))
        }
        workers = made
    }

    /// Of each worker, about once a second.
    public var counters: [LiveCounters] { workers.map(\.counters) }

    /// Captures until ``stop()``.
    public func run() async {
        await withTaskGroup { group in
            for worker in workers {
                group.addTask { [flowSettings] in
                    await withCheckedContinuation { done in
                        worker.start(flowSettings) { done.resume() }
                    }
                }
            }
        }
        channel.finish()
    }

    /// Asks all workers to end; may be called from any thread, and more than once.
    public func stop() {
        for worker in workers { worker.stop() }
    }
}
