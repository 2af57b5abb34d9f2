internal import Shared

/// What a CONNECT has opened, where the client did not wait for the answer (RFC 9110 §9.3.6): what it sent before
/// belongs to the stream inside, and nobody would probe it any more.
///
/// A class: hardly any connection has one, and the others pay for a reference only.
final class HTTPTunnel: BytesHolding {
    private var inner = InnerStream()

    var heldBytes: Int { inner.heldBytes }

    /// - Returns: whether more of it is wanted.
    func consume(_ payload: RawSpan, from side: Side, into sink: inout RecordSink) -> Bool {
        inner.consume(payload, from: side, into: &sink)
        return !inner.isOver
    }

    func skip(_ byteCount: Int, from side: Side, into sink: inout RecordSink) -> Bool {
        inner.skip(byteCount, from: side, into: &sink)
        return !inner.isOver
    }

    func finish(into sink: inout RecordSink) { inner.finish(into: &sink) }
}

extension HTTPAnalyzer {
    /// Bytes that are kept of what comes before a CONNECT is answered: the hello of TLS with large keys, some requests.
    private static let earlyLimit = 16_384

    /// Keeps what the requester says before its CONNECT is answered; what there is no room for is lost.
    func keepEarly(_ bytes: RawSpan, of stream: HTTPStream, lost: Int) throws(DecodeError) {
        let kept = lost > 0 ? 0 : Swift.min(bytes.byteCount, Self.earlyLimit - stream.line.count)
        try stream.line.append(bytes.extracting(first: kept), limit: Self.earlyLimit)
        stream.state = .awaitsTunnel(lost: lost &+ (bytes.byteCount - kept))
    }

    /// The answer to a CONNECT is known: what came before belongs to the tunnel, or is the next requests where the
    /// answer was no.
    mutating func takeEarly(into sink: inout RecordSink) throws(DecodeError) {
        guard let requester, case .awaitsTunnel(let lost) = streams[requester].state else { return }
        let stream = streams[requester]
        let early = stream.line.takeAll()
        stream.state = .startLine
        if let tunnel {
            var isOpen = tunnel.consume(early.span.bytes, from: requester, into: &sink)
            if isOpen, lost > 0 { isOpen = tunnel.skip(lost, from: requester, into: &sink) }
            return
        }
        var offset = 0
        while offset < early.count {
            let rest = early.span.bytes.extracting(droppingFirst: offset)
            offset += try step(rest, of: stream, from: requester, into: &sink)
        }
        if lost > 0 { _ = try skip(lost, from: requester, into: &sink) }
    }

    /// A CONNECT has no answer yet.
    var awaitsTunnel: Bool {
        guard let requester, case .awaitsTunnel = streams[requester].state else { return false }
        return true
    }

    /// The answer to a CONNECT will not be seen.
    /// - Returns: whether what came before it shows that it was, or may have been, a yes.
    func opensUnseen() -> Bool {
        guard let requester, awaitsTunnel else { return false }
        let line = streams[requester].line
        return !line.isEmpty && !Self.beginsMessage(line.bytes.span.bytes)
    }
}
