internal import Shared

/// What a mail carries: splits MIME parts (RFC 2046 §5.1), undoes their encodings (RFC 2045 §6) and makes a file of
/// each. Fed line by line, without line ends, of lines that are too long in pieces.
struct MailBody {
    /// Multiparts inside of one another.
    private static let nestingLimit = 8
    /// Parts of one mail that become files.
    private static let partLimit = 100
    /// Longest header of a part that is looked at, continuation lines included.
    private static let headerLimit = 4096

    private enum State { case headers, content, between }

    private var state = State.headers
    private var part = MailPart()
    private var header: [UInt8] = []
    private var boundaries: [[UInt8]] = []
    private var decoder = TransferDecoder(encoding: .none)
    private var file: FileStream?
    /// Bytes that were lost in front of the part's file.
    private var lostByteCount = 0
    private(set) var fuids: [String] = []

    var heldBytes: Int { header.capacity + decoder.heldBytes + (file?.heldBytes ?? 0) }

    /// Takes a header line, of the mail or of a part.
    mutating func take(header line: RawSpan) {
        let text = line.extracting(HTTPText.core(line, 0..<line.byteCount))
        if let first = try? line.byte(at: 0), HTTPText.isBlank(first) {
            guard header.count + text.byteCount < Self.headerLimit else { return }
            header.append(0x20)
        } else {
            endHeader()
        }
        text.extracting(first: Self.headerLimit).withUnsafeBytes { header.append(contentsOf: $0) }
    }

    private mutating func endHeader() {
        let whole = header
        header.removeAll()
        if !whole.isEmpty { part.take(whole.span.bytes) }
    }

    /// The empty line behind a header section.
    mutating func endHeaders() {
        endHeader()
        // A mail in a mail (RFC 2046 §5.2.1): its headers come next, and tell what its own content is. Its end is that
        // of the part that it lies in.
        if part.isMail, part.encoding == .none || part.encoding == .binary {
            (part, state) = (MailPart(), .headers)
            return
        }
        state = .content
        if let boundary = part.names.boundary, boundaries.count < Self.nestingLimit {
            boundaries.append(Array(boundary.utf8))
            state = .between
        }
        decoder = TransferDecoder(encoding: part.encoding)
    }

    /// Takes a line behind the mail's headers.
    mutating func take(_ line: RawSpan, _ piece: LinePiece, into sink: inout RecordSink) {
        if !piece.goesOn, let level = boundaryLevel(line) { return endPart(level, line, into: &sink) }
        switch state {
        case .between: return
        case .headers where piece.goesOn: return
        case .headers: if line.byteCount == 0 { endHeaders() } else { take(header: line) }
        case .content:
            if file == nil {
                guard fuids.count < Self.partLimit else { return }
                file = FileStream(source: "SMTP", filename: part.names.filename, isOriginator: true, into: &sink)
                if lostByteCount > 0 { file?.gap(lostByteCount) }
            }
            decoder.take(line, piece) { file?.append($0, at: sink.now) }
        }
    }

    /// Notes that bytes of the mail were lost: the part that they lie in is not whole.
    mutating func lose(_ byteCount: Int) {
        guard state != .between else { return }
        decoder.lose()
        if file == nil { lostByteCount += byteCount } else { file?.gap(byteCount) }
    }

    /// The mail's end was not seen, and that of the part that is open was not either.
    mutating func cutOff(into sink: inout RecordSink) {
        file?.isCutOff = true
        endFile(at: .mail, into: &sink)
    }

    /// Which multipart a boundary line belongs to.
    private func boundaryLevel(_ line: RawSpan) -> Int? {
        guard !boundaries.isEmpty, line.starts(with: "--") else { return nil }
        let rest = line.extracting(droppingFirst: 2)
        return boundaries.lastIndex { boundary in
            rest.byteCount >= boundary.count && rest.withUnsafeBytes { $0.starts(with: boundary) }
        }
    }

    private mutating func endPart(_ level: Int, _ line: RawSpan, into sink: inout RecordSink) {
        endFile(at: .boundary, into: &sink)
        let isLast = line.extracting(droppingFirst: 2 + boundaries[level].count).starts(with: "--")
        boundaries.removeSubrange((isLast ? level : level + 1)...)
        part = MailPart()
        lostByteCount = 0
        state = isLast ? .between : .headers
    }

    /// The mail is complete.
    /// - Parameter endsInLine: its last line had no end, as only chunks can have it.
    mutating func finish(endsInLine: Bool = false, into sink: inout RecordSink) {
        endFile(at: endsInLine ? .openLine : .mail, into: &sink)
    }

    private mutating func endFile(at end: TransferDecoder.End, into sink: inout RecordSink) {
        guard var ended = file else { return }
        file = nil
        if !decoder.finish(at: end, { ended.append($0, at: sink.now) }) { ended.gap(1) }
        guard ended.seenByteCount > 0 else { return }
        ended.finish(into: &sink)
        fuids.append(ended.fuid)
    }
}

/// What the headers of one part say.
private struct MailPart {
    var encoding = TransferDecoder.Encoding.none
    var names = ContentNames()
    /// Its content is a mail: RFC 2046 §5.2.1, RFC 6532 §3.7.
    var isMail = false

    mutating func take(_ line: RawSpan) {
        guard let colon = line.firstIndex(of: 0x3A) else { return }
        let name = line.extracting(HTTPText.core(line, 0..<colon))
        let value = line.extracting(HTTPText.core(line, (colon + 1)..<line.byteCount))
        if HTTPText.equals(name, "content-type") {
            names.take(type: value, isMail: true)
            let type = value.extracting(first: value.firstIndex(of: 0x3B) ?? value.byteCount)
            let name = type.extracting(HTTPText.core(type, 0..<type.byteCount))
            isMail = HTTPText.equals(name, "message/rfc822") || HTTPText.equals(name, "message/global")
        } else if HTTPText.equals(name, "content-disposition") {
            names.take(disposition: value)
        } else if HTTPText.equals(name, "content-transfer-encoding") {
            if HTTPText.hasPrefix(value, "base64") { encoding = .base64 }
            if HTTPText.hasPrefix(value, "quoted-printable") { encoding = .quotedPrintable }
            if HTTPText.hasPrefix(value, "binary") { encoding = .binary }
        }
    }
}
