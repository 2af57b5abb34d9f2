internal import Shared

/// rlogin (RFC 1282): the names that it opens with, and whether they were let in.
struct RloginAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "rlogin"

    /// Longest opening: names and terminals are short.
    private static let openingLimit = 256

    private var opening = StreamBuffer()
    private var isOpen = false
    private var dialogue = LoginDialogue()

    init() {}

    /// Section 2: NUL, the name at the client, the name at the server, terminal and speed, each with a NUL behind.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard side == .originator, (try? payload.byte(at: 0)) == 0, payload.byteCount <= openingLimit else {
            return .noMatch
        }
        guard payload.byteCount > 1 else { return .needMore }
        var start = 1
        for _ in 0..<3 {
            let end = payload.firstIndex(of: 0, from: start) ?? payload.byteCount
            let text = payload.extracting(start..<end)
            guard (1...64).contains(text.byteCount), text.withUnsafeBytes({ WireText.isPrintable($0) }) else {
                return .noMatch
            }
            guard end < payload.byteCount else { return .needMore }
            start = end + 1
        }
        guard start == payload.byteCount, let slash = payload.firstIndex(of: 0x2F),
            HTTPText.decimal(payload.extracting(Swift.min(slash + 1, start - 1)..<(start - 1))) != nil
        else { return .noMatch }
        return .match
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if side == .originator, !isOpen {
            try opening.append(payload, limit: Self.openingLimit)
            let parts = opening.bytes.split(separator: 0, omittingEmptySubsequences: false)
            guard parts.count >= 5 else { return .wantMore }
            isOpen = true
            dialogue.begin(user: parts[2].wireText, clientUser: parts[1].wireText, at: sink.now)
            return .wantMore
        }
        for index in 0..<payload.byteCount {
            let byte = try payload.byte(at: index)
            if side == .originator {
                dialogue.type(byte, at: sink.now)
            } else if !dialogue.show(byte, service: Self.service, into: &sink) {
                return .finished
            }
        }
        guard side == .responder else { return .wantMore }
        return dialogue.pause(service: Self.service, at: sink.now, into: &sink) ? .wantMore : .finished
    }

    mutating func finish(into sink: inout RecordSink) { dialogue.finish(service: Self.service, into: &sink) }
}
