internal import Shared

/// STOMP 1.0 to 1.2 (stomp.github.io): who logged in to the broker, and whether it let them. Passcodes are not kept,
/// and what is sent is not read.
struct STOMPAnalyzer: BrokerAnalyzer {
    static let service: StaticString = "stomp"

    var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    var login = BrokerLogin()
    private var isRequestWhole = false
    /// The broker's answer is an error, of which the headers come.
    private var isRefused = false

    /// Bytes of a frame in which a header is looked for.
    private static let headLimit = 512
    private static let headers: [StaticString] = [
        "\naccept-version:", "\nlogin:", "\npasscode:", "\nhost:", "\nversion:", "\nsession:", "\nheart-beat:",
        "\nserver:", "\nclient-id:",
    ]

    init() {}

    /// The first frame of a client or of a broker: a command alone in its line, then headers.
    static func probe(_ whole: RawSpan, from side: Side) -> ProbeResult {
        let payload = whole.extracting(droppingFirst: HTTPText.emptyLines(whole))
        if payload.byteCount == 0 { return .needMore }
        let commands: [StaticString] = side == .originator ? ["CONNECT", "STOMP"] : ["CONNECTED"]
        for command in commands where payload.starts(with: command) {
            guard let end = payload.firstIndex(of: 0x0A) else { return payload.byteCount < 12 ? .needMore : .noMatch }
            guard HTTPText.endOfLine(payload.extracting(0..<end)) == command.utf8CodeUnitCount else { continue }
            // With the line end in front of it, a header is told from what says the same in another's value.
            let rest = payload.extracting(droppingFirst: end).extracting(first: headLimit)
            // Version 1.0 may have no headers: the empty line and the frame's end.
            if rest.starts(with: "\n\n\0") || rest.starts(with: "\n\r\n\0") { return .match }
            if headers.contains(where: { rest.firstIndex(of: $0) != nil }) { return .match }
            return rest.byteCount < headLimit && rest.firstIndex(of: 0) == nil ? .needMore : .noMatch
        }
        return .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        do throws(DecodeError) {
            try readLines(payload, from: side, into: &sink)
        } catch {
            // A header of that length is a token to log in with.
            guard side == .originator, login.isOpen else { throw error }
            (login.hasCredentials, isRequestWhole) = (true, true)
        }
        // Behind its headers, nothing of the client's is looked at.
        if side == .originator, isRequestWhole { lines[side].reset() }
        return login.isOver ? .finished : .wantMore
    }

    mutating func takeLine(_ line: RawSpan, from side: Side, into sink: inout RecordSink) -> Bool {
        if side == .originator {
            takeClient(line, at: sink.now)
            return !isRequestWhole
        }
        takeServer(line, into: &sink)
        return !login.isOver
    }

    private mutating func takeClient(_ line: RawSpan, at now: Timestamp) {
        guard !isRequestWhole else { return }
        guard login.isOpen else {
            // Line ends between frames keep the connection open.
            if line.byteCount > 0 { login.begin(at: now) }
            return
        }
        if line.byteCount == 0 {
            isRequestWhole = true
        } else if line.starts(with: "login:"), login.user == nil {
            let user = line.extracting(droppingFirst: 6).extracting(first: 256)
            if user.byteCount > 0 { login.user = user.text() }
            login.hasCredentials = true
        } else if line.starts(with: "passcode:") {
            login.hasCredentials = true
        }
    }

    private mutating func takeServer(_ line: RawSpan, into sink: inout RecordSink) {
        if line.starts(with: "CONNECTED") {
            login.end(Self.service, success: true, message: nil, into: &sink)
        } else if line.starts(with: "ERROR") {
            isRefused = true
        } else if isRefused, line.starts(with: "message:") {
            let text = line.extracting(droppingFirst: 8).extracting(first: 256).text()
            login.end(Self.service, success: false, message: text, into: &sink)
        } else if isRefused, line.byteCount == 0 {
            login.end(Self.service, success: false, message: nil, into: &sink)
        }
    }
}
