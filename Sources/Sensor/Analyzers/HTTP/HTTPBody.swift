internal import Shared

/// A body on its way: undoes the content coding, splits multipart bodies and makes files of what comes out.
///
/// A class: it is large, and each piece of content changes it.
final class HTTPBody {
    let isOriginator: Bool
    private(set) var summary = HTTPBodySummary()
    /// It becomes files; otherwise its bytes are counted.
    private let isFile: Bool
    private let filename: String?
    private let totalByteCount: UInt64?
    private var inflater: ContentInflater?
    /// The first byte tells whether it is packed as it is said to be.
    private var awaitsMark: Bool
    private var parts: MultipartSplitter?
    /// The parts are ranges of a file: only of such does Content-Range mean something.
    private let hasRanges: Bool
    private var file: FileStream?
    private let part: HTTPPart?
    /// Bytes that were lost in front of the first that were seen.
    private var lostByteCount = 0
    /// An unknown part of the end was lost.
    private var isCutOff = false
    /// Files of parts that have ended.
    private var fileCount = 0

    /// Parts of one body that become files.
    static let partLimit = 100

    init(
        headers: HTTPHeaders, isOriginator: Bool, part: HTTPPart? = nil, isFile: Bool = true,
        _ allowance: UnfoldingAllowance
    ) {
        (self.isOriginator, self.isFile) = (isOriginator, isFile)
        self.part = part
        (filename, hasRanges) = (headers.names.filename, headers.names.hasRanges)
        inflater = headers.isEncoded ? ContentInflater(allowance) : nil
        awaitsMark = headers.isGzip
        parts = headers.names.boundary.flatMap { MultipartSplitter(boundary: $0) }
        totalByteCount = headers.isEncoded || headers.isChunked ? nil : headers.contentLength
    }

    /// Bytes of memory that it takes.
    var heldBytes: Int { (inflater?.heldBytes ?? 0) + (file?.heldBytes ?? 0) + (parts?.heldBytes ?? 0) }

    /// The file, where the body was a part of it that has ended and others may follow.
    var unfinishedFile: FileStream? { part?.unfinishedFile }

    /// Number of the byte behind this part within its file.
    var partEnd: UInt64 { (part?.range.first ?? 0) &+ summary.byteCount }

    /// Takes the next bytes as they were sent (after transfer decoding).
    func append(_ bytes: RawSpan, into sink: inout RecordSink) {
        if awaitsMark, bytes.byteCount > 0 {
            awaitsMark = false
            if !Self.isPacked(bytes) { inflater = nil }
        }
        guard let inflater else { return takeContent(bytes, into: &sink) }
        // What is not unfolded any more is missing.
        if inflater.isGivenUp { return gap(bytes.byteCount) }
        let now = sink.now
        inflater.append(bytes, at: now) { takeContent($0, into: &sink) }
        if inflater.isGivenUp { sink.weird("content_unfolds_too_far", source: "http") }
    }

    /// Whether content begins as gzip's does (RFC 1952 §2.3.1), or zlib's (RFC 1950 §2.2), which some servers send
    /// instead. What is said to be gzip and is not, clients keep as it is.
    private static func isPacked(_ bytes: RawSpan) -> Bool {
        guard let first = try? bytes.byte(at: 0) else { return false }
        if first == 0x1F { return true }
        guard first == 0x78, let header: UInt16 = try? bytes.readBE(at: 0) else { return false }
        return header % 31 == 0
    }

    /// Notes that `byteCount` bytes were lost.
    func gap(_ byteCount: Int) {
        summary.byteCount &+= UInt64(byteCount)
        if file == nil { lostByteCount &+= byteCount } else { file?.gap(byteCount) }
    }

    /// Notes that an unknown part of the end was lost.
    func cutOff() {
        isCutOff = true
        file?.isCutOff = true
    }

    /// Ends the body and its last file, and a part whose delimiter has not come is not whole.
    func finish(into sink: inout RecordSink) {
        if let parts {
            if parts.isUndelimited { finishUndelimited(parts, into: &sink) } else { cutOff() }
        }
        endFile(into: &sink)
    }

    /// A body that is said to have parts and has none is one file: readers that find parts in it all the same, as they
    /// take the boundary for another one, must hide nothing.
    private func finishUndelimited(_ parts: MultipartSplitter, into sink: inout RecordSink) {
        var parts = parts
        if let range = parts.takeRest() { appendToOnlyFile(parts.bytes.span.bytes.extracting(range), into: &sink) }
        guard let file else { return }
        self.file?.isCutOff = isCutOff
        if !isCutOff, file.missingByteCount == 0 { sink.weird("multipart_without_delimiter", source: "http") }
    }

    /// Whether as many bytes came as the body's length is, where that is told.
    var hasAll: Bool { totalByteCount == summary.byteCount }

    private func takeContent(_ content: RawSpan, into sink: inout RecordSink) {
        summary.byteCount &+= UInt64(content.byteCount)
        guard isFile else { return }
        guard var splitter = parts else { return appendToOnlyFile(content, into: &sink) }
        parts = nil
        splitter.append(content)
        while let event = splitter.next() {
            switch event {
            case .preamble(let range):
                appendToOnlyFile(splitter.bytes.span.bytes.extracting(range), into: &sink)
            case .delimited: dropFile(into: &sink)
            case .begin(let name, let range):
                endFile(into: &sink)
                guard fileCount < Self.partLimit else { continue }
                beginFile(named: name, total: hasRanges ? range?.total : nil, into: &sink)
                if hasRanges, let range { file?.gap(Int(clamping: range.first)) }
            case .content(let range): file?.append(splitter.bytes.span.bytes.extracting(range), at: sink.now)
            case .end: endFile(into: &sink)
            }
        }
        parts = splitter
    }

    private func appendToOnlyFile(_ content: RawSpan, into sink: inout RecordSink) {
        if file == nil { beginOnlyFile(into: &sink) }
        file?.append(content, at: sink.now)
    }

    /// What came is no file.
    private func dropFile(into sink: inout RecordSink) {
        guard file != nil else { return }
        file?.drop(into: &sink)
        file = nil
        fileCount = 0
    }

    /// Begins the file that the body is, or goes on with the one that it is a part of.
    private func beginOnlyFile(into sink: inout RecordSink) {
        if let stream = part?.stream {
            file = stream
        } else {
            beginFile(named: filename, total: part.map(\.range.total) ?? totalByteCount, into: &sink)
            if let part { file?.gap(Int(part.range.first)) }
        }
        if lostByteCount > 0 { file?.gap(lostByteCount) }
    }

    private func beginFile(named name: String?, total: UInt64?, into sink: inout RecordSink) {
        var new = FileStream(source: "HTTP", filename: name, isOriginator: isOriginator, into: &sink)
        new.totalByteCount = total
        file = new
        fileCount += 1
    }

    private func endFile(into sink: inout RecordSink) {
        var ended: FileStream?
        swap(&ended, &file)
        // Of this part nothing came: the file is what its other parts were.
        if ended == nil, summary.fuids.isEmpty, let stream = part?.stream {
            ended = stream
            if lostByteCount > 0 { ended?.gap(lostByteCount) }
        }
        guard let seen = ended?.seenByteCount, seen > 0 else { return }
        if let part, part.range.total != partEnd {
            part.unfinishedFile = ended
        } else {
            ended?.finish(into: &sink)
        }
        guard let ended else { return }
        summary.add(fuid: ended.fuid, filename: ended.filename, mimeType: ended.typeSoFar)
    }
}
