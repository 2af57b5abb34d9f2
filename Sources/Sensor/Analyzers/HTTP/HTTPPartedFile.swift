internal import Shared

/// What `Content-Range` says of the part that a response carries (RFC 9110 §14.4).
struct HTTPContentRange: Equatable, Sendable {
    /// Number of the part's first byte within the file, from 0.
    let first: UInt64
    /// Bytes of the whole file, nil where the server does not know.
    let total: UInt64?

    /// Reads `bytes FIRST-LAST/TOTAL`, or `*` for the total; nil where the value is something else.
    init?(_ value: RawSpan) {
        guard HTTPText.hasPrefix(value, "bytes"), let dash = value.firstIndex(of: 0x2D),
            let slash = value.firstIndex(of: 0x2F), 5 < dash, dash < slash,
            let first = HTTPText.decimal(value.extracting(HTTPText.core(value, 5..<dash))),
            let last = HTTPText.decimal(value.extracting(HTTPText.core(value, (dash + 1)..<slash))), first <= last
        else { return nil }
        self.first = first
        let rest = value.extracting(HTTPText.core(value, (slash + 1)..<value.byteCount))
        if rest.byteCount == 1, rest.starts(with: "*") {
            total = nil
        } else {
            guard let total = HTTPText.decimal(rest), last < total else { return nil }
            self.total = total
        }
    }
}

/// A part on its way, and the file that it goes on with.
///
/// A class: bodies that are no parts, as nearly all are, pay for a reference only.
final class HTTPPart {
    let range: HTTPContentRange
    /// Nil where another file begins.
    let stream: FileStream?
    /// The file once the part has ended, where others may follow.
    var unfinishedFile: FileStream?

    init(range: HTTPContentRange, stream: FileStream?) {
        self.range = range
        self.stream = stream
    }
}

/// A file that a client fetches part by part on one connection, as update services and download managers do.
///
/// Parts of the same address of which each begins where the last one ended are one file, as in Zeek. Where a part
/// begins elsewhere, another file begins.
///
/// A class: it waits between two parts, and connections that have none pay for a reference only.
final class HTTPPartedFile {
    /// Where it is fetched from: host and target of the requests.
    private let host, target: String?
    private var stream: FileStream
    /// Number of the byte that is expected next.
    private var position: UInt64

    /// Keeps a file after the part that ended before `position`.
    init(_ stream: FileStream, of request: HTTPTransaction?, upTo position: UInt64) {
        host = request?.headers.host
        target = request?.request?.target
        self.stream = stream
        self.position = position
    }

    /// Bytes of memory that it takes.
    var heldBytes: Int { stream.heldBytes + host.weight + target.weight }

    /// The file, where `range` of what `request` asked for goes on with it.
    func stream(goingOnWith range: HTTPContentRange, of request: HTTPTransaction?) -> FileStream? {
        guard let target, target == request?.request?.target, host == request?.headers.host else { return nil }
        return range.first == position && range.total == stream.totalByteCount ? stream : nil
    }

    /// No more parts will come.
    func finish(into sink: inout RecordSink) {
        stream.isTimedOut = true
        stream.finish(into: &sink)
    }
}
