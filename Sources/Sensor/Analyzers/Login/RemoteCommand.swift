internal import Shared

/// How rsh and rexec begin (BSD's rshd(8), rexecd(8)): a port for errors, three texts, each with a NUL behind. Of rsh
/// they are the names at the client and at the server and the command; of rexec name, password and command.
///
/// What tells them apart is the port: rsh takes only reserved ones, rexec's clients have none to give.
struct RemoteCommand: Sendable {
    /// Names and passwords; commands may be as long as the system's arguments.
    private static let nameLimit = 64
    private static let commandLimit = 1024
    private static let openingLimit = 8192
    private static let messageLimit = 256

    private var opening: [UInt8] = []
    private var answer: [UInt8] = []
    private var texts: [ArraySlice<UInt8>] = []
    private var start: Timestamp?

    var heldBytes: Int { opening.capacity + answer.capacity }

    /// Whether an opening lies here, and for which port: nil when it names none.
    static func probe(_ payload: RawSpan, from side: Side, accepts: (UInt32?) -> Bool) -> ProbeResult {
        guard side == .originator else { return .noMatch }
        guard let end = payload.firstIndex(of: 0) else {
            return payload.byteCount <= 5 && isPort(payload) ? .needMore : .noMatch
        }
        let digits = payload.extracting(0..<end)
        guard end <= 5, end == 0 || isPort(digits) else { return .noMatch }
        let port = HTTPText.decimal(digits).flatMap { UInt32(exactly: $0) }
        guard port ?? 0 <= 65_535, accepts(port == 0 ? nil : port) else { return .noMatch }
        var offset = end + 1
        for _ in 0..<2 {
            let stop = payload.firstIndex(of: 0, from: offset) ?? payload.byteCount
            let name = payload.extracting(offset..<stop)
            guard name.byteCount <= nameLimit, name.withUnsafeBytes({ WireText.isPrintable($0) }) else {
                return .noMatch
            }
            guard stop < payload.byteCount else { return .needMore }
            guard name.byteCount > 0 else { return .noMatch }
            offset = stop + 1
        }
        let stop = payload.firstIndex(of: 0, from: offset) ?? payload.byteCount
        let command = payload.extracting(offset..<stop)
        guard command.withUnsafeBytes({ WireText.isPrintable($0) }) else { return .noMatch }
        guard stop < payload.byteCount else { return command.byteCount > commandLimit ? .match : .needMore }
        guard command.byteCount > 0 else { return .noMatch }
        // Without a port there is little to be told by: nothing may follow.
        return port != nil || stop + 1 == payload.byteCount ? .match : .noMatch
    }

    private static func isPort(_ digits: RawSpan) -> Bool {
        digits.withUnsafeBytes { $0.allSatisfy { (0x30...0x39).contains($0) } }
    }

    /// Takes bytes of either side.
    /// - Returns: false when the server has answered and the record is written.
    mutating func take(
        _ payload: RawSpan, from side: Side, isPasswordSecond: Bool, _ service: StaticString,
        into sink: inout RecordSink
    ) -> Bool {
        if side == .originator {
            // What comes behind the command is its input: not read.
            guard texts.isEmpty else { return true }
            payload.withUnsafeBytes { opening.append(contentsOf: $0.prefix(Self.openingLimit - opening.count)) }
            var parts = opening.split(separator: 0, maxSplits: 4, omittingEmptySubsequences: false)
            guard parts.count > 4 || parts.count == 4 && opening.count == Self.openingLimit else { return true }
            if start == nil { start = sink.now }
            parts = Array(parts[1...3])
            // Passwords are not even remembered.
            if isPasswordSecond { parts[1] = [] }
            (texts, opening) = (parts.map { Array($0)[...] }, [])
            return true
        }
        guard !texts.isEmpty else { return true }
        payload.withUnsafeBytes { answer.append(contentsOf: $0.prefix(Self.messageLimit - answer.count)) }
        // A NUL when it runs; else a byte that is not, and a line that says why.
        guard answer.first == 0 || answer.contains(0x0A) || answer.count == Self.messageLimit else { return true }
        write(isPasswordSecond: isPasswordSecond, service, into: &sink)
        return false
    }

    mutating func finish(isPasswordSecond: Bool, _ service: StaticString, into sink: inout RecordSink) {
        if !texts.isEmpty { write(isPasswordSecond: isPasswordSecond, service, into: &sink) }
    }

    private mutating func write(isPasswordSecond: Bool, _ service: StaticString, into sink: inout RecordSink) {
        var attempt = LoginAttempt(time: start ?? sink.now, user: texts[isPasswordSecond ? 0 : 1].wireText)
        if !isPasswordSecond { attempt.clientUser = texts[0].wireText }
        attempt.command = texts[2].prefix(Self.commandLimit).wireText
        if let first = answer.first {
            attempt.success = first == 0
            let line = answer.dropFirst(first == 1 ? 1 : 0).prefix { $0 != 0x0A && $0 != 0x0D }
            if first != 0, !line.isEmpty { attempt.message = line.wireText }
        }
        attempt.write(service, into: &sink)
        texts = []
    }
}
