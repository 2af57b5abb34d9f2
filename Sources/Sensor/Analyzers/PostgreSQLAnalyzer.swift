internal import Shared

/// PostgreSQL's protocol 3 (PostgreSQL documentation, "Frontend/Backend Protocol"): logins and queries with their
/// outcome, as Zeek tells them. What follows an agreed request for TLS is handed over; passwords are passed over.
struct PostgreSQLAnalyzer: FramedAnalyzer, ReversibleAnalyzer {
    static let service: StaticString = "postgresql"

    /// Longest message that is read whole; of a longer one, the beginning. Servers refuse startups over 10,000 bytes.
    static let frameLimit = 16_384
    /// Messages are shorter than PostgreSQL's largest value, 1 GiB, and a little.
    private static let lengthLimit = 1 << 30 + 1 << 16
    /// Longest name of a prepared statement: the server cuts those of more than 63 bytes.
    private static let nameLimit = 64
    /// Statements whose first execution is told between two of the server's answers, and other executions that are:
    /// each takes nine bytes, and shows a text of many.
    private static let executionLimit = 64
    private static let repetitionLimit = 16
    /// The server counts as originator, as in a connection that was picked up in its middle.
    private(set) var isReversed: Bool?
    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    private var isStarted = false
    /// A request for encryption waits for its answer of one byte.
    private var awaitsEncryption = false
    private var user, database, application: String?
    private var requests = PostgreSQLRequests()
    private var statements = PostgreSQLStatements()
    /// The statement that was told last and its text, and whether Sync has followed.
    private var statement: String?
    private var statementText: String?
    private var isSynced = false
    /// Statements whose execution was told since the server was ready last, and other executions that were.
    private var executed: Set<String> = []
    private var repetitionCount = 0
    private(set) var verdict = Progress.wantMore
    /// One of the statements that wait is hidden: any error may repeat it, whichever it is told with.
    private var hidesErrors = false

    init() {}

    var heldBytes: Int {
        streams.heldBytes + statements.heldBytes + requests.heldBytes + executed.count * Self.nameLimit
    }

    /// A startup of version 3 that names a user, or a request to encrypt, whose numbers no version has. In the middle
    /// of a session, queries and what ends an answer.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if PostgreSQLResumption.sender(of: payload) != nil { return .match }
        guard let length = try? payload.readBE(at: 0, as: UInt32.self), length >= 8, length <= 10_000 else {
            return .noMatch
        }
        guard let code = try? payload.readBE(at: 4, as: UInt32.self) else { return .noMatch }
        // What is to be cancelled: a process and its key of 4 bytes, since version 3.2 of up to 256.
        if code == Request.cancel { return length >= 16 && Int(length) == payload.byteCount ? .match : .noMatch }
        if code == Request.ssl || code == Request.gss { return length == 8 ? .match : .noMatch }
        guard code >> 16 == 3, code & 0xFFFF <= 2 else { return .noMatch }
        // Long names may not fit into one segment.
        if Int(length) > payload.byteCount { return side == .originator ? .needMore : .noMatch }
        guard Int(length) == payload.byteCount else { return .noMatch }
        let parameters = payload.extracting(droppingFirst: 8)
        return HTTPText.contains(parameters.extracting(first: 512), "user\0") ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if !isStarted { pickUp(payload, from: side) }
        try takeFrames(of: payload, from: role(of: side), into: &sink)
        return verdict
    }

    /// Begins with a session whose beginning was not seen: who the user is is not known then.
    private mutating func pickUp(_ payload: RawSpan, from side: Side) {
        guard let sender = PostgreSQLResumption.sender(of: payload) else { return }
        (isStarted, isReversed) = (true, sender != side)
        streams = PerSide(originator: FramedStream(), responder: FramedStream())
        statements.lose()
    }

    func beginsFrame(_ segment: RawSpan, from side: Side) -> Bool { PostgreSQLResumption.begins(segment, from: side) }

    /// Messages begin with a type, but those of a client that has not started, and the answer to a request to encrypt.
    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        if side == .responder, awaitsEncryption, !bytes.starts(with: "E") { return 1 }
        let header = side == .originator && !isStarted ? 0 : 1
        guard let length = try? Int(bytes.readBE(at: header, as: UInt32.self)) else { return 0 }
        guard length >= 4, length <= Self.lengthLimit else { throw .invalid(.length) }
        return header + length
    }

    mutating func takeFrame(_ message: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        if side == .originator {
            try takeFrontend(message, into: &sink)
        } else {
            try takeBackend(message, into: &sink)
        }
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let side = role(of: side)
        if streams[side].lose(byteCount) { return .wantMore }
        finish(into: &sink)
        guard isStarted, !awaitsEncryption else { return .finished }
        streams[side].loseMessage()
        statements.lose()
        executed.removeAll()
        repetitionCount = 0
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        for request in requests.removeAll() { tell(request, into: &sink) }
    }

    private func tell(_ action: PostgreSQLAction, into sink: inout RecordSink) {
        let record = Records.postgresql
        sink.begin(record, at: action.time)
        sink.batch.set(record.user, user)
        sink.batch.set(record.database, database)
        sink.batch.set(record.applicationName, application)
        if let frontend = action.frontend { sink.batch.set(record.frontend, name: frontend) }
        sink.batch.set(record.frontendArg, action.query)
        sink.batch.set(record.backend, action.backend.nilIfEmpty)
        sink.batch.set(record.backendArg, action.backendArgument.nilIfEmpty)
        sink.batch.set(record.success, action.success)
        sink.batch.set(record.rows, action.rows)
        sink.end()
    }

    // MARK: the client

    /// Numbers in the place of a version that stand for requests.
    private enum Request {
        static let cancel: UInt32 = 80_877_102
        static let ssl: UInt32 = 80_877_103
        static let gss: UInt32 = 80_877_104
    }

    private mutating func takeFrontend(_ message: RawSpan, into sink: inout RecordSink) throws(DecodeError) {
        guard isStarted else { return try takeStartup(message, into: &sink) }
        switch try message.byte(at: 0) {
        case 0x51:  // Q
            begin("simple_query", query: Self.shown(message.extracting(droppingFirst: 5)), into: &sink)
            end(ofQuery: true)
        case 0x50:  // P: Parse, a name in front of the query
            guard let end = message.firstIndex(of: 0, from: 5) else { return requests.expect() }
            let text = Self.shown(message.extracting(droppingFirst: end + 1))
            begin("parse", query: text, into: &sink)
            requests.expect()
            let name = message.extracting(5..<end).extracting(first: Self.nameLimit).text()
            statements.prepare(name, text: text)
            (statement, statementText, isSynced) = (name, text, false)
        case 0x42:  // B
            takeBind(message, into: &sink)
            requests.expect()
        case 0x43: takeClose(message)  // C
        case 0x45: requests.expect()  // E: Execute
        case 0x46: end(ofQuery: true)  // F: a function is called
        case 0x53:  // S: Sync
            end(ofQuery: false)
            isSynced = true
        case 0x63, 0x66:  // c, f
            statements.endCopy()
            requests.reopen()
        case 0x58:  // X
            begin("terminate", query: nil, into: &sink)
            finish(into: &sink)
        default: break
        }
    }

    private static func shown(_ query: RawSpan) -> String {
        QueryText.shown(query.extracting(first: query.firstIndex(of: 0) ?? query.byteCount))
    }

    /// Close: S and the name of a statement, or P and that of a portal.
    private mutating func takeClose(_ message: RawSpan) {
        guard let kind = try? message.byte(at: 5), let end = message.firstIndex(of: 0, from: 6) else { return }
        let name = message.extracting(6..<end).extracting(first: Self.nameLimit).text()
        statements.close(kind == 0x53 ? name : nil)
    }

    /// Bind: a portal's name and that of the statement. One that was prepared before is executed again; of many in a
    /// row, which no answer parts, one is told, and of several statements in turn each, and a few more.
    private mutating func takeBind(_ message: RawSpan, into sink: inout RecordSink) {
        guard let portal = message.firstIndex(of: 0, from: 5), let end = message.firstIndex(of: 0, from: portal + 1)
        else { return }
        let name = message.extracting((portal + 1)..<end).extracting(first: Self.nameLimit).text()
        let isAgain = !requests.isEmpty && statement == name
        if isAgain && !isSynced { return }
        let text = statements.text(of: name)
        let shown = text ?? name.nilIfEmpty
        guard !isExhausted(name), !(isAgain && statementText == shown),
            mayTellExecution(of: name, isKnown: text != nil)
        else { return requests.beginUntold() }
        begin("execute", query: shown, into: &sink)
        (statement, statementText, isSynced) = (name, shown, false)
    }

    /// No other execution of a statement is told, whatever its text.
    private func isExhausted(_ name: String) -> Bool {
        repetitionCount >= Self.repetitionLimit && (executed.count >= Self.executionLimit || executed.contains(name))
    }

    private mutating func mayTellExecution(of name: String, isKnown: Bool) -> Bool {
        if isKnown, executed.count < Self.executionLimit, executed.insert(name).inserted { return true }
        guard repetitionCount < Self.repetitionLimit else { return false }
        repetitionCount += 1
        return true
    }

    private mutating func begin(_ frontend: StaticString, query: String?, into sink: inout RecordSink) {
        statement = nil
        var action = PostgreSQLAction(time: sink.now, frontend: frontend)
        if let query {
            (action.query, action.rowCount) = (query, 0)
            if QueryText.isHidden(query) { hidesErrors = true }
        }
        if let oldest = requests.begin(action) { tell(oldest, into: &sink) }
    }

    /// The client has sent all that the server answers before it is ready again.
    private mutating func end(ofQuery isQuery: Bool) {
        statements.end(ofQuery: isQuery)
        requests.end(isQuery: isQuery)
    }

    private mutating func takeStartup(_ message: RawSpan, into sink: inout RecordSink) throws(DecodeError) {
        let code = try message.readBE(at: 4, as: UInt32.self)
        switch code {
        case Request.ssl, Request.gss:
            begin(code == Request.ssl ? "ssl_request" : "gssenc_request", query: nil, into: &sink)
            awaitsEncryption = true
        case Request.cancel:
            // Has no answer, and no user: the key tells which connection is meant.
            begin("cancel_request", query: nil, into: &sink)
            finish(into: &sink)
            verdict = .finished
        default:
            guard code >> 16 == 3 else { throw .invalid(.version) }
            begin("startup", query: nil, into: &sink)
            takeParameters(message.extracting(droppingFirst: 8))
            isStarted = true
            end(ofQuery: false)
        }
    }

    /// Names and values, each ended by a zero; bounded by the longest message.
    private mutating func takeParameters(_ parameters: RawSpan) {
        var start = 0
        while let end = parameters.firstIndex(of: 0, from: start), end > start,
            let last = parameters.firstIndex(of: 0, from: end + 1)
        {
            let name = parameters.extracting(start..<end)
            let value = parameters.extracting((end + 1)..<last)
            if HTTPText.equals(name, "user") {
                user = value.text()
            } else if HTTPText.equals(name, "database") {
                database = value.text()
            } else if HTTPText.equals(name, "application_name") {
                application = value.text()
            }
            start = last + 1
        }
    }

    // MARK: the server

    private mutating func takeBackend(_ message: RawSpan, into sink: inout RecordSink) throws(DecodeError) {
        let type = try message.byte(at: 0)
        if awaitsEncryption, message.byteCount == 1 { return takeEncryption(type, into: &sink) }
        awaitsEncryption = false
        switch type {
        case 0x52: takeAuthentication(try message.readBE(at: 5, as: UInt32.self), at: sink.now)  // R
        case 0x45:  // E
            requests.current(at: sink.now) { $0.add(backend: "error") }
            takeFields(message.extracting(droppingFirst: 5), at: sink.now)
            for action in requests.takeFailed() { tell(action, into: &sink) }
        case 0x4E: takeFields(message.extracting(droppingFirst: 5), at: sink.now)  // N
        case 0x44:  // D
            requests.current(at: sink.now, isTold: false) { $0.rowCount = ($0.rowCount ?? 0) &+ 1 }
        case 0x5A:  // Z: ready for the next query; idle, in a transaction or in a failed one
            executed.removeAll(keepingCapacity: true)
            repetitionCount = 0
            statements.ready()
            let status = try message.byte(at: 5)
            for action in requests.ready(isHealthy: status == 0x49 || status == 0x54) { tell(action, into: &sink) }
            if requests.isEmpty { hidesErrors = false }
        case 0x31:  // 1
            statements.take(prepared: true)
            requests.answer()
        case 0x32, 0x49, 0x73: requests.answer()  // 2, I, s
        case 0x33: statements.take(prepared: false)  // 3
        case 0x43:  // C: a command is complete
            let command = message.extracting(droppingFirst: 5)
            let frees = HTTPText.hasPrefix(command, "deallocate") || HTTPText.hasPrefix(command, "discard all")
            if frees { statements.forgetAll() }
            requests.answer()
        case 0x47: statements.beginCopy()  // G
        default: break
        }
    }

    private mutating func takeEncryption(_ answer: UInt8, into sink: inout RecordSink) {
        awaitsEncryption = false
        let isAccepted = answer == 0x53 || answer == 0x47
        requests.current(at: sink.now) { action in
            action.backend = action.frontend?.description == "ssl_request" ? "ssl_reply" : "gssenc_reply"
            action.backendArgument = WireText.character(answer)
            action.success = isAccepted
        }
        finish(into: &sink)
        if isAccepted { verdict = answer == 0x53 ? .handOver : .finished }
    }

    private mutating func takeAuthentication(_ method: UInt32, at now: Timestamp) {
        requests.current(at: now) { action in
            guard method != 0 else {
                action.backend = "auth_ok"
                action.success = true
                return
            }
            action.add(backend: "auth_request")
            action.add(argument: Self.methods[method] ?? "UnknownAuthId\(method)")
        }
    }

    /// The fields of an error or notice: a letter and a text ended by a zero; bounded by the longest message.
    private mutating func takeFields(_ fields: RawSpan, at now: Timestamp) {
        let hidesErrors = hidesErrors
        requests.current(at: now) { action in
            var start = 0
            while let code = try? fields.byte(at: start), code != 0,
                let end = fields.firstIndex(of: 0, from: start + 1)
            {
                let name = Self.fields[code] ?? "UnknownErrorId\(WireText.character(code))"
                let value = fields.extracting((start + 1)..<end)
                let isShown = !Self.isRepeating(code) || !hidesErrors && action.mayRepeat(value)
                action.add(argument: "\(name)=\(isShown ? value.text() : "<hidden>")")
                start = end + 1
            }
        }
    }

    /// Whether a field may repeat parts of a statement: message, detail, hint, where, and a query of the server's own.
    private static func isRepeating(_ code: UInt8) -> Bool { [0x4D, 0x44, 0x48, 0x57, 0x71].contains(code) }

    /// Section "Message Formats", in Zeek's spelling.
    private static let methods: [UInt32: String] = [
        2: "KerberosV5", 3: "CleartextPassword", 5: "MD5Password", 7: "GSSAPI", 8: "GSSAPIContinue", 9: "SSPI",
        10: "SASL", 11: "SASLContinue", 12: "SASLFinal",
    ]
    /// Section "Error and Notice Message Fields", in Zeek's spelling.
    private static let fields: [UInt8: String] = [
        0x53: "SeverityLocalized", 0x56: "Severity", 0x43: "Code", 0x4D: "Message", 0x44: "Detail", 0x48: "Hint",
        0x50: "Position", 0x70: "InternalPosition", 0x71: "InternalQuery", 0x57: "Where", 0x73: "Schema",
        0x74: "Table", 0x63: "Column", 0x64: "Data", 0x6E: "Constraint", 0x46: "File", 0x4C: "Line",
        0x52: "Routine",
    ]
}

extension WireText {
    /// One byte as text, escaped when it is not printable.
    fileprivate static func character(_ byte: UInt8) -> String { [byte].span.bytes.text() }
}
