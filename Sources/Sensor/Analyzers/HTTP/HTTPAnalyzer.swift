internal import Shared

/// HTTP/1 (RFC 9110, RFC 9112) and 0.9: requests, responses and the files they carry. Pipelined requests are
/// answered in order. What a CONNECT or an upgrade opens is probed anew, what a WebSocket carries is followed.
struct HTTPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "http"

    /// Lines that are neither request nor status line before the stream is given up.
    static let strangeLineLimit = 200

    /// The side that sends requests, known from the first start line.
    var requester: Side?
    let streams = PerSide(originator: HTTPStream(), responder: HTTPStream())
    /// Requests that wait for their response: pipelines are short. The first is the one being answered.
    var pending = PendingQueue<HTTPTransaction>(limits: PendingLimits(count: 256, weight: 1 << 20))
    var depth: UInt64 = 0
    var strangeLineCount = 0
    /// Set when the connection stops being HTTP.
    var verdict: Progress = .wantMore
    /// The newest request when responses were lost: theirs may be among those that will not come.
    var lostDepth: UInt64 = 0
    /// NTLM and Kerberos in the headers of this connection (RFC 4559).
    var security = SecurityExchange()
    /// The requester has shown credentials that no response has judged yet.
    var awaitsVerdict = false
    /// A file of which parts have come, and others may.
    var partedFile: HTTPPartedFile?
    /// What the connection has become.
    var webSocket: WebSocketTunnel?
    var tunnel: HTTPTunnel?

    init() {}

    var heldBytes: Int {
        streams.heldBytes + pending.heldBytes + (partedFile?.heldBytes ?? 0) + (webSocket?.heldBytes ?? 0)
            + (tunnel?.heldBytes ?? 0)
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if isTunnel { return try follow(payload, from: side, into: &sink) }
        let stream = streams[side]
        if stream.isLost {
            guard Self.beginsMessage(payload) else { return .wantMore }
            stream.state = .startLine
        } else if sink.connection.isPickedUp, stream.isUntouched, Self.isRest(payload) {
            return try skip(payload.byteCount, from: side, into: &sink)
        }
        var offset = 0
        while offset < payload.byteCount {
            offset += try step(payload.extracting(droppingFirst: offset), of: stream, from: side, into: &sink)
            guard case .wantMore = verdict else {
                sink.unreadByteCount = payload.byteCount - offset
                return verdict
            }
            if isTunnel {
                return try follow(payload.extracting(droppingFirst: offset), from: side, into: &sink)
            }
        }
        return .wantMore
    }

    private var isTunnel: Bool { webSocket != nil || tunnel != nil }

    private func follow(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if let tunnel { return tunnel.consume(payload, from: side, into: &sink) ? .wantMore : .finished }
        return try webSocket?.consume(payload, from: side, into: &sink) == true ? .wantMore : .finished
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if let webSocket { return webSocket.skip(byteCount, from: side, into: &sink) ? .wantMore : .finished }
        if let tunnel { return tunnel.skip(byteCount, from: side, into: &sink) ? .wantMore : .finished }
        let lost = UInt64(Swift.max(byteCount, 0))
        if case .awaitsTunnel(let before) = streams[side].state {
            streams[side].state = .awaitsTunnel(lost: before &+ Swift.max(byteCount, 0))
            return .wantMore
        }
        if let room = streams[side].contentRoom, lost <= room {
            streams[side].body?.gap(byteCount)
            try advanceContent(by: lost, of: streams[side], from: side, into: &sink)
            return verdict
        }
        // A body that ends here lacks its rest, or with chunks at least a part of what was lost.
        switch streams[side].state {
        case .content(let left): streams[side].body?.gap(Int(clamping: left))
        case .chunk(let left):
            streams[side].body?.gap(Int(clamping: Swift.min(left, lost)))
            streams[side].body?.cutOff()
        case .chunkSize, .chunkEnd: streams[side].body?.cutOff()
        default: break
        }
        if side != requester {
            if sink.connection.isPickedUp, streams[side].isUntouched { giveUpAnswered(into: &sink) }
            lostDepth = depth
            if !opensUnseen() { try takeEarly(into: &sink) }
        }
        keepHeaders(from: side, into: &sink)
        endMessage(from: side, into: &sink)
        streams[side].line.removeAll()
        streams[side].isLineWhole = false
        streams[side].state = .lost
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        webSocket?.finish(into: &sink)
        webSocket = nil
        // Attempts that the proxy refused stand in front of the one that it granted.
        while awaitsTunnel, !opensUnseen() { try? takeEarly(into: &sink) }
        if let requester { keepHeaders(from: requester, into: &sink) }
        for side in [Side.originator, .responder] where streams[side].body != nil {
            if streams[side].awaitsContent { streams[side].body?.cutOff() }
            endMessage(from: side, into: &sink)
        }
        for transaction in pending.removeAll() { transaction.write(into: &sink) }
        partedFile?.finish(into: &sink)
        partedFile = nil
        security.finish(into: &sink)
        if opensUnseen() {
            tunnel = HTTPTunnel()
            try? takeEarly(into: &sink)
        }
        tunnel?.finish(into: &sink)
        tunnel = nil
    }

    /// Gives a request the headers that came, though not all of them did.
    private mutating func keepHeaders(from side: Side, into sink: inout RecordSink) {
        let stream = streams[side]
        guard side == requester, stream.isInHeaders else { return }
        if stream.isLineWhole { try? takeKept(of: stream, from: side, into: &sink) }
        guard let index = pending.firstIndex(where: { $0.depth == stream.depth }) else { return }
        var headers = HTTPHeaders()
        swap(&headers, &stream.headers)
        pending.update(index) { $0.headers = headers }
        while let oldest = pending.removeExcess() { oldest.write(into: &sink) }
    }

    /// Takes a line or some content off the front.
    /// - Returns: bytes taken; none when only a line was taken that had been kept.
    mutating func step(
        _ rest: RawSpan, of stream: HTTPStream, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Int {
        if let room = stream.contentRoom {
            let count = Int(Swift.min(UInt64(rest.byteCount), room))
            stream.body?.append(rest.extracting(first: count), into: &sink)
            try advanceContent(by: UInt64(count), of: stream, from: side, into: &sink)
            return count
        }
        if case .awaitsTunnel(let lost) = stream.state {
            // Where nobody answers, requests are told as they come.
            guard sink.connection.isOneSided, lost == 0, stream.line.isEmpty, Self.beginsMessage(rest) else {
                try keepEarly(rest, of: stream, lost: lost)
                return rest.byteCount
            }
            stream.state = .startLine
        }
        if stream.isLineWhole, let first = try? rest.byte(at: 0) {
            stream.isLineWhole = false
            if !HTTPText.isBlank(first) {
                try takeKept(of: stream, from: side, into: &sink)
                return 0
            }
        }
        guard let end = rest.firstIndex(of: 0x0A) else {
            try stream.line.append(rest, limit: HTTPStream.lineLimit)
            return rest.byteCount
        }
        if stream.isInHeaders, Self.mayBeFolded(rest, end, isFirst: stream.hasNoLine) {
            let line = rest.extracting(0..<end)
            try stream.line.append(line.extracting(0..<HTTPText.endOfLine(line)), limit: HTTPStream.lineLimit)
            stream.isLineWhole = end + 1 == rest.byteCount
            return end + 1
        }
        if stream.line.isEmpty {
            try take(line: rest.extracting(0..<end), of: stream, from: side, into: &sink)
        } else {
            try stream.line.append(rest.extracting(0..<end), limit: HTTPStream.lineLimit)
            try takeKept(of: stream, from: side, into: &sink)
        }
        return end + 1
    }

    /// Handles the line that was kept.
    private mutating func takeKept(
        of stream: HTTPStream, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        let line = stream.line.takeAll()
        try take(line: line.span.bytes, of: stream, from: side, into: &sink)
    }

    /// Whether the header that ends at `end` goes on in the next line (RFC 9112 §5.2), or that line is yet to come.
    private static func mayBeFolded(_ rest: RawSpan, _ end: Int, isFirst: Bool) -> Bool {
        // The empty line that ends the section has no next.
        if isFirst, HTTPText.endOfLine(rest.extracting(0..<end)) == 0 { return false }
        guard let next = try? rest.byte(at: end + 1) else { return true }
        return HTTPText.isBlank(next)
    }

    /// Counts content and moves on when a body or a chunk is complete.
    private mutating func advanceContent(
        by count: UInt64, of stream: HTTPStream, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        switch stream.state {
        case .content(let left):
            stream.state = .content(left - count)
            if left == count { endMessage(from: side, into: &sink) }
        case .chunk(let left): stream.state = left == count ? .chunkEnd : .chunk(left - count)
        default: break
        }
    }

    /// Handles a line without its LF; a CR may be left at its end.
    private mutating func take(
        line: RawSpan, of stream: HTTPStream, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        let text = line.extracting(0..<HTTPText.endOfLine(line))
        switch stream.state {
        case .startLine: try takeStartLine(text, from: side, into: &sink)
        case .headers:
            if text.byteCount == 0 { return try beginBody(from: side, into: &sink) }
            stream.headerByteCount += text.byteCount
            guard stream.headerByteCount <= HTTPStream.headerLimit else { throw .limit(.headerLength) }
            stream.headers.take(text)
        case .chunkSize:
            guard let size = HTTPText.chunkSize(text) else {
                // Some servers read on all the same: what follows may be a message.
                sink.weird("http_invalid_chunk_size", source: "http")
                return endMessage(from: side, into: &sink)
            }
            stream.state = size == 0 ? .trailers : .chunk(size)
        case .chunkEnd: stream.state = .chunkSize
        case .trailers: if text.byteCount == 0 { endMessage(from: side, into: &sink) }
        case .content, .chunk, .untilClose, .awaitsTunnel, .lost: break
        }
    }
}
