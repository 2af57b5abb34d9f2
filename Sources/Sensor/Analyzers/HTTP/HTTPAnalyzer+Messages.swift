internal import Shared

extension HTTPAnalyzer {
    /// A request begins with a method and a target or version; a response with its version.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        let payload = payload.extracting(droppingFirst: HTTPText.emptyLines(payload))
        if beginsMessage(payload) { return .match }
        guard payload.byteCount < 32, payload.firstIndex(of: 0x0A) == nil else { return .noMatch }
        for index in 0..<payload.byteCount {
            guard let byte = try? payload.byte(at: index) else { return .noMatch }
            // "HTTP/1" or a method in capitals: other text protocols end a line or speak lower case before that.
            let isWord = (0x41...0x5A).contains(byte) || byte == 0x5F || byte == 0x2D || byte == 0x2F
            if !isWord { return index >= 3 && byte == 0x20 ? .needMore : .noMatch }
        }
        return .needMore
    }

    /// Whether a side that was picked up in its middle begins inside of a message: of what may be a body, the next
    /// status line need not stand on a line of its own.
    static func isRest(_ payload: RawSpan) -> Bool {
        // What is shorter may be the beginning of a line, and empty lines in front of one are passed over.
        guard payload.byteCount >= 16, let first = try? payload.byte(at: 0), first != 0x0D, first != 0x0A else {
            return false
        }
        return !beginsMessage(payload)
    }

    /// Whether a request or status line begins here.
    static func beginsMessage(_ payload: RawSpan) -> Bool {
        if payload.starts(with: "PRI * HTTP/2") { return false }
        if HTTPText.hasPrefix(payload, "http/1.") || payload.starts(with: "HTTP/0.9 ") { return true }
        guard let end = HTTPRequestLine.methodEnd(payload), end >= 3 else { return false }
        let lineEnd = payload.firstIndex(of: 0x0A) ?? payload.byteCount
        let line = payload.extracting(0..<HTTPText.endOfLine(payload.extracting(0..<lineEnd)))
        let rest = line.extracting(HTTPText.core(line, end..<line.byteCount))
        if isKnown(method: line.extracting(0..<end)) {
            guard let first = try? rest.byte(at: 0), !isOthers(line) else { return false }
            return first == 0x2F || first == 0x2A || HTTPRequestLine.lastVersion(rest) != nil
                || (lineEnd == payload.byteCount && rest.byteCount > 8 && HTTPText.isLetter(first))
        }
        // Either the version is the last word, or the blank before it is missing.
        let tail = rest.extracting(droppingFirst: Swift.max(0, rest.byteCount - 8))
        if HTTPText.hasPrefix(tail, "http/") { return true }
        guard let mark = HTTPRequestLine.lastVersion(rest) else { return false }
        return mark >= rest.byteCount - 8
    }

    /// Methods that need no version behind them to be believed: RFC 9110 §9, WebDAV's common ones.
    private static let methods: [StaticString] = [
        "GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PROPFIND",
    ]

    /// Whether the last word is the version of another protocol that has HTTP's methods: RTSP (RFC 2326 §10.1, so
    /// speaks AirPlay), SIP (RFC 3261 §7.1), ICAP (RFC 3507 §4.3.2).
    private static func isOthers(_ line: RawSpan) -> Bool {
        var start = line.byteCount
        while start > 0, line.byteCount - start < 10, let byte = try? line.byte(at: start - 1), byte != 0x20 {
            start -= 1
        }
        let word = line.extracting(droppingFirst: start)
        for name in ["RTSP/", "SIP/", "ICAP/"] as [StaticString] where word.starts(with: name) {
            guard let digit = try? word.byte(at: name.utf8CodeUnitCount) else { return false }
            return (0x30...0x39).contains(digit)
        }
        return false
    }

    private static func isKnown(method: RawSpan) -> Bool {
        for known in methods where known.utf8CodeUnitCount == method.byteCount && method.starts(with: known) {
            return true
        }
        return false
    }

    mutating func takeStartLine(
        _ line: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        if line.byteCount == 0 { return }
        let isRequester = requester.map { $0 == side }
        if isRequester != true, let status = HTTPStatusLine(line) {
            requester = side.other
            beginResponse(status, from: side, into: &sink)
        } else if isRequester != false, let request = HTTPRequestLine(line) {
            requester = side
            beginRequest(request, from: side, into: &sink)
        } else {
            strangeLineCount += 1
            guard strangeLineCount <= Self.strangeLineLimit else { throw .invalid(.magic) }
        }
    }

    private mutating func beginRequest(_ request: HTTPRequestLine, from side: Side, into sink: inout RecordSink) {
        if streams[side.other].isLost { giveUpLost(into: &sink) }
        depth += 1
        let transaction = HTTPTransaction(depth: depth, at: sink.now)
        transaction.request = request
        transaction.isBare = request.version == "0.9"
        add(transaction, into: &sink)
        beginHeaders(from: side, depth: depth)
        guard transaction.isBare, pending.count == 1 else { return }
        // An HTTP/0.9 response has neither status line nor headers.
        streams[side.other].depth = depth
        streams[side.other].body = HTTPBody(
            headers: HTTPHeaders(), isOriginator: side.other == .originator, sink.unfolding)
        streams[side.other].state = .untilClose
    }

    /// Responses were lost, and the client asks on: the next one answers what is asked now, not what waited then. Of
    /// several that wait, nobody knows which was answered.
    private mutating func giveUpLost(into sink: inout RecordSink) {
        guard pending.count == 1, pending[0].depth <= lostDepth else { return }
        for transaction in pending.removeAll() { transaction.write(into: &sink) }
        guard awaitsVerdict else { return }
        awaitsVerdict = false
        security.finish(into: &sink)
        security = SecurityExchange()
    }

    /// Of a connection that was open already, what the server said first was lost: a client asks when it has its
    /// answer, so that only what was asked last waits, at once with others perhaps.
    mutating func giveUpAnswered(into sink: inout RecordSink) {
        while pending.count > 1, pending[0].time < pending[pending.count - 1].time {
            pending.remove(at: 0).write(into: &sink)
        }
    }

    private mutating func add(_ transaction: HTTPTransaction, into sink: inout RecordSink) {
        pending.append(transaction)
        while let oldest = pending.removeExcess() { oldest.write(into: &sink) }
        // Where only requests are seen, waiting is in vain. A client may pipeline many before the first response, which
        // would be told with another's then: those go that had time for one.
        let isOneSided = requester.map { streams[$0.other].depth == 0 } ?? false
        if isOneSided, pending.count > Self.oneSidedLimit,
            pending[0].time + Self.patience < sink.now
        {
            pending.remove(at: 0).write(into: &sink)
        }
    }

    /// Requests that wait for the first response of all, and how long at least.
    private static let oneSidedLimit = 64
    private static let patience = Interval.seconds(10)

    private mutating func beginResponse(_ status: HTTPStatusLine, from side: Side, into sink: inout RecordSink) {
        if pending.isEmpty {
            depth += 1
            add(HTTPTransaction(depth: depth, at: sink.now), into: &sink)
        }
        if (100..<200).contains(status.code) {
            pending[0].informational = status
        } else {
            pending[0].status = status
        }
        beginHeaders(from: side, depth: pending[0].depth)
    }

    private mutating func beginHeaders(from side: Side, depth: UInt64) {
        streams[side].headers = HTTPHeaders()
        streams[side].headerByteCount = 0
        streams[side].depth = depth
        streams[side].state = .headers
    }

    /// The header section has ended: decides how the body is framed, RFC 9112 §6.3.
    mutating func beginBody(from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        let stream = streams[side]
        var headers = HTTPHeaders()
        swap(&headers, &stream.headers)
        let isRequest = side == requester
        let index = pending.firstIndex { $0.depth == stream.depth }
        let isConnect = index.map { pending[$0].request?.method == "CONNECT" && !pending[$0].isBare } ?? false
        let isAnswered = index.map { pending[$0].status != nil } ?? false
        authenticate(headers, isRequest: isRequest, status: index.flatMap { pending[$0].status }, into: &sink)
        if isRequest || !endsWithHeaders(response: index, headers: headers, into: &sink),
            let framing = headers.framing(isRequest: isRequest)
        {
            let part = isRequest ? nil : index.flatMap { takePart(of: pending[$0], headers, into: &sink) }
            stream.body = HTTPBody(headers: headers, isOriginator: side == .originator, part: part, sink.unfolding)
            stream.state = framing
        } else {
            endMessage(from: side, into: &sink)
            if isRequest, isConnect, !isAnswered { stream.state = .awaitsTunnel(lost: 0) }
        }
        if !isRequest, isConnect, isAnswered { try takeEarly(into: &sink) }
        if isRequest, let index {
            pending.update(index) { $0.headers = headers }
            while let oldest = pending.removeExcess() { oldest.write(into: &sink) }
        }
    }

    /// The part of a file that a response carries; what was kept of another file ends.
    private mutating func takePart(
        of transaction: HTTPTransaction, _ headers: HTTPHeaders, into sink: inout RecordSink
    ) -> HTTPPart? {
        guard transaction.status?.code == 206, let range = headers.part else { return nil }
        let stream = partedFile?.stream(goingOnWith: range, of: transaction)
        if stream == nil { partedFile?.finish(into: &sink) }
        partedFile = nil
        return HTTPPart(range: range, stream: stream)
    }

    /// Follows NTLM, Kerberos and Negotiate: a response that does not ask again has accepted what was shown, also one
    /// with the server's last token (RFC 4559 section 5).
    private mutating func authenticate(
        _ headers: HTTPHeaders, isRequest: Bool, status: HTTPStatusLine?, into sink: inout RecordSink
    ) {
        if isRequest {
            guard let token = headers.securityToken else { return }
            security.token(token[...], into: &sink)
            awaitsVerdict = true
            return
        }
        let goesOn = headers.securityToken.map { security.answer($0[...], into: &sink) } ?? false
        guard awaitsVerdict, let code = status?.code else { return }
        awaitsVerdict = false
        let isAccepted = code != 401 && code != 407
        if isAccepted || !goesOn { security.outcome(success: isAccepted, into: &sink) }
    }

    /// Whether a response has no body, and whether the connection stays HTTP.
    private mutating func endsWithHeaders(
        response index: Int?, headers: HTTPHeaders, into sink: inout RecordSink
    ) -> Bool {
        guard let index else { return false }
        guard let code = pending[index].status?.code else {
            if pending[index].informational?.code == 101 {
                switch headers.upgrade {
                case "websocket":
                    sink.found(service: "websocket")
                    pending[index].writeWebSocket(answer: headers, into: &sink)
                    webSocket = WebSocketTunnel()
                    return true
                case "h2c": sink.found(service: "http2")
                default: break
                }
                verdict = .handOver
            }
            return true
        }
        let method = pending[index].request?.method
        if method == "CONNECT", (200..<300).contains(code) {
            sink.tunnel("Tunnel::HTTP")
            if let requester, streams[requester].hasEarly { tunnel = HTTPTunnel() } else { verdict = .handOver }
            return true
        }
        return method == "HEAD" || code == 204 || code == 304
    }

    /// A message is complete, or as complete as it will be.
    mutating func endMessage(from side: Side, into sink: inout RecordSink) {
        let stream = streams[side]
        stream.state = .startLine
        let index = pending.firstIndex { $0.depth == stream.depth }
        if let body = stream.body {
            body.finish(into: &sink)
            stream.body = nil
            if let file = body.unfinishedFile {
                partedFile = HTTPPartedFile(file, of: index.map { pending[$0] }, upTo: body.partEnd)
            }
            if let index, side == requester { pending.update(index) { $0.requestBody = body.summary } }
            if let index, side != requester { pending.update(index) { $0.responseBody = body.summary } }
        }
        guard let requester, side != requester, let index else { return }
        let transaction = pending[index]
        guard transaction.status != nil || transaction.isBare || isOver else { return }
        // The response may be complete before its request is.
        let asking = streams[requester]
        if let body = asking.body, asking.depth == stream.depth {
            pending.update(index) { $0.requestBody = body.summary }
        }
        pending.remove(at: index).write(into: &sink)
    }

    /// Whether the connection stops being HTTP: then an informational response is the last.
    private var isOver: Bool { if case .wantMore = verdict { webSocket != nil } else { true } }
}
