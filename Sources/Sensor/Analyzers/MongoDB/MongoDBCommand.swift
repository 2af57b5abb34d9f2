internal import Shared

/// A command that waits for its answer.
struct MongoDBCommand: Weighed, Sendable {
    let id: UInt32
    private let time: Timestamp
    let name: String
    private var database, collection, application: String?
    var user, mechanism: String?
    private var payload: ArraySlice<UInt8>?
    /// The method of the login that a hello begins.
    private var speculativeMechanism: String?

    /// Elements of a command that are read: what is told stands in front or is near.
    static let elementLimit = 64
    /// Bytes of a name that are kept: MongoDB allows 255.
    private static let nameLimit = 255

    /// - Returns: nil for a document that is no command.
    init?(_ document: BSONReader, id: UInt32, database: String?, at time: Timestamp) {
        (self.id, self.time, self.database) = (id, time, database)
        var document = document
        guard let first = try? document.next(), !first.name.isEmpty, first.name.count <= 64 else { return nil }
        name = first.name.wireText
        collection = first.text.map { String($0.prefix(Self.nameLimit)) }
        for _ in 0..<Self.elementLimit {
            guard let element = try? document.next() else { break }
            take(element)
        }
    }

    var weight: Int {
        MemoryLayout<Self>.size + name.utf8.count + database.weight + collection.weight + application.weight
            + user.weight + mechanism.weight
    }

    /// What a step of a login carries: handed on and not kept, for it may hold a secret, and all of its message.
    mutating func takePayload() -> ArraySlice<UInt8>? {
        defer { payload = nil }
        return payload
    }

    /// The method of a login that begins with a hello, whose outcome the hello does not have.
    mutating func takeSpeculativeMechanism() -> String? {
        defer { speculativeMechanism = nil }
        return speculativeMechanism
    }

    var isHello: Bool { name == "hello" || name == "isMaster" || name == "ismaster" }

    private mutating func take(_ element: BSONReader.Element) {
        if element.isNamed("$db") {
            database = element.text
        } else if element.isNamed("mechanism") {
            mechanism = element.text.map { String($0.prefix(32)) }
        } else if element.isNamed("user") {
            user = element.text.map { String($0.prefix(Self.nameLimit)) }
        } else if element.isNamed("payload"), name == "saslStart" || name == "saslContinue" {
            payload = element.content
        } else if element.isNamed("collection"), name == "getMore" {
            collection = element.text.map { String($0.prefix(Self.nameLimit)) }
        } else if element.isNamed("client"), isHello {
            application = Self.application(element)
        } else if element.isNamed("speculativeAuthenticate"), isHello {
            takeSpeculation(element)
        }
    }

    /// A hello may carry the first step of a login, as `saslStart` would (MongoDB Handshake specification, "Speculative
    /// Authentication"): then `saslContinue` is the next that there is.
    private mutating func takeSpeculation(_ element: BSONReader.Element) {
        guard var step = element.document, let first = try? step.next(), first.isNamed("saslStart") else { return }
        for _ in 0..<8 {
            guard let part = try? step.next() else { break }
            if part.isNamed("mechanism") {
                speculativeMechanism = part.text.map { String($0.prefix(32)) }
            } else if part.isNamed("payload") {
                payload = part.content
            }
        }
    }

    /// `application (driver version)`, as much as the hello tells of it (MongoDB Handshake specification).
    private static func application(_ element: BSONReader.Element) -> String? {
        guard var client = element.document else { return nil }
        var parts: [String] = []
        for _ in 0..<8 {
            guard let part = try? client.next() else { break }
            guard part.isNamed("application") || part.isNamed("driver"), var fields = part.document else { continue }
            for _ in 0..<8 {
                guard let field = try? fields.next() else { break }
                guard field.isNamed("name") || field.isNamed("version"), let text = field.text else { continue }
                parts.append(String(text.prefix(64)))
            }
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    func write(answer: MongoDBAnswer?, into sink: inout RecordSink) {
        let record = Records.mongodb
        sink.begin(record, at: time)
        sink.batch.set(record.command, name)
        sink.batch.set(record.database, database)
        sink.batch.set(record.collection, collection)
        sink.batch.set(record.user, user)
        sink.batch.set(record.mechanism, mechanism)
        sink.batch.set(record.application, application)
        sink.batch.set(record.success, answer?.isOK)
        sink.batch.set(record.error, answer?.error)
        sink.end()
    }
}

/// How a command went.
struct MongoDBAnswer: Sendable {
    private(set) var isOK: Bool?
    private(set) var error: String?

    private static let elementLimit = 64

    init(_ answer: BSONReader) {
        var (document, code, text): (BSONReader, String?, String?) = (answer, nil, nil)
        for _ in 0..<Self.elementLimit {
            guard let element = try? document.next() else { break }
            if element.isNamed("ok") {
                isOK = element.isTrue
            } else if element.isNamed("codeName") {
                code = element.text.map { String($0.prefix(64)) }
            } else if element.isNamed("errmsg") {
                text = element.text.map { String($0.prefix(256)) }
            }
        }
        // Of a long one the end was not read, where `ok` stands: a refusal has no documents.
        if isOK == nil, answer.begins(with: "cursor") { isOK = true }
        guard isOK == false else { return }
        error = [code, text].compactMap { $0 }.joined(separator: ": ").nilIfEmpty
    }
}
