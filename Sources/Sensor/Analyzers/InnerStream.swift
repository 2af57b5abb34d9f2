internal import Shared

/// A stream inside the messages of another protocol: recognised by its first bytes, and followed.
struct InnerStream: BytesHolding {
    /// Payload of one side that waits to be recognised.
    private static let prefixLimit = 2048
    /// Pieces that are looked at before the stream counts as unknown.
    private static let probeLimit = 16
    /// Streams inside of one another: a sender could nest as many as it has bytes for.
    static let nestingLimit = 3

    private static let analyzers = AnalyzerRegistry.all.filter { $0.transports.contains(.tcp) }

    private var held = HeldPayload()
    private var probesLeft = InnerStream.probeLimit
    private var analyzer: (any ProtocolAnalyzer)?
    /// Nothing more is learned of it.
    private(set) var isOver = false

    var heldBytes: Int { held.cost + (analyzer?.heldBytes ?? 0) }

    /// Takes the next bytes of one side.
    mutating func consume(_ bytes: RawSpan, from side: Side, into sink: inout RecordSink) {
        guard !isOver, bytes.byteCount > 0 else { return }
        guard sink.nesting < Self.nestingLimit else { return isOver = true }
        if analyzer != nil { return feed(bytes, from: side, into: &sink) }
        let answered = Recognition.ofAnswer(bytes, from: side, to: held.bytes[side.other])
        held.append(bytes, from: side)
        if let answered { return begin(answered, into: &sink) }
        let waiting = held.bytes[side]
        switch Recognition(waiting.span.bytes, from: side, by: Self.analyzers) {
        case .match(let type): begin(type, into: &sink)
        case .needMore where waiting.count <= Self.prefixLimit: break
        case .needMore, .noMatch:
            held.remove(side)
            probesLeft -= 1
            // What waited was perhaps another protocol's, which has opened this one.
            guard waiting.count > bytes.byteCount,
                case .match(let type) = Recognition(bytes, from: side, by: Self.analyzers)
            else { break }
            held.append(bytes, from: side)
            begin(type, into: &sink)
        }
        if analyzer == nil, probesLeft == 0 { end() }
    }

    /// Tells of bytes that will not come.
    mutating func skip(_ byteCount: Int, from side: Side, into sink: inout RecordSink) {
        guard !isOver else { return }
        guard analyzer != nil else { return held.remove(side) }
        nested(&sink) { inner, sink throws(DecodeError) in try inner.skip(byteCount, from: side, into: &sink) }
    }

    mutating func finish(into sink: inout RecordSink) {
        analyzer?.finish(into: &sink)
        end()
    }

    private mutating func end() {
        (analyzer, held, isOver) = (nil, HeldPayload(), true)
    }

    /// Gives what waited to an analyzer, as it came.
    private mutating func begin(_ type: any ProtocolAnalyzer.Type, into sink: inout RecordSink) {
        analyzer = type.init()
        sink.found(service: type.service)
        let held = held
        self.held = HeldPayload()
        for piece in held.pieces where analyzer != nil {
            let bytes = held.bytes[piece.side]
            feed(bytes.span.bytes.extracting(piece.range), from: piece.side, into: &sink)
        }
    }

    private mutating func feed(_ bytes: RawSpan, from side: Side, into sink: inout RecordSink) {
        sink.unreadByteCount = 0
        nested(&sink) { inner, sink throws(DecodeError) in try inner.consume(bytes, from: side, into: &sink) }
        let (unread, early) = (sink.unreadByteCount, sink.takeEarlyBytes())
        guard analyzer == nil, !isOver else { return }
        if !early.isEmpty {
            sink.nesting += 1
            consume(early.span.bytes, from: side.other, into: &sink)
            sink.nesting -= 1
        }
        guard unread > 0, unread < bytes.byteCount else { return }
        sink.nesting += 1
        consume(bytes.extracting(droppingFirst: bytes.byteCount - unread), from: side, into: &sink)
        sink.nesting -= 1
    }

    /// Lets the analyzer work, and does what it wants then.
    private mutating func nested(
        _ sink: inout RecordSink,
        _ work: (inout any ProtocolAnalyzer, inout RecordSink) throws(DecodeError) -> Progress
    ) {
        guard var inner = analyzer else { return }
        analyzer = nil
        sink.nesting += 1
        defer { sink.nesting -= 1 }
        do throws(DecodeError) {
            switch try work(&inner, &sink) {
            case .wantMore: analyzer = inner
            case .finished:
                inner.finish(into: &sink)
                end()
            case .handOver:
                inner.finish(into: &sink)
                probesLeft = Self.probeLimit
            }
        } catch {
            sink.weird("analyzer_error", detail: "\(error)", source: type(of: inner).service)
            inner.finish(into: &sink)
            end()
        }
    }
}
