internal import Shared

/// A request and its response, as far as they were seen.
///
/// A class: it is large, and waits in a queue while its halves come in.
final class HTTPTransaction: Weighed {
    let time: Timestamp
    /// Number on the connection, from 1.
    let depth: UInt64
    var request: HTTPRequestLine?
    var headers = HTTPHeaders() {
        didSet { headersWeight = headers.weight }
    }
    private var headersWeight = 0
    var responseVersion: String?
    var status: HTTPStatusLine?
    var informational: HTTPStatusLine?
    /// The response is bare content, as HTTP/0.9 has it.
    var isBare = false
    var requestBody = HTTPBodySummary()
    var responseBody = HTTPBodySummary()

    var weight: Int {
        Self.usualBytes + (request?.target).weight + headersWeight + requestBody.weight + responseBody.weight
    }
    /// What one without texts takes.
    private static let usualBytes = 512

    init(depth: UInt64, at time: Timestamp) { (self.depth, self.time) = (depth, time) }

    /// Writes the record.
    func write(into sink: inout RecordSink) {
        let http = Records.http
        sink.begin(http, at: time)
        sink.batch.set(http.transDepth, depth)
        writeRequest(into: &sink)
        sink.batch.set(http.requestBodyLen, requestBody.byteCount)
        sink.batch.set(http.responseBodyLen, responseBody.byteCount)
        if let status = status ?? informational {
            sink.batch.set(http.statusCode, status.code)
            sink.batch.set(http.statusMsg, status.reason)
        } else if isBare, responseBody.byteCount > 0 {
            // There was an answer, without a status: Zeek's notation.
            sink.batch.set(http.statusCode, 0)
            sink.batch.set(http.statusMsg, "<empty>")
        }
        sink.batch.set(http.infoCode, informational?.code)
        sink.batch.set(http.infoMsg, informational?.reason)
        sink.batch.set(http.origFuids, requestBody.fuids.nilIfEmpty)
        sink.batch.set(http.origFilenames, requestBody.filenames.nilIfEmpty)
        sink.batch.set(http.origMimeTypes, requestBody.mimeTypes.nilIfEmpty)
        sink.batch.set(http.respFuids, responseBody.fuids.nilIfEmpty)
        sink.batch.set(http.respFilenames, responseBody.filenames.nilIfEmpty)
        sink.batch.set(http.respMimeTypes, responseBody.mimeTypes.nilIfEmpty)
        sink.end()
    }

    private func writeRequest(into sink: inout RecordSink) {
        let http = Records.http
        sink.batch.set(http.method, request?.method)
        sink.batch.set(http.host, headers.host)
        sink.batch.set(http.uri, request?.target)
        sink.batch.set(http.referrer, headers.referrer)
        sink.batch.set(http.version, (status ?? informational)?.version ?? request?.version)
        sink.batch.set(http.userAgent, headers.userAgent)
        sink.batch.set(http.origin, headers.origin)
        sink.batch.set(http.username, headers.username)
        if headers.hasPassword { sink.batch.set(http.password, "<hidden>") }
        sink.batch.set(http.proxied, headers.proxied.nilIfEmpty)
    }
}

/// What a record says of a body.
struct HTTPBodySummary: Equatable, Sendable {
    /// Files named in one record; further ones have records of their own only.
    static let fileLimit = 15

    /// Bytes after transfer and content decoding.
    var byteCount: UInt64 = 0
    private(set) var fuids: [String] = []
    private(set) var filenames: [String] = []
    private(set) var mimeTypes: [String] = []

    /// Bytes of the names, which others choose.
    var weight: Int { fuids.isEmpty ? 0 : filenames.weight }

    mutating func add(fuid: String, filename: String?, mimeType: String?) {
        guard fuids.count < Self.fileLimit else { return }
        fuids.append(fuid)
        if let filename { filenames.append(filename) }
        if let mimeType { mimeTypes.append(mimeType) }
    }
}

extension Collection {
    /// Nothing instead of an empty list: the record's field stays absent.
    var nilIfEmpty: Self? { isEmpty ? nil : self }
}
