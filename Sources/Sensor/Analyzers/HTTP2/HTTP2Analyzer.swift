internal import Shared

/// HTTP/2 in clear text (RFC 9113), with prior knowledge or after an upgrade: requests, responses and the files that
/// they carry. What a CONNECT opens is followed.
struct HTTP2Analyzer: ProtocolAnalyzer {
    static let service: StaticString = "http2"

    /// What is known of one side.
    private struct Half: BytesHolding {
        var frames = HTTP2Frames()
        var decoder = HPACKDecoder()
        /// Fields that have come of a section whose end has not.
        var section = HTTP2Section()
        var hasBegun = false

        var heldBytes: Int { frames.heldBytes + decoder.heldBytes + section.bytes.capacity }
    }

    private var halves = PerSide(originator: Half(), responder: Half())
    /// The side that asks, once that is known.
    private var requester: Side?
    private var exchanges = PendingQueue<HTTP2Exchange>(limits: PendingLimits(count: 256, weight: 1 << 20))
    /// What ``exchanges`` hold of content.
    private var contentBytes = 0
    private var depth: UInt64 = 0
    private var isGRPC = false

    init() {}

    var heldBytes: Int { halves.heldBytes + exchanges.heldBytes + contentBytes }

    /// The preface of section 3.4, and frames in the middle of a connection or from a server whose client is not seen.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if payload.starts(with: HTTP2Frames.preface) { return .match }
        if payload.starts(with: "PRI * HTTP/2") {
            return payload.byteCount < HTTP2Frames.preface.utf8CodeUnitCount ? .needMore : .noMatch
        }
        return HTTP2FrameHead.stand(in: payload, isKnown: false) ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if halves[side].frames.isLost, !halves[side].frames.resume(with: payload) { return .wantMore }
        if !halves[side].hasBegun, !payload.starts(with: "PRI * "), HTTPAnalyzer.beginsMessage(payload) {
            // Some servers speak first, whatever their client is.
            sink.unreadByteCount = payload.byteCount
            return .handOver
        }
        var rest = payload
        while rest.byteCount > 0 {
            let (taken, event) = try halves[side].frames.step(rest)
            switch event {
            case .preface:
                requester = side
                halves[side].hasBegun = true
            case .content(let head, let count, let isLast):
                change(head.stream) { $0.append(rest.extracting(first: count), from: side, into: &sink) }
                if isLast, head.endsStream { endMessage(head.stream, from: side, into: &sink) }
            case .frame(let head): try take(head, from: side, into: &sink)
            case nil: break
            }
            rest = rest.extracting(droppingFirst: taken)
        }
        return .wantMore
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if let stream = halves[side].frames.lose(byteCount) {
            change(stream) { $0.gap(byteCount, from: side, into: &sink) }
            return .wantMore
        }
        halves[side].decoder.lose()
        halves[side].section = HTTP2Section()
        halves[side].hasBegun = true
        for exchange in exchanges.elements { exchange.bodies[side]?.cutOff() }
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        for exchange in exchanges.removeAll() { tell(exchange, into: &sink) }
        contentBytes = 0
    }

    private mutating func take(
        _ head: HTTP2FrameHead, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        if !halves[side].hasBegun {
            halves[side].hasBegun = true
            // A server begins with settings, a client with the preface: what stood before this was not seen.
            if head.kind != HTTP2FrameHead.Kind.settings { halves[side].decoder.lose() }
        }
        switch head.kind {
        case HTTP2FrameHead.Kind.data:
            if head.endsStream { endMessage(head.stream, from: side, into: &sink) }
        case HTTP2FrameHead.Kind.reset: end(head.stream, into: &sink)
        case HTTP2FrameHead.Kind.headers, HTTP2FrameHead.Kind.pushPromise, HTTP2FrameHead.Kind.continuation:
            try halves[side].section.add(halves[side].frames.payload, of: head)
            if head.endsHeaders { try endSection(from: side, into: &sink) }
        default: break
        }
    }

    private mutating func endSection(from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        let section = halves[side].section
        halves[side].section = HTTP2Section()
        guard section.stream > 0 else { return }
        if section.isTooLong {
            sink.weird("http2_header_section_too_long", source: "http2")
            halves[side].decoder.lose()
        }
        var fields = HTTP2Fields()
        let isWhole = try halves[side].decoder.decode(section.bytes) { fields.take($0, $1) }
        if !isWhole { sink.weird("content_unfolds_too_far", source: "http2") }
        if fields.isGRPC, !isGRPC {
            isGRPC = true
            sink.found(service: "grpc")
        }
        if let promised = section.promised {
            beginRequest(fields, on: promised, from: side.other, hasContent: false, into: &sink)
        } else if let code = fields.statusCode {
            requester = side.other
            beginResponse(code, fields, of: section, from: side, into: &sink)
        } else if fields.isRequest || isUnknown(section.stream, from: side) {
            if fields.isRequest { requester = side }
            beginRequest(fields, on: section.stream, from: side, hasContent: !section.endsStream, into: &sink)
        }
        if section.endsStream { endMessage(section.stream, from: side, into: &sink) }
    }

    /// Fields of a request that were only known from what was lost.
    private func isUnknown(_ stream: UInt32, from side: Side) -> Bool { side == requester && index(of: stream) == nil }

    private mutating func beginRequest(
        _ fields: HTTP2Fields, on stream: UInt32, from side: Side, hasContent: Bool, into sink: inout RecordSink
    ) {
        end(stream, into: &sink)
        let index = add(stream, into: &sink)
        exchanges.update(index) { exchange in
            exchange.transaction.request = HTTPRequestLine(
                method: fields.method, target: fields.path, version: "2")
            exchange.transaction.headers = fields.headers
        }
        if hasContent { change(stream) { $0.beginContent(fields, from: side, into: &sink) } }
        removeExcess(into: &sink)
    }

    private mutating func beginResponse(
        _ code: UInt64, _ fields: HTTP2Fields, of section: HTTP2Section, from side: Side, into sink: inout RecordSink
    ) {
        if index(of: section.stream) == nil { _ = add(section.stream, into: &sink) }
        change(section.stream) { exchange in
            exchange.answer(code, into: &sink)
            if !section.endsStream { exchange.beginContent(fields, from: side, into: &sink) }
        }
        removeExcess(into: &sink)
    }

    private mutating func add(_ stream: UInt32, into sink: inout RecordSink) -> Int {
        depth += 1
        exchanges.append(HTTP2Exchange(stream: stream, depth: depth, at: sink.now))
        return exchanges.count - 1
    }

    private mutating func removeExcess(into sink: inout RecordSink) {
        while let oldest = exchanges.removeExcess() {
            contentBytes -= oldest.heldBytes
            tell(oldest, into: &sink)
        }
    }

    /// The newest streams are asked for most.
    private func index(of stream: UInt32) -> Int? { exchanges.elements.lastIndex { $0.stream == stream } }

    private mutating func change(_ stream: UInt32, _ change: (HTTP2Exchange) -> Void) {
        guard let index = index(of: stream) else { return }
        let exchange = exchanges[index]
        let before = exchange.heldBytes
        change(exchange)
        contentBytes += exchange.heldBytes - before
    }

    /// A side has said all on a stream: a response ends it.
    private mutating func endMessage(_ stream: UInt32, from side: Side, into sink: inout RecordSink) {
        guard let index = index(of: stream) else { return }
        let exchange = exchanges[index]
        exchange.hasEnded[side] = true
        if side != requester, exchange.transaction.status != nil { end(stream, into: &sink) }
    }

    private mutating func end(_ stream: UInt32, into sink: inout RecordSink) {
        guard let index = index(of: stream) else { return }
        let exchange = exchanges.remove(at: index)
        contentBytes -= exchange.heldBytes
        tell(exchange, into: &sink)
    }

    private func tell(_ exchange: HTTP2Exchange, into sink: inout RecordSink) {
        exchange.finish(requester: requester ?? .originator, into: &sink)
    }
}
