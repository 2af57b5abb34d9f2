internal import Shared

/// MongoDB's wire protocol (mongodb.com, "MongoDB Wire Protocol"): commands with their outcome, logins among them.
/// Compressed messages are counted only; hellos and logins never are compressed.
struct MongoDBAnalyzer: FramedAnalyzer {
    static let service: StaticString = "mongodb"

    /// Longest message that is read whole; of a longer one, the beginning.
    static let frameLimit = 16_384
    /// Longest message that servers take: 48,000,000 bytes.
    private static let lengthLimit = 48_000_000
    /// Longest name of a collection with its database.
    private static let nameLimit = 255
    /// Commands that may wait for their answer.
    private static let pendingLimit = 64

    private enum Code {
        static let reply: UInt32 = 1
        static let query: UInt32 = 2004
        static let compressed: UInt32 = 2012
        static let message: UInt32 = 2013
    }

    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    private var pending = PendingQueue<MongoDBCommand>(limits: PendingLimits(count: Self.pendingLimit))
    /// The side that asks, as the first message tells: in a connection that was picked up in its middle, that may be an
    /// answer.
    private var client: Side?
    private var hasHello = false
    private var login: SASLUser?

    init() {}

    var heldBytes: Int { streams.heldBytes + pending.heldBytes }

    /// A message whose parts agree: its length, a kind that exists, and a document that begins as one does.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.byteCount >= 8, let length = try? Int(payload.readLE(at: 0, as: UInt32.self)),
            length >= 26, length <= lengthLimit, payload.byteCount <= length
        else { return .noMatch }
        guard let code = try? payload.readLE(at: 12, as: UInt32.self) else {
            // A length is little to go by; sessions begin with short messages.
            return length <= frameLimit ? .needMore : .noMatch
        }
        switch code {
        case Code.message:
            guard let flags = try? payload.readLE(at: 16, as: UInt32.self) else { return .needMore }
            guard flags & ~0x1_0003 == 0 else { return .noMatch }
            guard let kind = try? payload.byte(at: 20) else { return .needMore }
            return kind == 0 ? probe(payload, forDocumentAt: 21, within: length) : .noMatch
        case Code.query:
            // A request answers none: 0, or with some clients -1.
            guard let answered = try? payload.readLE(at: 8, as: UInt32.self), answered == 0 || answered == UInt32.max
            else { return .noMatch }
            guard let end = payload.firstIndex(of: 0, from: 20) else {
                return payload.byteCount - 20 <= nameLimit ? .needMore : .noMatch
            }
            guard let dot = payload.firstIndex(of: 0x2E, from: 20), dot > 20, dot < end, end - 20 <= nameLimit
            else { return .noMatch }
            return probe(payload, forDocumentAt: end + 9, within: length)
        default: return .noMatch
        }
    }

    private static func probe(_ payload: RawSpan, forDocumentAt offset: Int, within length: Int) -> ProbeResult {
        // What ends before the document could begin has none.
        guard offset + 6 <= length else { return .noMatch }
        guard let size = try? Int(payload.readLE(at: offset, as: UInt32.self)) else { return .needMore }
        guard size >= 5, size <= length - offset else { return .noMatch }
        guard let type = try? payload.byte(at: offset + 4) else { return .needMore }
        guard (1...0x13).contains(type) else { return .noMatch }
        guard let first = try? payload.byte(at: offset + 5) else { return .needMore }
        return HTTPText.isLetter(first) || first == 0x24 || first == 0x5F ? .match : .noMatch
    }

    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        guard bytes.byteCount >= 4 else { return 0 }
        let length = Int(try bytes.readLE(at: 0, as: UInt32.self))
        guard length >= 16, length <= Self.lengthLimit else { throw .invalid(.length) }
        return length
    }

    mutating func takeFrame(_ message: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        take(try body(message), message, from: side, into: &sink)
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if streams[side].lose(byteCount) { return .wantMore }
        streams[side].loseMessage()
        // What goes on may be another login, whose beginning was lost.
        if side == client ?? .originator { login = nil }
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) {
        for command in pending.removeAll() { command.write(answer: nil, into: &sink) }
    }

    /// The document of a message, and the database of an OP_QUERY; nil when it has none that can be read.
    private func body(_ message: RawSpan) throws(DecodeError) -> (document: BSONReader, database: String?)? {
        guard message.byteCount > 21 else { return nil }
        let bytes = message.withUnsafeBytes { Array($0) }
        switch try message.readLE(at: 12, as: UInt32.self) {
        // Sections of kind 1 (documents to insert) may stand in front of the command; drivers put it first.
        case Code.message where bytes[20] == 0: return (try BSONReader(bytes[21...]), nil)
        case Code.reply where bytes.count > 36: return (try BSONReader(bytes[36...]), nil)
        case Code.query:
            guard let end = message.firstIndex(of: 0, from: 20), end + 9 < bytes.count else { return nil }
            return (try BSONReader(bytes[(end + 9)...]), bytes[20..<end].prefix { $0 != 0x2E }.wireText)
        default: return nil
        }
    }

    private mutating func take(
        _ body: (document: BSONReader, database: String?)?, _ message: RawSpan, from side: Side,
        into sink: inout RecordSink
    ) {
        guard let body, let id = try? message.readLE(at: 4, as: UInt32.self),
            let answered = try? message.readLE(at: 8, as: UInt32.self)
        else { return }
        if client == nil { client = Self.asks(message, body.document) ? side : side.other }
        guard side == client else {
            guard let index = pending.firstIndex(where: { $0.id == answered }) else { return }
            let answer = MongoDBAnswer(body.document)
            return pending.remove(at: index).write(answer: answer, into: &sink)
        }
        guard var command = MongoDBCommand(body.document, id: id, database: body.database, at: sink.now) else { return }
        note(&command)
        // Monitors say hello every few seconds: once is enough.
        if command.isHello {
            guard !hasHello else { return }
            hasHello = true
        }
        pending.append(command)
        while let oldest = pending.removeExcess() { oldest.write(answer: nil, into: &sink) }
    }

    /// Whether a message is a client's: what answers says which message it answers. A command has its database, which
    /// no answer has, and stays one whatever its header says.
    private static func asks(_ message: RawSpan, _ document: BSONReader) -> Bool {
        guard let code = try? message.readLE(at: 12, as: UInt32.self), code != Code.reply,
            let answered = try? message.readLE(at: 8, as: UInt32.self)
        else { return false }
        if code == Code.query || answered == 0 || answered == UInt32.max { return true }
        var document = document
        for _ in 0..<MongoDBCommand.elementLimit {
            guard let element = try? document.next() else { break }
            if element.isNamed("$db") { return true }
        }
        return false
    }

    /// Gives the steps of a login the user that its first step told.
    private mutating func note(_ command: inout MongoDBCommand) {
        if let mechanism = command.takeSpeculativeMechanism() {
            login = SASLUser(mechanism: mechanism)
            if let payload = command.takePayload() { login?.take(payload) }
            return
        }
        if command.name == "saslStart" { login = SASLUser(mechanism: command.mechanism ?? "") }
        guard let payload = command.takePayload() else { return }
        login?.take(payload)
        command.mechanism = login?.mechanism ?? command.mechanism
        command.user = login?.user
    }
}
