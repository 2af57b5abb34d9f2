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
    /// Bytes of a line that are looked at.
    private static let lengthLimit = 1024
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
            let line = rest.extracting(0..<min(HTTPText.endOfLine(rest.extracting(0..<end)), lengthLimit))
            rest = rest.extracting(droppingFirst: min(end + 1, rest.byteCount))
            if line.starts(with: "m=") {
                let found = media.count < mediaLimit ? medium(line) : nil
                isOther = found == nil
                if var found {
                    found.address = session
                    media.append(found)
                }
            } else if line.starts(with: "c="), let address = address(line) {
                if media.isEmpty && !isOther { session = address }
                if !media.isEmpty && !isOther { media[media.count - 1].address = address }
            } else if line.starts(with: "a=rtpmap:"), !isOther, !media.isEmpty,
                media[media.count - 1].formats.count < formatLimit, let format = format(line)
            {
                media[media.count - 1].formats.append(format)
            }
        }
        return media
    }

    /// Where the word with this number stands, behind the letter and the equals sign; nowhere when there are fewer.
    private static func word(_ number: Int, of line: RawSpan) -> Range<Int> {
        var start = 2
        for _ in 0..<number {
            start = end(of: line, 0x20, from: pastBlanks(line, from: start))
        }
        start = pastBlanks(line, from: start)
        return start..<end(of: line, 0x20, from: start)
    }

    private static func pastBlanks(_ line: RawSpan, from start: Int) -> Int {
        var start = start
        while start < line.byteCount, (try? line.byte(at: start)) == 0x20 { start += 1 }
        return start
    }

    /// The next place of a byte, or the end of the line.
    private static func end(of line: RawSpan, _ mark: UInt8, from start: Int) -> Int {
        line.firstIndex(of: mark, from: start) ?? line.byteCount
    }

    /// What stands before a mark in a word.
    private static func front(of word: Range<Int>, _ line: RawSpan, _ mark: UInt8) -> Range<Int> {
        word.lowerBound..<min(end(of: line, mark, from: word.lowerBound), word.upperBound)
    }

    /// `audio 49170 RTP/AVP 0 96`, the port perhaps with a count behind a slash (RFC 8866 §5.14).
    private static func medium(_ line: RawSpan) -> MediaDescription? {
        let number = front(of: word(1, of: line), line, 0x2F)
        guard line.extracting(word(2, of: line)).firstIndex(of: "RTP/") != nil,
            let port = HTTPText.decimal(line.extracting(number)).flatMap({ UInt16(exactly: $0) }), port > 0
        else { return nil }
        return MediaDescription(address: nil, port: port)
    }

    /// `IN IP4 192.0.2.1`, with a multicast address perhaps with a time to live behind a slash (RFC 8866 §5.7).
    private static func address(_ line: RawSpan) -> IPAddress? {
        let network = line.extracting(word(0, of: line))
        guard network.byteCount == 2, network.starts(with: "IN") else { return nil }
        let text = line.extracting(front(of: word(2, of: line), line, 0x2F))
        return text.withUnsafeBytes { IPAddress(parsing: $0) }
    }

    /// `rtpmap:96 opus/48000/2`.
    private static func format(_ line: RawSpan) -> MediaDescription.Format? {
        let (attribute, meaning) = (word(0, of: line), word(1, of: line))
        let name = front(of: meaning, line, 0x2F)
        let rate = front(of: min(name.upperBound + 1, meaning.upperBound)..<meaning.upperBound, line, 0x2F)
        let type = min(end(of: line, 0x3A, from: attribute.lowerBound) + 1, attribute.upperBound)..<attribute.upperBound
        guard let payloadType = HTTPText.decimal(line.extracting(type)), payloadType < 128, !name.isEmpty,
            let clockRate = HTTPText.decimal(line.extracting(rate)).flatMap({ UInt32(exactly: $0) }), clockRate > 0
        else { return nil }
        return MediaDescription.Format(
            payloadType: UInt8(payloadType), codec: line.extracting(name).extracting(first: nameLimit).text(),
            clockRate: clockRate)
    }
}
