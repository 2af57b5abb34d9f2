public import Shared

/// The sensor from top to bottom for captures in files: Capture, Decode, Flow with Analyzers, batches of records.
///
/// The captures are read in the order given, as one: a connection may go on in the next file.
public struct CaptureSource: ~Copyable, BatchSource {
    /// Records in a batch.
    private static let batchSize = 10_000
    /// Packets between two looks at whether a batch is full.
    private static let checkInterval: UInt64 = 1024

    private var engine: FlowEngine
    private let filter: PacketFilter?
    private var waiting: [String]
    private var file: CaptureFile?
    private var isFinished = false
    /// Captures that did not end as they should, and where.
    public private(set) var endings: [(path: String, ending: CaptureEnding)] = []
    /// Packets that the filter kept out.
    public private(set) var filteredPackets: UInt64 = 0

    /// - Parameters:
    ///   - paths: captures and directories of them; `-` is the standard input.
    ///   - filter: only packets that pass are looked at.
    public init(paths: [String], filter: PacketFilter? = nil, settings: FlowSettings = FlowSettings()) {
        engine = FlowEngine(settings: settings)
        self.filter = filter
        waiting = paths.flatMap { $0 == "-" ? ["-"] : CapturePaths.expand($0) }
    }

    public var counters: FlowCounters { engine.counters }
    /// The capture being read, and how many of its bytes are read.
    public private(set) var position: (path: String, byteCount: UInt64)?

    /// The next batch; nil when all captures are read.
    ///
    /// After an error about one capture, the next call goes on with the next one.
    public mutating func nextBatch() throws(SourceError) -> RecordBatch? {
        while !isFinished {
            if file == nil {
                guard !waiting.isEmpty else {
                    isFinished = true
                    engine.finish()
                    break
                }
                file = try open(waiting.removeFirst())
            }
            readOn()
            if engine.recordCount >= Self.batchSize { break }
        }
        return engine.recordCount > 0 ? engine.takeBatch() : nil
    }

    private func open(_ path: String) throws(SourceError) -> CaptureFile {
        do throws(CaptureError) {
            return try CaptureFile(path: path)
        } catch {
            switch error {
            case .cannotOpen(_, let reason): throw .unreadable(path: path, reason: reason)
            default: throw .unknownFormat(path: path, reason: "expected a pcap or pcapng capture, plain or gzip")
            }
        }
    }

    /// Reads until a batch is full or the capture ends.
    private mutating func readOn() {
        guard var current = file.take() else { return }
        while let packet = current.next() {
            if let filter, !filter.passes(packet) {
                filteredPackets &+= 1
                continue
            }
            engine.process(packet)
            if engine.counters.packets % Self.checkInterval == 0, engine.recordCount >= Self.batchSize {
                position = (current.path, current.byteCount)
                file = consume current
                return
            }
        }
        if current.ending != .complete { endings.append((current.path, current.ending)) }
    }
}
