import Sensor
import Shared

/// Feeds bytes to one analyzer as the flow table would, and reads what it writes.
struct AnalyzerHarness {
    var sink = RecordSink()
    var analyzer: any ProtocolAnalyzer
    private(set) var failure: DecodeError?
    private(set) var progress: [Progress] = []

    init(_ type: any ProtocolAnalyzer.Type, transport: Transport = .tcp, responderPort: UInt16 = 80) {
        analyzer = type.init()
        sink.now = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
        sink.connection.originator = IPAddress(v4: 0x0A00_0001)
        sink.connection.responder = IPAddress(v4: 0xC000_0202)
        sink.connection.originatorPort = 40_000
        sink.connection.responderPort = responderPort
        sink.connection.transport = transport
        sink.connection.start = sink.now
        sink.connection.identity = FlowIdentity(high: 7, low: 11)
    }

    /// The analyzer wants no more.
    var isOver: Bool {
        switch progress.last {
        case .finished, .handOver: true
        case .wantMore, nil: failure != nil
        }
    }

    /// What follows is another protocol's.
    var isHandedOver: Bool { if case .handOver = progress.last { true } else { false } }

    /// Gives the next bytes of one side, a millisecond after the last; nothing after a failure, at which the analyzer
    /// tells what it has understood.
    mutating func feed(_ bytes: [UInt8], from side: Side) {
        guard failure == nil else { return }
        sink.now = sink.now + .milliseconds(1)
        do throws(DecodeError) {
            progress.append(try analyzer.consume(bytes.span.bytes, from: side, into: &sink))
        } catch {
            failure = error
            analyzer.finish(into: &sink)
        }
    }

    mutating func feed(_ text: String, from side: Side) { feed(Array(text.utf8), from: side) }

    mutating func lose(_ byteCount: Int, from side: Side) {
        guard failure == nil else { return }
        do throws(DecodeError) {
            progress.append(try analyzer.skip(byteCount, from: side, into: &sink))
        } catch {
            failure = error
            analyzer.finish(into: &sink)
        }
    }

    mutating func finish() {
        if failure == nil { analyzer.finish(into: &sink) }
    }

    /// The records of one kind, in order.
    func records(_ kind: RecordKind) -> [RecordView] {
        guard let position = sink.batch.tables.firstIndex(where: { $0.kindIndex == kind.index }) else { return [] }
        return (0..<sink.batch.tables[position].rowCount).map {
            RecordView(batch: sink.batch, tableIndex: position, row: $0)
        }
    }
}
