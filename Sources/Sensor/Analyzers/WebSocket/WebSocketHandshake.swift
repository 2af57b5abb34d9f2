internal import Shared

/// What one side says of a WebSocket in its headers (RFC 6455 section 4).
struct WebSocketOffer: Sendable {
    /// Protocols or extensions that are kept of one side.
    private static let listLimit = 32
    /// Bytes of one of them: names are of IANA's registry, extensions have some parameters.
    private static let textLimit = 256

    private(set) var protocols: [String] = []
    private(set) var extensions: [String] = []

    /// Takes a header whose name begins with `sec-websocket-`.
    mutating func take(_ name: RawSpan, _ value: RawSpan) {
        if HTTPText.equals(name, "sec-websocket-protocol") { Self.add(value, to: &protocols) }
        if HTTPText.equals(name, "sec-websocket-extensions") { Self.add(value, to: &extensions) }
    }

    /// Adds the parts between commas (RFC 9110 section 5.6.1).
    private static func add(_ value: RawSpan, to list: inout [String]) {
        var start = 0
        while start < value.byteCount, list.count < listLimit {
            let end = value.firstIndex(of: 0x2C, from: start) ?? value.byteCount
            let part = HTTPText.text(value, start..<Swift.min(end, start + textLimit))
            if !part.isEmpty { list.append(part) }
            start = end + 1
        }
    }
}

extension HTTPTransaction {
    /// Writes the `websocket` that this request opened.
    func writeWebSocket(answer: HTTPHeaders, into sink: inout RecordSink) {
        let record = Records.websocket
        sink.begin(record)
        sink.batch.set(record.host, headers.host)
        sink.batch.set(record.uri, request?.target)
        sink.batch.set(record.userAgent, headers.userAgent)
        sink.batch.set(record.subprotocol, answer.webSocket?.protocols.first)
        sink.batch.set(record.clientProtocols, headers.webSocket?.protocols.nilIfEmpty)
        sink.batch.set(record.serverExtensions, answer.webSocket?.extensions.nilIfEmpty)
        sink.batch.set(record.clientExtensions, headers.webSocket?.extensions.nilIfEmpty)
        sink.end()
    }
}
