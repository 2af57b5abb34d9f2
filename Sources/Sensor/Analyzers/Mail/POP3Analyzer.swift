internal import Shared

/// POP3 (RFC 1939): named, and handed over to TLS after STLS (RFC 2595 §4).
struct POP3Analyzer: ProtocolAnalyzer {
    static let service: StaticString = "pop3"

    private var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    private var asksForTLS = false
    private var isTLS = false

    init() {}

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        payload.starts(with: "+OK") ? .match : payload.byteCount < 3 ? .needMore : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        var reader = StreamLines()
        swap(&reader, &lines[side])
        do throws(DecodeError) {
            try reader.append(payload) { line throws(DecodeError) -> Bool in
                if side == .originator {
                    self.asksForTLS = HTTPText.equals(line, "stls")
                } else if self.asksForTLS {
                    self.isTLS = line.starts(with: "+OK")
                    self.asksForTLS = false
                }
                return !self.isTLS
            }
        } catch {
            // Lines of mails may be longer than any reply.
            reader.reset()
        }
        lines[side] = reader
        return isTLS ? .handOver : .wantMore
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lines[side].reset()
        return .wantMore
    }
}
