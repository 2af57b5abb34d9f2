internal import Shared

/// Headers that records show.
enum SIPHeader {
    case via, from, to, callID, sequence, contentLength, contentType, userAgent, date, subject, replyTo, warning

    /// The name of a header, in full or in its short form (section 7.3.3), and where its value lies.
    static func read(_ line: RawSpan) -> (SIPHeader?, Range<Int>) {
        let colon = line.firstIndex(of: 0x3A) ?? line.byteCount
        let name = line.extracting(HTTPText.core(line, 0..<colon))
        let value = HTTPText.core(line, Swift.min(colon + 1, line.byteCount)..<line.byteCount)
        for (known, short, header) in names
        where HTTPText.equals(name, known) || (short.map { HTTPText.equals(name, $0) } ?? false) {
            return (header, value)
        }
        return (nil, value)
    }

    private static let names: [(StaticString, StaticString?, SIPHeader)] = [
        ("via", "v", .via), ("from", "f", .from), ("to", "t", .to), ("call-id", "i", .callID), ("cseq", nil, .sequence),
        ("content-length", "l", .contentLength), ("content-type", "c", .contentType), ("user-agent", nil, .userAgent),
        ("date", nil, .date), ("subject", "s", .subject), ("reply-to", nil, .replyTo), ("warning", nil, .warning),
    ]
}
