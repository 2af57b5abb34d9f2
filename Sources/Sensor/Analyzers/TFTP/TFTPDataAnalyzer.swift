internal import Shared

/// TFTP's transfers (RFC 1350 §4): the server answers a request from a port that it chooses, to the port that asked.
///
/// It has nothing of its own to be recognised by: ``TFTPAnalyzer`` says which connection is one.
struct TFTPDataAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "tftp-data"
    static let transports: Transports = .udp

    private var transfer: TFTPTransfer

    init() { self.init(transfer: 0) }

    /// - Parameter number: what was asked for.
    init(transfer number: DataChannels.Number) { transfer = TFTPTransfer(number) }

    var heldBytes: Int { transfer.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult { .noMatch }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        try transfer.take(payload, from: side, into: &sink)
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) { transfer.finish(into: &sink) }
}
