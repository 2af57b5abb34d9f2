internal import Shared

/// IMAP (RFC 9051): named, and handed over to TLS after STARTTLS (section 6.2.1).
struct IMAPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "imap"

    private var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    /// Tag of a STARTTLS that was not answered.
    private var tag: String?
    private var isTLS = false

    init() {}

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        for greeting in ["* ok", "* preauth", "* bye"] as [StaticString] where HTTPText.hasPrefix(payload, greeting) {
            return .match
        }
        return payload.byteCount < 4 && (payload.byteCount == 0 || payload.starts(with: "*")) ? .needMore : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        var reader = StreamLines()
        swap(&reader, &lines[side])
        do throws(DecodeError) {
            try reader.append(payload) { line throws(DecodeError) -> Bool in
                let words = CommandLine(line)
                if side == .originator {
                    self.tag = words.argument.uppercased() == "STARTTLS" ? words.verb : nil
                } else if let tag = self.tag, words.verb == tag {
                    self.isTLS = words.argument.uppercased().hasPrefix("OK")
                    self.tag = nil
                }
                return !self.isTLS
            }
        } catch {
            // Literals (mails) may have longer lines than any reply.
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
