internal import Shared

/// An analyzer that gives a connection the name of its protocol and reads no further.
protocol NamingAnalyzer: ProtocolAnalyzer {}

extension NamingAnalyzer {
    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress { .finished }
}
