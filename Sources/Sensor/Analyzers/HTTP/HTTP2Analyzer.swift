internal import Shared

/// HTTP/2 in clear text with prior knowledge (RFC 9113 section 3.3): recognised by its preface and counted only.
struct HTTP2Analyzer: ProtocolAnalyzer {
    static let service: StaticString = "http2"

    private static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    init() {}

    /// The preface of section 3.4.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if payload.starts(with: preface) { return .match }
        return payload.starts(with: "PRI * HTTP/2") && payload.byteCount < preface.utf8CodeUnitCount
            ? .needMore : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress { .finished }
}
