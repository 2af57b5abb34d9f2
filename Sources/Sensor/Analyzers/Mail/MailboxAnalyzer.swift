internal import Shared

/// What the protocols by which people reach their mails have in common: commands and answers in lines, logins, and the
/// hand-over to TLS.
protocol MailboxAnalyzer: LineAnalyzer {
    /// The server has agreed to TLS.
    var isTLS: Bool { get }
    /// The login that is not answered.
    var login: MailLogin? { get set }
    mutating func takeClient(_ line: RawSpan, into sink: inout RecordSink)
    mutating func takeServer(_ line: RawSpan, into sink: inout RecordSink)
}

extension MailboxAnalyzer {
    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        readShortLines(payload, from: side, into: &sink)
        return isTLS ? .handOver : .wantMore
    }

    mutating func takeLine(_ line: RawSpan, from side: Side, into sink: inout RecordSink) -> Bool {
        if side == .originator {
            takeClient(line, into: &sink)
        } else {
            takeServer(line, into: &sink)
        }
        return !isTLS
    }

    mutating func finish(into sink: inout RecordSink) { login.end(success: nil, reply: nil, into: &sink) }
}
