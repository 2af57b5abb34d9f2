internal import Shared

/// A request and its response on a stream of HTTP/2, as far as they were seen.
///
/// A class: it is large, and waits among others while its halves come in.
final class HTTP2Exchange: Weighed, BytesHolding {
    /// Number of the stream.
    let stream: UInt32
    let transaction: HTTPTransaction
    var bodies = PerSide<HTTPBody?>(originator: nil, responder: nil)
    /// Who has said that no more will come.
    var hasEnded = PerSide(originator: false, responder: false)
    /// What the stream carries once its CONNECT was granted.
    private var tunnel: InnerStream?
    private var isTold = false

    var weight: Int { transaction.weight }
    /// Without what ``weight`` counts.
    var heldBytes: Int {
        (bodies.originator?.heldBytes ?? 0) + (bodies.responder?.heldBytes ?? 0) + (tunnel?.heldBytes ?? 0)
    }

    init(stream: UInt32, depth: UInt64, at time: Timestamp) {
        self.stream = stream
        transaction = HTTPTransaction(depth: depth, at: time)
    }

    /// Takes the status of a response.
    func answer(_ code: UInt64, into sink: inout RecordSink) {
        let status = HTTPStatusLine(version: "2", code: code)
        if (100..<200).contains(code) { return transaction.informational = status }
        transaction.status = status
        guard transaction.request?.method == "CONNECT", (200..<300).contains(code), tunnel == nil else { return }
        sink.tunnel("Tunnel::HTTP")
        tell(into: &sink)
        tunnel = InnerStream()
    }

    /// Content of a side is to come.
    func beginContent(_ fields: HTTP2Fields, from side: Side, into sink: inout RecordSink) {
        guard bodies[side] == nil else { return }
        // Streams run side by side: each range is told by itself.
        let range = fields.statusCode == 206 ? fields.headers.part : nil
        bodies[side] = HTTPBody(
            headers: fields.headers, isOriginator: side == .originator,
            part: range.map { HTTPPart(range: $0, stream: nil) }, isFile: !fields.isGRPC, sink.unfolding)
    }

    func append(_ content: RawSpan, from side: Side, into sink: inout RecordSink) {
        if tunnel != nil {
            tunnel?.consume(content, from: side, into: &sink)
        } else {
            bodies[side]?.append(content, into: &sink)
        }
    }

    func gap(_ byteCount: Int, from side: Side, into sink: inout RecordSink) {
        if tunnel != nil {
            tunnel?.skip(byteCount, from: side, into: &sink)
        } else {
            bodies[side]?.gap(byteCount)
        }
    }

    /// Ends what came of both sides.
    /// - Parameter requester: the side that asks.
    func finish(requester: Side, into sink: inout RecordSink) {
        tunnel?.finish(into: &sink)
        for side in [requester, requester.other] {
            guard let body = bodies[side] else { continue }
            // RFC 9113 section 8.1: without its end a message is not whole. Its length may be told before that.
            if !hasEnded[side], !body.hasAll { body.cutOff() }
            body.finish(into: &sink)
            var file = body.unfinishedFile
            file?.finish(into: &sink)
            if side == requester {
                transaction.requestBody = body.summary
            } else {
                transaction.responseBody = body.summary
            }
        }
        if !isTold { tell(into: &sink) }
    }

    private func tell(into sink: inout RecordSink) {
        transaction.write(into: &sink)
        isTold = true
    }
}
