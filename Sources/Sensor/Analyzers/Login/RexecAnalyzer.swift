internal import Shared

/// rexec (BSD's exec service): who ran what, and whether the server let it. The password is not kept.
struct RexecAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "rexec"

    private var command = RemoteCommand()

    init() {}

    var heldBytes: Int { command.heldBytes }

    /// With a port for errors that is not reserved: with another, or none, it is told as rsh is.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        RemoteCommand.probe(payload, from: side) { $0 ?? 0 >= 1024 }
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        command.take(payload, from: side, isPasswordSecond: true, Self.service, into: &sink) ? .wantMore : .finished
    }

    mutating func finish(into sink: inout RecordSink) {
        command.finish(isPasswordSecond: true, Self.service, into: &sink)
    }
}
