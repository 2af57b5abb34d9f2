internal import Shared

/// FTP's data connection (RFC 959 §3.2): a file or a listing, from whichever end sends.
///
/// It has no bytes of its own to be recognised by: ``FTPAnalyzer`` says which connection is one.
struct FTPDataAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "ftp-data"

    private let number: DataChannels.Number
    private var file: FileStream?
    /// Bytes that were lost in front of the first that were seen.
    private var lost = PerSide(originator: 0, responder: 0)

    init() { self.init(transfer: 0) }

    /// - Parameter number: what was agreed upon for this connection.
    init(transfer number: DataChannels.Number) { self.number = number }

    var heldBytes: Int { file?.heldBytes ?? 0 }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult { .noMatch }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let isOriginator = side == .originator
        if file == nil {
            let transfer = sink.memories.ftpDataChannels[number]
            var begun = FileStream(
                source: "FTP_DATA", filename: transfer?.filename, isOriginator: isOriginator, into: &sink)
            if let restart = transfer?.restart, restart > 0 { begun.gap(Int(clamping: restart)) }
            sink.memories.ftpDataChannels[number]?.fuid = begun.fuid
            file = begun
            if lost[side] > 0 { file?.gap(lost[side]) }
        }
        guard file?.isOriginator == isOriginator else { return .wantMore }
        let wasKnown = file?.mimeType != nil
        file?.append(payload, at: sink.now)
        // The control connection tells of the transfer before this one has ended.
        if !wasKnown { sink.memories.ftpDataChannels[number]?.mimeType = file?.typeSoFar }
        return .wantMore
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lose(byteCount, of: side)
        if file?.isOriginator == (side == .originator) { file?.gap(byteCount) }
        return .wantMore
    }

    /// Notes bytes that were lost in front of the first that were seen.
    mutating func lose(_ byteCount: Int, of side: Side) {
        if file == nil { lost[side] += byteCount }
    }

    /// The end of the connection is that of the file (RFC 959 §3.4): one that is reset lacks its rest, and one that the
    /// server says was aborted (§5.4, 426).
    mutating func finish(into sink: inout RecordSink) {
        if let sender = file?.isOriginator {
            file?.isCutOff =
                sink.connection.isCutOff[sender ? .originator : .responder]
                || sink.memories.ftpDataChannels[number]?.isBroken == true
        }
        file?.finish(into: &sink)
    }
}
