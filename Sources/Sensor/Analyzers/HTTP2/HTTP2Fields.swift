internal import Shared

/// What a section of fields says (RFC 9113 section 8.3): fields whose names begin with a colon, and those of HTTP.
struct HTTP2Fields {
    private(set) var method, path, status: String?
    private(set) var headers = HTTPHeaders()
    /// The content is messages of calls, and no file.
    private(set) var isGRPC = false

    var isRequest: Bool { method != nil || path != nil }
    /// A code of three digits.
    var statusCode: UInt64? { status.flatMap { $0.utf8.count == 3 ? UInt64($0) : nil } }

    mutating func take(_ name: RawSpan, _ value: RawSpan) {
        guard name.starts(with: ":") else {
            if HTTPText.equals(name, "content-type") { isGRPC = HTTPText.hasPrefix(value, "application/grpc") }
            return headers.take(name: name, value: value)
        }
        if HTTPText.equals(name, ":method") {
            method = value.text()
        } else if HTTPText.equals(name, ":path") {
            path = HTTPAddress.text(value)
        } else if HTTPText.equals(name, ":authority") {
            headers.host = HTTPAddress.text(authority: value)
        } else if HTTPText.equals(name, ":status") {
            status = value.text()
        }
    }
}
