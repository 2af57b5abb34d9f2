internal import Shared

/// Stratum, by which miners of currencies talk to their pools: JSON in lines, in the words of Bitcoin (`mining.*`),
/// Ethereum (`eth_*`) and Monero (`login`). One record a login, and one for a connection whose login was not seen.
struct StratumAnalyzer: LineAnalyzer {
    static let service: StaticString = "stratum"

    /// Bytes of the first line that are looked at to recognise it.
    private static let probeLimit = 1024
    /// Logins of one connection that are told; a proxy has one for each of its miners.
    private static let recordLimit = 256

    /// Logins that wait for their answer; each further one tells the oldest.
    private static let pendingLimit = 16

    private struct Login: Sendable {
        /// The number or text that its answer repeats.
        let id: String?
        let time: Timestamp
        let method: StaticString
        var user: String?
        var worker: String?
    }

    var lines = PerSide(originator: StreamLines(), responder: StreamLines())
    private var agent: String?
    private var pending: [Login] = []
    private var firstMethod: StaticString?
    private var firstTime = Timestamp.distantPast
    private var recordsLeft = recordLimit

    init() {}

    var heldBytes: Int {
        pending.reduce(lines.heldBytes) {
            $0 + MemoryLayout<Login>.stride + $1.id.weight + $1.user.weight + $1.worker.weight
        }
    }

    /// Methods that only miners and pools have.
    private static let methods: [StaticString] = [
        "\"mining.subscribe\"", "\"mining.authorize\"", "\"mining.configure\"", "\"mining.extranonce.subscribe\"",
        "\"mining.notify\"", "\"mining.set_difficulty\"", "\"mining.submit\"", "\"eth_submitLogin\"",
        "\"eth_submitWork\"", "\"eth_submitHashrate\"", "\"eth_getWork\"",
    ]

    /// A line of JSON that names such a method, or a login or a job in Monero's words.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.starts(with: "{") else { return payload.byteCount == 0 ? .needMore : .noMatch }
        let line = payload.extracting(first: probeLimit)
        let hasMethod = line.firstIndex(of: "\"method\"") != nil
        if hasMethod, method(line) != nil || isLogin(line) || isJob(line) { return .match }
        // A request may come in pieces.
        return line.byteCount < probeLimit && line.firstIndex(of: 0x0A) == nil ? .needMore : .noMatch
    }

    private static func method(_ line: RawSpan) -> StaticString? {
        for method in methods where line.firstIndex(of: method) != nil { return method }
        return nil
    }

    private static func isLogin(_ line: RawSpan) -> Bool {
        line.firstIndex(of: "\"params\"") != nil && line.firstIndex(of: "\"pass\"") != nil
            && line.firstIndex(of: "\"login\":") != nil
    }

    private static func isJob(_ line: RawSpan) -> Bool {
        line.firstIndex(of: "\"job\"") != nil && line.firstIndex(of: "\"blob\"") != nil
            && line.firstIndex(of: "\"job_id\"") != nil
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        // Jobs may be longer than any login.
        readShortLines(payload, from: side, into: &sink)
        return .wantMore
    }

    mutating func takeLine(_ line: RawSpan, from side: Side, into sink: inout RecordSink) -> Bool {
        if side == .originator {
            takeRequest(line, into: &sink)
        } else {
            takeAnswer(line, into: &sink)
        }
        return true
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        lines[side].reset()
        // What comes next may answer something else.
        writePending(into: &sink)
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        if pending.isEmpty, recordsLeft == Self.recordLimit, let firstMethod {
            pending = [Login(id: nil, time: firstTime, method: firstMethod)]
        }
        writePending(into: &sink)
    }

    private mutating func takeRequest(_ line: RawSpan, into sink: inout RecordSink) {
        let method = Self.method(line)
        note(method ?? "\"login\"", at: sink.now)
        switch method.map({ "\($0)" }) {
        case "\"mining.subscribe\"": agent = StratumText.parameter(line) ?? agent
        case "\"mining.authorize\"":
            begin("mining.authorize", StratumText.parameter(line), nil, line, into: &sink)
        case "\"eth_submitLogin\"":
            let worker = StratumText.value(line, of: "\"worker\"")
            begin("eth_submitLogin", StratumText.parameter(line), worker, line, into: &sink)
        case nil where Self.isLogin(line):
            agent = StratumText.value(line, of: "\"agent\"")
            let user = StratumText.value(line, of: "\"login\"")
            let worker = StratumText.value(line, of: "\"rigid\"")
            begin("login", user, worker, line, into: &sink)
        default: break
        }
    }

    private mutating func takeAnswer(_ line: RawSpan, into sink: inout RecordSink) {
        if let method = Self.method(line) { return note(method, at: sink.now) }
        guard !pending.isEmpty else { return }
        let answer = StratumMembers(line)
        let isError = answer.error.map { !StratumText.isWord(line, at: $0, "null") } ?? false
        guard isError || answer.result != nil, let index = pending.firstIndex(where: { $0.id == answer.id(line) })
        else { return }
        let isRefused = answer.result.map {
            StratumText.isWord(line, at: $0, "false") || StratumText.isWord(line, at: $0, "null")
        }
        write(pending.remove(at: index), success: !isError && isRefused != true, into: &sink)
    }

    private mutating func note(_ method: StaticString, at now: Timestamp) {
        if firstMethod == nil { (firstMethod, firstTime) = (method, now) }
    }

    private mutating func begin(
        _ method: StaticString, _ user: String?, _ worker: String?, _ line: RawSpan, into sink: inout RecordSink
    ) {
        if pending.count >= Self.pendingLimit { write(pending.removeFirst(), success: nil, into: &sink) }
        let id = StratumMembers(line).id(line)
        pending.append(Login(id: id, time: sink.now, method: method, user: user, worker: worker))
    }

    private mutating func writePending(into sink: inout RecordSink) {
        for login in pending { write(login, success: nil, into: &sink) }
        pending = []
    }

    private mutating func write(_ login: Login, success: Bool?, into sink: inout RecordSink) {
        guard recordsLeft > 0 else { return }
        recordsLeft -= 1
        let stratum = Records.stratum
        sink.begin(stratum, at: login.time)
        sink.batch.set(stratum.method, "\(login.method)".filter { $0 != "\"" })
        sink.batch.set(stratum.user, login.user)
        sink.batch.set(stratum.worker, login.worker)
        sink.batch.set(stratum.agent, agent)
        sink.batch.set(stratum.success, success)
        sink.end()
    }
}

/// Where the values of a line's own members lie that tell an answer: those of members inside of them are others'.
private struct StratumMembers {
    /// Bytes of an identifier that are compared: a number, or a text that is hardly longer.
    private static let idLimit = 64

    /// Behind the key.
    private(set) var result, error: Int?
    private var id: Int?

    init(_ line: RawSpan) {
        var (depth, offset) = (0, 0)
        while let byte = try? line.byte(at: offset) {
            switch byte {
            case 0x22:
                let start = offset
                offset = Self.endOfText(line, from: start + 1)
                if depth == 1 { take(line, key: start..<Swift.min(offset + 1, line.byteCount)) }
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D: depth -= 1
            default: break
            }
            offset += 1
        }
    }

    /// The quotation mark that ends a text, or the end of the line.
    private static func endOfText(_ line: RawSpan, from start: Int) -> Int {
        var offset = start
        while let byte = try? line.byte(at: offset), byte != 0x22 { offset += byte == 0x5C ? 2 : 1 }
        return Swift.min(offset, line.byteCount)
    }

    /// Notes a text as a key, when a colon follows.
    private mutating func take(_ line: RawSpan, key: Range<Int>) {
        let value = StratumText.passBlanks(line, from: key.upperBound)
        guard line.extracting(key.upperBound..<value).firstIndex(of: 0x3A) != nil else { return }
        let text = line.extracting(key)
        if HTTPText.equals(text, "\"id\"") { id = value }
        if HTTPText.equals(text, "\"result\"") { result = value }
        if HTTPText.equals(text, "\"error\"") { error = value }
    }

    /// The identifier, without its quotation marks; nil without one.
    func id(_ line: RawSpan) -> String? {
        guard let id else { return nil }
        let value = line.extracting(droppingFirst: id).extracting(first: Self.idLimit)
        let end = [0x2C, 0x7D, 0x20].compactMap { value.firstIndex(of: $0) }.min() ?? value.byteCount
        return value.extracting(0..<end).text().filter { $0 != "\"" }
    }
}

/// Finds texts in a line of JSON (RFC 8259) without reading all of it.
enum StratumText {
    /// Bytes of a text that records show; wallets have about a hundred.
    private static let limit = 256

    /// The text behind a key and its colon; nil when it is empty or something else.
    /// - Parameter key: in its quotation marks. A value may say the same: only what a colon follows is a key.
    static func value(_ line: RawSpan, of key: StaticString) -> String? {
        var offset = 0
        while let index = line.firstIndex(of: key, from: offset) {
            offset = index + key.utf8CodeUnitCount
            let colon = passBlanks(line, from: offset)
            if line.extracting(offset..<colon).firstIndex(of: 0x3A) != nil { return string(line, from: colon) }
        }
        return nil
    }

    /// The first of the parameters, when it is a text.
    static func parameter(_ line: RawSpan) -> String? {
        guard let key = line.firstIndex(of: "\"params\""), let list = line.firstIndex(of: 0x5B, from: key + 8) else {
            return nil
        }
        return string(line, from: list + 1)
    }

    /// Whether a word (`true`, `null`) stands behind blanks and a colon.
    static func isWord(_ line: RawSpan, at offset: Int, _ word: StaticString) -> Bool {
        let start = passBlanks(line, from: offset)
        return start <= line.byteCount && line.extracting(droppingFirst: start).starts(with: word)
    }

    private static func string(_ line: RawSpan, from offset: Int) -> String? {
        let start = passBlanks(line, from: offset)
        guard (try? line.byte(at: start)) == 0x22 else { return nil }
        let end = line.firstIndex(of: 0x22, from: start + 1) ?? line.byteCount
        let text = line.extracting((start + 1)..<end).extracting(first: limit)
        return text.byteCount == 0 ? nil : text.text()
    }

    fileprivate static func passBlanks(_ line: RawSpan, from offset: Int) -> Int {
        var start = offset
        while let byte = try? line.byte(at: start), byte == 0x20 || byte == 0x3A || byte == 0x09 { start += 1 }
        return start
    }
}
