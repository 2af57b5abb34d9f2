import Shared

/// One thread that turns chunks of packets into batches, with a flow table and analyzers of its own.
final class FileWorker: Sendable {
    enum Result: Sendable {
        case batch(RecordBatch)
        case ended(FlowCounters)
    }

    /// Chunks that wait for the worker: enough that neither side waits for the other without need.
    private static let depth = 8

    let chunks = BlockingQueue<PacketChunk>(depth: FileWorker.depth)
    private let settings: FlowSettings
    private let results: BlockingQueue<Result>

    init(_ settings: FlowSettings, _ results: BlockingQueue<Result>) {
        (self.settings, self.results) = (settings, results)
    }

    func start() {
        let isStarted = WorkerThread.start { self.run() }
        precondition(isStarted, "the system has no thread left for a worker; start with fewer --workers")
    }

    private func run() {
        var engine = FlowEngine(settings: settings)
        while let chunk = chunks.take() {
            chunk.forEach { packet in
                engine.process(packet)
                if engine.isBatchHeavy { put(&engine) }
            }
            if engine.isBatchFull { put(&engine) }
        }
        while !engine.finishSome() { put(&engine) }
        if engine.recordCount > 0 { put(&engine) }
        results.put(.ended(engine.counters))
    }

    private func put(_ engine: inout FlowEngine) {
        for batch in engine.takeBatches() { results.put(.batch(batch)) }
    }
}
