public import Shared

/// What reads captures in files, on one thread or on several.
public protocol CaptureReading: BatchSource, ~Copyable {
    var counters: FlowCounters { get }
    /// Captures that did not end as they should, and where.
    var endings: [(path: String, ending: CaptureEnding)] { get }
    /// Packets that the filter kept out.
    var filteredPackets: UInt64 { get }
    /// The capture being read, and how many of its bytes are read.
    var position: (path: String, byteCount: UInt64)? { get }
}

/// The sensor from top to bottom for captures in files: Capture, Decode, Flow with Analyzers, batches of records.
///
/// The captures are read in the order given, as one: a connection may go on in the next file.
public struct CaptureSource: ~Copyable, CaptureReading {
    /// Packets between two looks at whether a batch is full.
    private static let packetsPerRound = 1024

    private var engine: FlowEngine
    private var reader: CaptureReader
    /// All captures are read.
    private var isRead = false
    /// And all connections have ended.
    private var isFinished = false
    /// Batches that were taken already, the next one last.
    private var parts: [RecordBatch] = []

    /// - Parameters:
    ///   - paths: captures and directories of them; `-` is the standard input.
    ///   - filter: only packets that pass are looked at.
    public init(paths: [String], filter: PacketFilter? = nil, settings: FlowSettings = FlowSettings()) {
        engine = FlowEngine(settings: settings)
        reader = CaptureReader(paths: paths, filter: filter)
    }

    public var counters: FlowCounters { engine.counters }
    public var endings: [(path: String, ending: CaptureEnding)] { reader.endings }
    public var filteredPackets: UInt64 { reader.filteredPackets }
    public var position: (path: String, byteCount: UInt64)? { reader.position }

    /// The next batch; nil when all captures are read.
    ///
    /// After an error about one capture, the next call goes on with the next one.
    public mutating func nextBatch() throws(SourceError) -> RecordBatch? {
        if let next = parts.popLast() { return next }
        while !isRead, !engine.isBatchFull {
            isRead = try !reader.read(Self.packetsPerRound) { packet in
                engine.process(packet)
                return !engine.isBatchHeavy
            }
        }
        if isRead, !isFinished { isFinished = engine.finishSome() }
        guard engine.recordCount > 0 else { return nil }
        parts = engine.takeBatches().reversed()
        return parts.popLast()
    }
}
