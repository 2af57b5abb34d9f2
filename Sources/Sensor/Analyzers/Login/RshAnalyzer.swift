internal import Shared

/// rsh (BSD's shell service): who ran what as whom, and whether the server let it.
struct RshAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "rsh"

    private static let reservedPorts: UInt32 = 1024

    private var command = RemoteCommand()

    init() {}

    var heldBytes: Int { command.heldBytes }

    /// With a reserved port for errors, or none; rlogin begins like the latter.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        let answer = RemoteCommand.probe(payload, from: side) { $0 ?? 0 < reservedPorts }
        return answer == .match && RloginAnalyzer.probe(payload, from: side) == .match ? .noMatch : answer
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        command.take(
            payload, from: side, isPasswordSecond: Self.isRexec(sink), Self.isRexec(sink) ? "rexec" : Self.service,
            into: &sink) ? .wantMore : .finished
    }

    /// Without a port for errors rexec looks the same. Servers of rsh serve reserved ports only (rshd(8)): from others,
    /// the second text must be taken for a password.
    private static func isRexec(_ sink: RecordSink) -> Bool {
        UInt32(sink.connection.originatorPort) >= reservedPorts
    }

    mutating func finish(into sink: inout RecordSink) {
        command.finish(
            isPasswordSecond: Self.isRexec(sink), Self.isRexec(sink) ? "rexec" : Self.service, into: &sink)
    }
}
