internal import Shared

/// One medium of a session description (SDP, RFC 8866): where its sender wants it, and what its payload types mean.
struct MediaDescription: Sendable {
    /// What a payload type was agreed to mean (`a=rtpmap`, RFC 8866 §6.6).
    struct Format: Sendable {
        let payloadType: UInt8
        let codec: String
        /// Ticks a second of its timestamps.
        let clockRate: UInt32
    }

    var address: IPAddress?
    let port: UInt16
    fileprivate(set) var formats: [Format] = []
}

/// Reads session descriptions, as far as RTP needs them.
enum SessionDescription {
    /// Lines that are read of one, media that are kept, and formats of each.
    private static let lineLimit = 512
    private static let mediaLimit = 16
    private static let formatLimit = 32
    /// Bytes of a codec's name that are kept.
    private static let nameLimit = 32

    /// The media of a description that go over RTP; whatever is not understood is passed over.
    static func media(in body: RawSpan) -> [MediaDescription] {
        var media: [MediaDescription] = []
        var session: IPAddress?
        // Lines about a medium that is left out.
        var isOther = false
        var rest = body
        for _ in 0..<lineLimit where rest.byteCount > 0 {
            let end = rest.firstIndex(of: 0x0A) ?? rest.byteCount
            let line = rest.extracting(0..<HTTPText.endOfLine(rest.extracting(0..<end)))
            rest = rest.extracting(droppingFirst: min(end + 1, rest.byteCount))
            if line.starts(with: "m=") {
                let found = media.count < mediaLimit ? medium(words(line)) : nil
                isOther = found == nil
                if var found {
                    found.address = session
                    media.append(found)
                }
            } else if line.starts(with: "c="), let address = address(words(line)) {
                if media.isEmpty && !isOther { session = address }
                if !media.isEmpty && !isOther { media[media.count - 1].address = address }
            } else if line.starts(with: "a=rtpmap:"), !isOther, !media.isEmpty,
                media[media.count - 1].formats.count < formatLimit, let format = format(words(line))
            {
                media[media.count - 1].formats.append(format)
            }
        }
        return media
    }

    /// What stands between blanks, behind the letter and the equals sign.
    private static func words(_ line: RawSpan) -> [Substring] {
        line.extracting(droppingFirst: 2).extracting(first: 1024).text().split(separator: " ", maxSplits: 4)
    }

    /// `audio 49170 RTP/AVP 0 96`, the port perhaps with a count behind a slash (RFC 8866 §5.14).
    private static func medium(_ words: [Substring]) -> MediaDescription? {
        guard words.count >= 3, words[2].contains("RTP/"), let number = words[1].split(separator: "/").first,
            let port = UInt16(number), port > 0
        else { return nil }
        return MediaDescription(address: nil, port: port)
    }

    /// `IN IP4 192.0.2.1`, with a multicast address perhaps with a time to live behind a slash (RFC 8866 §5.7).
    private static func address(_ words: [Substring]) -> IPAddress? {
        guard words.count >= 3, words[0] == "IN", let text = words[2].split(separator: "/").first else { return nil }
        return IPAddress(String(text))
    }

    /// `rtpmap:96 opus/48000/2`.
    private static func format(_ words: [Substring]) -> MediaDescription.Format? {
        guard words.count >= 2, let colon = words[0].firstIndex(of: ":"),
            let type = UInt8(words[0][words[0].index(after: colon)...]), type < 128
        else { return nil }
        let parts = words[1].split(separator: "/")
        guard parts.count >= 2, let rate = UInt32(parts[1]), rate > 0 else { return nil }
        return MediaDescription.Format(
            payloadType: type, codec: String(parts[0].prefix(nameLimit)), clockRate: rate)
    }
}
