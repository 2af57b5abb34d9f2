public import Shared

/// The sensor from top to bottom for captures in files: Capture, Decode, Flow with Analyzers, and batches of records.
public struct ReadPipeline: ~Copyable {
    /// Records handed over at once.
    private static let batchSize = 10_000
    /// Packets between two looks at whether a batch is full.
    private static let checkInterval: UInt64 = 1024

    private var engine: FlowEngine
    /// Captures that did not end as they should, and where.
    public private(set) var endings: [(path: String, ending: CaptureEnding)] = []

    public init(settings: FlowSettings = FlowSettings()) { engine = FlowEngine(settings: settings) }

    public var counters: FlowCounters { engine.counters }

    /// Reads one capture to its end. Connections stay open for the next one.
    /// - Parameter hand: gets a batch whenever enough records wait.
    /// - Throws: ``CaptureError`` when it is none, and what `hand` throws.
    public mutating func read(_ path: String, hand: (RecordBatch) throws -> Void) throws {
        var file = try CaptureFile(path: path)
        while let packet = file.next() {
            engine.process(packet)
            if engine.counters.packets % Self.checkInterval == 0, engine.recordCount >= Self.batchSize {
                try hand(engine.takeBatch())
            }
        }
        if file.ending != .complete { endings.append((path, file.ending)) }
    }

    /// Ends all connections and hands over what is left.
    public mutating func finish(hand: (RecordBatch) throws -> Void) throws {
        engine.finish()
        try hand(engine.takeBatch())
    }
}
