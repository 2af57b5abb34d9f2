internal import Shared

/// A file as it passes by: type by content, size and digests, and its `files` record at the end.
///
/// Whoever reads a protocol makes one with ``init(source:filename:isOriginator:into:)`` when a file begins, hands it
/// the bytes in order with ``append(_:at:)``, tells of holes with ``gap(_:)`` and ends it with ``finish(into:)``.
struct FileStream {
    /// Bytes kept to tell the type from: as many as Zeek keeps by default.
    static let prefixLimit = 4096

    /// Identifier in records (`F...`).
    let fuid: String
    /// Zeek's name of the protocol: `HTTP`, `SMB`, `SSL`, `SMTP`.
    let source: StaticString
    /// Whether the connection's originator sends it.
    let isOriginator: Bool
    var filename: String?
    /// Bytes that the protocol announced.
    var totalByteCount: UInt64?
    /// Nesting within its protocol, as the record shows it.
    var depth: UInt64 = 0
    /// Type by content, known when ``prefixLimit`` bytes were seen or the file has ended. The protocol may set it
    /// where it knows better (certificates).
    var mimeType: String?
    private(set) var seenByteCount: UInt64 = 0
    private(set) var missingByteCount: UInt64 = 0
    private(set) var digests: FileDigest.Result?
    private let firstTime: Timestamp
    private var lastTime: Timestamp
    private var prefix: [UInt8] = []
    private let digest: FileDigest
    private let algorithms: FileDigestAlgorithms
    private let histogram = ByteHistogram()

    /// Begins a file on the connection that the sink looks at.
    init(source: StaticString, filename: String? = nil, isOriginator: Bool, into sink: inout RecordSink) {
        fuid = sink.nextFileID()
        algorithms = sink.fileDigests
        digest = FileDigest(algorithms)
        self.source = source
        self.filename = filename
        self.isOriginator = isOriginator
        firstTime = sink.now
        lastTime = sink.now
    }

    /// Takes the next bytes of the file, seen at `now`.
    mutating func append(_ bytes: RawSpan, at now: Timestamp) {
        seenByteCount &+= UInt64(bytes.byteCount)
        lastTime = now
        digest.update(bytes)
        histogram.update(bytes)
        guard prefix.count < Self.prefixLimit, missingByteCount == 0 else { return }
        let rest = Self.prefixLimit - prefix.count
        bytes.extracting(first: rest).withUnsafeBytes { prefix.append(contentsOf: $0) }
        if prefix.count >= Self.prefixLimit { findType() }
    }

    /// Notes that the next `byteCount` bytes of the file were lost.
    mutating func gap(_ byteCount: Int) {
        missingByteCount &+= UInt64(Swift.max(byteCount, 0))
    }

    /// Ends the file and writes its record. ``digests`` and ``mimeType`` are set afterwards.
    mutating func finish(into sink: inout RecordSink) {
        findType()
        let isWhole = missingByteCount == 0 && (totalByteCount.map { $0 == seenByteCount } ?? true)
        if isWhole, seenByteCount > 0 { digests = digest.finish() }
        write(into: &sink)
        prefix = []
    }

    private mutating func findType() {
        if mimeType == nil { mimeType = MIMEType.of(prefix) }
    }

    private static func names(_ algorithms: FileDigestAlgorithms) -> [String] {
        (algorithms.contains(.md5) ? ["MD5"] : []) + (algorithms.contains(.sha1) ? ["SHA1"] : [])
            + (algorithms.contains(.sha256) ? ["SHA256"] : [])
    }

    private func write(into sink: inout RecordSink) {
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
        sink.batch.set(files.analyzers, Self.names(algorithms))
        sink.batch.set(files.mimeType, mimeType)
        sink.batch.set(files.filename, filename)
        sink.batch.set(files.duration, lastTime - firstTime)
        sink.batch.set(files.localOrig, sender.isPrivate)
        sink.batch.set(files.isOrig, isOriginator)
        sink.batch.set(files.seenBytes, seenByteCount)
        sink.batch.set(files.totalBytes, totalByteCount)
        sink.batch.set(files.missingBytes, missingByteCount)
        sink.batch.set(files.overflowBytes, 0)
        sink.batch.set(files.timedout, false)
        sink.batch.set(files.md5, digests?.md5)
        sink.batch.set(files.sha1, digests?.sha1)
        sink.batch.set(files.sha256, digests?.sha256)
        if seenByteCount > 0 { sink.batch.set(files.entropy, histogram.entropy) }
        sink.end()
    }
}
