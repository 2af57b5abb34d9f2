internal import Shared

/// What the headers of content say of the files in it: of a message of HTTP, of a mail, and of a part of either.
struct ContentNames: Sendable {
    private(set) var filename: String?
    /// Boundary of a multipart body (RFC 2046 §5.1.1).
    private(set) var boundary: String?
    /// The parts are parts of a file (RFC 9110 §14.6; the other name is of servers before RFC 2068).
    private(set) var hasRanges = false

    /// Takes a value of Content-Type.
    mutating func take(type value: RawSpan, isMail: Bool = false) {
        if HTTPText.hasPrefix(value, "multipart/") {
            boundary = HTTPParameter.boundary(in: value, endsAtComma: !isMail)
            hasRanges =
                HTTPText.hasPrefix(value, "multipart/byteranges")
                || HTTPText.hasPrefix(value, "multipart/x-byteranges")
        } else if filename == nil {
            filename = HTTPParameter.filename(of: "name", in: value)
        }
    }

    /// Takes a value of Content-Disposition, whose name goes before that of the type.
    mutating func take(disposition value: RawSpan) {
        filename = HTTPParameter.filename(of: "filename", in: value) ?? filename
    }
}
