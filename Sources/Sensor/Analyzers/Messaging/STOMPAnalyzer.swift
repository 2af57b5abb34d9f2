internal import Shared

/// STOMP 1.0 to 1.2 (stomp.github.io): who logged in to the broker, and whether it let them. Passcodes are not kept,
/// and what is sent is not read.
struct STOMPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "stomp"

    private var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    private var login: NamedLogin?
    /// The client's first frame has a login.
    private var hasCredentials = false
    private var isRequestWhole = false
    private var answer: StaticString?

    init() {}

    var heldBytes: Int { lines.heldBytes }

    /// The first frame of a client or of a broker: a command alone in its line, then headers.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        let commands: [StaticString] = side == .originator ? ["CONNECT", "STOMP"] : ["CONNECTED"]
        for command in commands where payload.starts(with: command) {
            guard let end = payload.firstIndex(of: 0x0A) else { return payload.byteCount < 12 ? .needMore : .noMatch }
            guard HTTPText.endOfLine(payload.extracting(0..<end)) == command.utf8CodeUnitCount else { continue }
            let rest = payload.extracting(droppingFirst: end + 1)
            if rest.byteCount == 0 { return .needMore }
            // Version 1.0 may have no headers: the empty line and the frame's end.
            if rest.starts(with: "\n\0") { return .match }
            let headers: [StaticString] = ["accept-version:", "login:", "passcode:", "host:", "version:", "session:"]
            let known = headers + ["heart-beat:", "server:", "client-id:"]
            return known.contains { rest.starts(with: $0) } ? .match : .noMatch
        }
        return .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        var progress = Progress.wantMore
        var reader = lines.take(side, leaving: StreamLines())
        do throws(DecodeError) {
            try reader.append(payload) { line throws(DecodeError) -> Bool in
                if side == .originator {
                    takeClient(line, at: sink.now)
                    return !isRequestWhole
                }
                progress = takeServer(line, into: &sink)
                if case .wantMore = progress { return true }
                return false
            }
        } catch {
            // A header of that length is a token to log in with.
            guard side == .originator, login != nil else { throw error }
            (hasCredentials, isRequestWhole) = (true, true)
        }
        // Behind its headers, nothing of the client's is looked at.
        if side == .originator, isRequestWhole { reader.reset() }
        lines[side] = reader
        return progress
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lines[side].reset()
        // The answer may be what was lost; what a greeting lacks does not matter.
        guard side == .responder, login != nil else { return .wantMore }
        finish(into: &sink)
        return .finished
    }

    /// A login whose answer was not seen.
    mutating func finish(into sink: inout RecordSink) {
        if hasCredentials { login?.write(Self.service, success: nil, message: nil, into: &sink) }
        login = nil
    }

    private mutating func takeClient(_ line: RawSpan, at now: Timestamp) {
        guard !isRequestWhole else { return }
        guard login != nil else { return login = NamedLogin(time: now) }
        if line.byteCount == 0 {
            isRequestWhole = true
        } else if line.starts(with: "login:"), login?.user == nil {
            let user = line.extracting(droppingFirst: 6).extracting(first: 256)
            if user.byteCount > 0 { login?.user = user.text() }
            hasCredentials = true
        } else if line.starts(with: "passcode:") {
            hasCredentials = true
        }
    }

    private mutating func takeServer(_ line: RawSpan, into sink: inout RecordSink) -> Progress {
        if line.starts(with: "CONNECTED") { return end(success: true, message: nil, into: &sink) }
        if line.starts(with: "ERROR") {
            answer = "ERROR"
            return .wantMore
        }
        guard answer != nil else { return .wantMore }
        if line.starts(with: "message:") {
            let text = line.extracting(droppingFirst: 8).extracting(first: 256).text()
            return end(success: false, message: text, into: &sink)
        }
        return line.byteCount == 0 ? end(success: false, message: nil, into: &sink) : .wantMore
    }

    private mutating func end(success: Bool, message: String?, into sink: inout RecordSink) -> Progress {
        if hasCredentials { login?.write(Self.service, success: success, message: message, into: &sink) }
        login = nil
        return .finished
    }
}
