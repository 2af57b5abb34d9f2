internal import Shared

/// The daemon of rsync (rsyncd protocol): both sides begin with its name and a version. Logins to its modules are told;
/// what goes over the wire behind them is not read.
struct RsyncAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "rsync"

    /// A module asks who is there.
    private struct Login {
        let time: Timestamp
        let client: Side
        var user: String?
    }

    /// Bytes of one side within which the server lets the client in or does not: greetings may be long.
    private static let openingLimit = 64 << 10
    private static let userLimit = 256
    private static let messageLimit = 256

    private var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    private var seen = PerSide(originator: 0, responder: 0)
    private var login: Login?
    private var verdict = Progress.wantMore

    init() {}

    var heldBytes: Int { lines.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.starts(with: "@RSYNCD: ") else {
            return payload.byteCount < 9 && payload.starts(with: "@") ? .needMore : .noMatch
        }
        guard let digit = try? payload.byte(at: 9) else { return .needMore }
        return (0x30...0x39).contains(digit) ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        seen[side] += payload.byteCount
        var reader = lines.take(side, leaving: StreamLines())
        do throws(DecodeError) {
            try reader.append(payload) { line throws(DecodeError) -> Bool in
                take(line, from: side, into: &sink)
                if case .wantMore = verdict { return true }
                return false
            }
            lines[side] = reader
        } catch {
            // No line of an opening is that long.
            verdict = .finished
        }
        if seen[side] > Self.openingLimit { verdict = .finished }
        if case .finished = verdict { finish(into: &sink) }
        return verdict
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        finish(into: &sink)
        return .finished
    }

    mutating func finish(into sink: inout RecordSink) { end(success: nil, message: nil, into: &sink) }

    private mutating func take(_ line: RawSpan, from side: Side, into sink: inout RecordSink) {
        if line.starts(with: "@RSYNCD: AUTHREQD ") {
            login = Login(time: sink.now, client: side.other)
        } else if side == login?.client {
            // The user, a blank, and the answer to the server's challenge.
            guard login?.user == nil, let blank = line.firstIndex(of: 0x20), blank > 0 else { return }
            login?.user = line.extracting(0..<blank).extracting(first: Self.userLimit).text()
        } else if line.starts(with: "@RSYNCD: OK") {
            end(success: true, message: nil, into: &sink)
            verdict = .finished
        } else if line.starts(with: "@ERROR") {
            let text = line.extracting(droppingFirst: Swift.min(8, line.byteCount))
            end(success: false, message: text.extracting(first: Self.messageLimit).text(), into: &sink)
            verdict = .finished
        } else if line.starts(with: "@RSYNCD: EXIT") {
            verdict = .finished
        }
    }

    private mutating func end(success: Bool?, message: String?, into sink: inout RecordSink) {
        guard let ended = login else { return }
        login = nil
        let attempt = LoginAttempt(time: ended.time, user: ended.user, success: success, message: message?.nilIfEmpty)
        attempt.write(Self.service, into: &sink)
    }
}
