internal import Shared

/// A file as it passes by: type by content, size and digests, and its `files` record at the end.
///
/// Whoever reads a protocol makes one with ``init(source:filename:isOriginator:into:)`` when a file begins, hands it
/// the bytes in order with ``append(_:at:)``, tells of holes with ``gap(_:)`` and ends it with ``finish(into:)``.
struct FileStream {
    /// Identifier in records (`F...`).
    private(set) var fuid: String
    /// Zeek's name of the protocol: `HTTP`, `SMB`, `SSL`, `SMTP`.
    let source: StaticString
    /// Whether the connection's originator sends it.
    let isOriginator: Bool
    var filename: String?
    /// Bytes that the protocol announced.
    var totalByteCount: UInt64?
    /// Its end was not seen, as its protocol tells: then its digests would be another file's.
    var isCutOff = false
    /// More of it was waited for in vain, without a word of its end.
    var isTimedOut = false
    /// Nesting within its protocol, as the record shows it.
    var depth: UInt64 = 0
    /// Type by content, known when ``FileWork/prefixLimit`` bytes were seen or the file has ended. The protocol may
    /// set it where it knows better (certificates).
    var mimeType: String?
    private(set) var seenByteCount: UInt64 = 0
    private(set) var missingByteCount: UInt64 = 0
    private(set) var digests: FileDigest.Result?
    private let firstTime: Timestamp
    private var lastTime: Timestamp
    /// Nil once the file has ended.
    private var work: FileWork?
    /// What the work has found, once the file has ended.
    private var findings: Findings?
    /// What is inside of a zip file.
    private var contents: ZipContents?

    /// Begins a file on the connection that the sink looks at.
    init(source: StaticString, filename: String? = nil, isOriginator: Bool, into sink: inout RecordSink) {
        fuid = sink.nextFileID()
        work = sink.takeFileWork()
        self.source = source
        self.filename = filename
        self.isOriginator = isOriginator
        firstTime = sink.now
        lastTime = sink.now
    }

    /// Begins a file that lies in an archive; its record is written when the archive ends.
    init(inArchive source: StaticString, filename: String, isOriginator: Bool, _ settings: ArchiveSettings) {
        fuid = ""
        work = FileWork(settings.algorithms, settings.allowance)
        self.source = source
        self.filename = filename
        self.isOriginator = isOriginator
        firstTime = settings.now
        lastTime = settings.now
    }

    private struct Findings {
        let algorithms: FileDigestAlgorithms
        let entropy: Double?
        let executable: ExecutableFacts?
    }

    /// What a file in an archive takes over from it.
    struct ArchiveSettings {
        let algorithms: FileDigestAlgorithms
        let allowance: UnfoldingAllowance
        let now: Timestamp
    }

    /// Bytes of memory that it takes until it ends.
    var heldBytes: Int { work == nil ? 0 : FileWork.usualBytes + (contents?.heldBytes ?? 0) }

    /// Takes the next bytes of the file, seen at `now`.
    mutating func append(_ bytes: RawSpan, at now: Timestamp) {
        guard let work else { return }
        seenByteCount &+= UInt64(bytes.byteCount)
        lastTime = now
        work.digest.update(bytes)
        work.histogram.update(bytes)
        contents?.append(bytes, at: now)
        guard work.prefix.count < FileWork.prefixLimit, missingByteCount == 0 else { return }
        let rest = FileWork.prefixLimit - work.prefix.count
        work.keep(bytes)
        guard work.prefix.count >= FileWork.prefixLimit else { return }
        findType(work)
        if rest < bytes.byteCount { contents?.append(bytes.extracting(droppingFirst: rest), at: now) }
    }

    /// Type by content, as far as the bytes tell that have come by now.
    var typeSoFar: String? { mimeType ?? work.flatMap { MIMEType.of($0.prefix) } }

    /// Notes that the next `byteCount` bytes of the file were lost.
    mutating func gap(_ byteCount: Int) {
        contents?.isOver = true
        missingByteCount &+= UInt64(Swift.max(byteCount, 0))
    }

    /// Ends the file and writes its record. ``digests`` and ``mimeType`` are set afterwards.
    mutating func finish(into sink: inout RecordSink) { finish(inside: nil, into: &sink) }

    /// Ends a file that lies in the archive with the identifier `parent`.
    mutating func finish(inside parent: String?, into sink: inout RecordSink) {
        if let work = seal() { sink.giveBack(work) }
        guard let found = findings else { return }
        findings = nil
        if parent != nil { fuid = sink.nextFileID() }
        write(found, inside: parent, into: &sink)
        contents?.finish(inside: fuid, into: &sink)
        contents = nil
        found.executable?.write(fuid: fuid, into: &sink)
    }

    /// Takes no more bytes, and keeps only what was found: for files whose records wait for their archive's end.
    /// - Returns: what is not needed any more; nil when it had ended before.
    @discardableResult
    mutating func seal() -> FileWork? {
        guard let work else { return nil }
        self.work = nil
        findType(work)
        // Where nobody tells the length, what came counts as the file: else whoever leaves it out hides the digest.
        let isWhole = missingByteCount == 0 && !isCutOff && (totalByteCount.map { $0 == seenByteCount } ?? true)
        if isWhole, seenByteCount > 0 { digests = work.digest.finish() }
        findings = Findings(
            algorithms: work.algorithms, entropy: seenByteCount > 0 ? work.histogram.entropy : nil,
            executable: mimeType == "application/x-dosexec" ? ExecutableFacts(work.prefix) : nil)
        return work
    }

    /// Forgets it: it was no file.
    mutating func drop(into sink: inout RecordSink) {
        if let work { sink.giveBack(work) }
        (work, contents) = (nil, nil)
    }

    private mutating func findType(_ work: FileWork) {
        guard mimeType == nil else { return }
        let prefix = work.prefix
        mimeType = MIMEType.of(prefix)
        // Archives in archives are not opened. A document is one in which anything may lie.
        let isDocument = mimeType?.hasPrefix("application/vnd.oasis.opendocument.") == true
        guard mimeType == "application/zip" || isDocument, !fuid.isEmpty else { return }
        contents = ZipContents(algorithms: work.algorithms, allowance: work.allowance, isOriginator: isOriginator)
        contents?.append(prefix.span.bytes, at: lastTime)
    }

    private static func names(_ algorithms: FileDigestAlgorithms) -> [StaticString] {
        if algorithms == .sha256 { return ["SHA256"] }
        return (algorithms.contains(.md5) ? ["MD5"] : []) + (algorithms.contains(.sha1) ? ["SHA1"] : [])
            + (algorithms.contains(.sha256) ? ["SHA256"] : [])
    }

    private func write(_ found: Findings, inside parent: String?, into sink: inout RecordSink) {
        let files = Records.files
        let connection = sink.connection
        let sender = isOriginator ? connection.originator : connection.responder
        let receiver = isOriginator ? connection.responder : connection.originator
        sink.begin(files, at: firstTime)
        sink.batch.set(files.fuid, fuid)
        sink.batch.set(files.txHosts, of: sender)
        sink.batch.set(files.rxHosts, of: receiver)
        sink.batch.set(files.connUids, of: connection.identity)
        sink.batch.set(files.source, name: source)
        sink.batch.set(files.depth, depth)
        sink.batch.set(files.analyzers, names: Self.names(found.algorithms))
        sink.batch.set(files.mimeType, mimeType)
        sink.batch.set(files.filename, filename)
        sink.batch.set(files.duration, lastTime - firstTime)
        sink.batch.set(files.localOrig, sender.isPrivate)
        sink.batch.set(files.isOrig, isOriginator)
        sink.batch.set(files.seenBytes, seenByteCount)
        sink.batch.set(files.totalBytes, totalByteCount)
        sink.batch.set(files.missingBytes, missingByteCount)
        sink.batch.set(files.overflowBytes, 0)
        sink.batch.set(files.timedout, isTimedOut)
        sink.batch.set(files.parentFuid, parent)
        sink.batch.set(files.md5, digests?.md5)
        sink.batch.set(files.sha1, digests?.sha1)
        sink.batch.set(files.sha256, digests?.sha256)
        sink.batch.set(files.entropy, found.entropy)
        sink.end()
    }
}
