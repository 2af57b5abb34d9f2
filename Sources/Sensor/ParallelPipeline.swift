public import Shared

/// Captures in files on several threads: one reads, the others each have a flow table and analyzers of their own.
///
/// All packets between two hosts go to the same worker, in order, so that every connection, its fragments and its
/// tunnels, and protocols that use several connections between the same hosts, are seen whole. Batches of different
/// workers come in no fixed order, each with its own worker's promise: for logs, not for a master.
public struct ParallelCaptureSource: ~Copyable, CaptureReading {
    private static let packetsPerRound = 4096

    private var reader: CaptureReader
    private let workers: [FileWorker]
    private let results: BlockingQueue<FileWorker.Result>
    private var chunks: [PacketChunk]
    private var isRead = false
    private var workersLeft: Int
    public private(set) var counters = FlowCounters()

    /// - Parameters:
    ///   - paths: captures and directories of them; `-` is the standard input.
    ///   - filter: only packets that pass are looked at.
    ///   - workers: threads beside the one that reads, at least one.
    public init(paths: [String], filter: PacketFilter? = nil, settings: FlowSettings = FlowSettings(), workers: Int) {
        reader = CaptureReader(paths: paths, filter: filter)
        // Results are few and small beside chunks, and the reader takes them out before it hands over more.
        let results = BlockingQueue<FileWorker.Result>(depth: .max)
        self.results = results
        self.workers = (0..<max(1, workers)).map { _ in FileWorker(settings, results) }
        chunks = self.workers.map { _ in PacketChunk() }
        workersLeft = self.workers.count
        for worker in self.workers { worker.start() }
    }

    public var endings: [(path: String, ending: CaptureEnding)] { reader.endings }
    public var filteredPackets: UInt64 { reader.filteredPackets }
    public var position: (path: String, byteCount: UInt64)? { reader.position }

    public mutating func nextBatch() throws(SourceError) -> RecordBatch? {
        while true {
            if let result = isRead ? results.take() : results.takeIfAny() {
                if let batch = take(result) { return batch }
                continue
            }
            if isRead { return nil }
            if try !readOn() { finishReading() }
        }
    }

    /// - Returns: its batch, nil when it was a worker's last word.
    private mutating func take(_ result: FileWorker.Result) -> RecordBatch? {
        switch result {
        case .batch(let batch): return batch
        case .ended(let counted):
            counters.add(counted)
            workersLeft -= 1
            if workersLeft == 0 { results.finish() }
            return nil
        }
    }

    private mutating func readOn() throws(SourceError) -> Bool {
        let count = workers.count
        return try reader.read(Self.packetsPerRound) { packet in
            let index = PacketShare.worker(of: packet, among: count)
            if !chunks[index].append(packet) {
                var full = PacketChunk()
                swap(&full, &chunks[index])
                workers[index].chunks.put(full)
                _ = chunks[index].append(packet)
            }
            return true
        }
    }

    private mutating func finishReading() {
        isRead = true
        for (worker, chunk) in zip(workers, chunks) {
            worker.chunks.put(chunk)
            worker.chunks.finish()
        }
        chunks = []
    }
}
