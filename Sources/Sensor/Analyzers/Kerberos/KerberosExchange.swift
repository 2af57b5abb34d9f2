internal import Shared

/// Pairs Kerberos requests with their replies and writes `kerberos` records; used over UDP and TCP, and by the
/// protocols that carry tickets (SMB, LDAP, HTTP).
struct KerberosExchange {
    /// Requests that wait for their replies, in the order in which they came.
    private var waiting: [Pending] = []
    private var answered: Answered?

    /// Over UDP both may come again (RFC 4120 section 7.2.1): the last request that was answered.
    private struct Answered: Sendable {
        let request: Int?
        let reply: Int
        let kind: KerberosMessage.Kind
        let errorCode: UInt64?
        let clientName: String?
        /// Repetitions of the request whose answers are to come; they differ in what they have encrypted.
        var repetitions: Int
    }

    /// A client asks for a few tickets at a time.
    private static let waitingLimit = 8

    var heldBytes: Int { waiting.reduce(0) { $0 + $1.weight } }

    /// A request that waits for its reply. A class, since it is handed on until its record is written, and large.
    private final class Pending {
        let time: Timestamp
        var kind: KerberosMessage.Kind?
        /// What is the same when it is sent again.
        var digest: Int?
        var repetitions = 0
        var type: String?
        var clientName: String?
        var client: String?
        var service: String?
        var from: Timestamp?
        var till: Timestamp?
        var options: UInt32?
        var cipher: String?
        var preAuthTypes: [String]?
        var requestCiphers: [String]?
        var replyCipher: String?
        var clientCertificate: Shown?
        var serverCertificate: Shown?
        var errorCode: UInt64?
        var errorText: String?
        var success: Bool?

        init(time: Timestamp) { self.time = time }

        /// Bytes that it takes, its names and lists included.
        private(set) lazy var weight =
            512 + client.weight + clientName.weight + service.weight
            + 48 * ((preAuthTypes?.count ?? 0) + (requestCiphers?.count ?? 0))

        /// Whether it asks for the same ticket for the same client.
        func asksSame(as other: Pending) -> Bool {
            kind == other.kind && client == other.client && service == other.service
        }

        /// Windows answers with the name as its directory has it, in whatever case it was asked for.
        func names(_ name: String) -> Bool { clientName?.lowercased() == name.lowercased() }

        /// Whether the ticket in an answer is what was asked for. Errors come again alike: a repetition's first.
        func isNamed(by answer: KerberosMessage) -> Bool {
            guard answer.kind != .error, mayHave(answer.kind), let service, answer.ticket?.service == service else {
                return false
            }
            return clientName == nil || answer.clientName.map(names) ?? true
        }

        /// Whether an answer of some kind may be its.
        func mayHave(_ answer: KerberosMessage.Kind) -> Bool {
            switch answer {
            case .asReply: kind == .asRequest
            case .tgsReply: kind == .tgsRequest
            default: true
            }
        }
    }

    /// A certificate that PKINIT showed.
    private struct Shown: Sendable {
        let subject: String
        let id: String
    }

    init() {}

    /// Takes one message.
    /// - Throws: ``DecodeError`` when it is malformed.
    mutating func message(_ bytes: ArraySlice<UInt8>, into sink: inout RecordSink) throws(DecodeError) {
        let message = try KerberosMessage(bytes)
        let digest = sink.connection.transport == .udp ? Self.digest(bytes) : nil
        switch message.kind {
        case .asRequest, .tgsRequest, .apRequest:
            if let digest, isRepeated(digest) { return }
            let request = Self.request(message, into: &sink)
            request.digest = digest
            wait(for: request, into: &sink)
        case .asReply, .tgsReply, .error:
            if let digest, isRepeated(message, digest) { return }
            let request = takeRequest(of: message)
            if let digest { note(message, digest, to: request) }
            let record = request ?? Pending(time: sink.now)
            if message.kind == .error {
                Self.error(message, record, into: &sink)
            } else {
                Self.reply(message, record, into: &sink)
            }
        case .apReply: outcome(success: true, into: &sink)
        }
    }

    // MARK: Pairing

    private static func digest(_ bytes: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    /// Whether a request is the same that waits, or was answered last.
    private mutating func isRepeated(_ digest: Int) -> Bool {
        if let same = waiting.first(where: { $0.digest == digest }) {
            same.repetitions += 1
        } else if answered?.request == digest {
            answered?.repetitions += 1
        } else {
            return false
        }
        return true
    }

    /// Whether a reply or an error is the last one again, or the answer to a repetition of its request.
    private mutating func isRepeated(_ message: KerberosMessage, _ digest: Int) -> Bool {
        guard let last = answered else { return false }
        // Two requests may get the same error, whose time has a second's resolution with some servers.
        if last.reply == digest, waiting.isEmpty { return true }
        guard last.repetitions > 0, last.kind == message.kind, last.errorCode == message.errorCode,
            last.clientName == message.clientName, !waiting.contains(where: { $0.isNamed(by: message) })
        else { return false }
        answered?.repetitions -= 1
        return true
    }

    private mutating func note(_ message: KerberosMessage, _ digest: Int, to request: Pending?) {
        answered = Answered(
            request: request?.digest, reply: digest, kind: message.kind, errorCode: message.errorCode,
            clientName: message.clientName, repetitions: request?.repetitions ?? 0)
    }

    private mutating func wait(for request: Pending, into sink: inout RecordSink) {
        if request.kind == .apRequest {
            // One ticket at a time is presented, and its carrier tells the outcome of the last.
            finish(into: &sink)
        } else if let place = waiting.firstIndex(where: { request.asksSame(as: $0) }) {
            // Who asks again got no answer.
            Self.write(waiting.remove(at: place), into: &sink)
        }
        if waiting.count >= Self.waitingLimit { Self.write(waiting.removeFirst(), into: &sink) }
        waiting.append(request)
    }

    /// Takes out what a reply or an error answers: the request that names the same client or else the same service,
    /// and else the first.
    private mutating func takeRequest(of message: KerberosMessage) -> Pending? {
        let service = message.ticket?.service ?? message.serviceName
        var best: (place: Int, rank: Int)?
        for (place, request) in waiting.enumerated() where request.mayHave(message.kind) {
            var rank = 0
            if let name = message.clientName, request.names(name) { rank += 2 }
            if let service, request.service == service { rank += 1 }
            if best.map({ rank > $0.rank }) ?? true { best = (place, rank) }
        }
        return best.map { waiting.remove(at: $0.place) }
    }

    // MARK: Records

    private static func request(_ message: KerberosMessage, into sink: inout RecordSink) -> Pending {
        let new = Pending(time: sink.now)
        new.kind = message.kind
        new.clientName = message.clientName
        new.service = message.serviceName
        new.from = message.from
        new.till = message.till
        new.options = message.options
        if let types = message.preAuthTypes { new.preAuthTypes = types.map { KerberosNames.preAuthentication($0) } }
        if let ciphers = message.requestCiphers { new.requestCiphers = ciphers.map { KerberosNames.cipher($0) } }
        new.clientCertificate = certificate(of: message, isClient: true, into: &sink)
        switch message.kind {
        case .asRequest:
            new.type = "AS"
            // Asking for the time or the like, it may name nobody: Zeek writes the realm behind an empty name.
            if message.clientName == nil { new.client = message.clientRealm.map { "/" + $0 } }
        case .tgsRequest: new.type = "TGS"
        default:
            new.type = "AP"
            new.service = message.ticket?.service
            new.cipher = message.ticket?.cipher.map { KerberosNames.cipher($0) }
            // The client's name is in the encrypted part: Zeek writes the realm behind an empty name.
            new.client = message.ticket?.realm.map { "/" + $0 }
        }
        if let name = message.clientName { new.client = name + "/" + (message.clientRealm ?? "") }
        return new
    }

    /// Tells of the certificate in a message as of a file, as Zeek has it.
    private static func certificate(
        of message: KerberosMessage, isClient: Bool, into sink: inout RecordSink
    ) -> Shown? {
        guard let der = message.certificate,
            let certificate = try? sink.memories.certificates.certificate(der: der)
        else { return nil }
        let source: StaticString = sink.connection.transport == .udp ? "KRB" : "KRB_TCP"
        var file = FileStream(source: source, isOriginator: isClient, into: &sink)
        file.mimeType = "application/x-x509-user-cert"
        file.append(der.span.bytes, at: sink.now)
        file.finish(into: &sink)
        X509Writer.write(certificate, id: file.fuid, isLeaf: true, isClient: isClient, into: &sink)
        return Shown(subject: certificate.subject, id: file.fuid)
    }

    private static func reply(_ message: KerberosMessage, _ record: Pending, into sink: inout RecordSink) {
        record.type = message.kind == .asReply ? "AS" : "TGS"
        // What was asked for stays, as Zeek has it: the reply may spell it otherwise.
        if record.client == nil, let name = message.clientName {
            record.client = name + "/" + (message.clientRealm ?? "")
        }
        if record.service == nil { record.service = message.ticket?.service }
        record.cipher = message.ticket?.cipher.map { KerberosNames.cipher($0) }
        record.replyCipher = message.replyCipher.map { KerberosNames.cipher($0) }
        record.serverCertificate = certificate(of: message, isClient: false, into: &sink)
        record.success = true
        write(record, into: &sink)
    }

    private static func error(_ message: KerberosMessage, _ record: Pending, into sink: inout RecordSink) {
        record.errorCode = message.errorCode
        record.errorText = message.errorText ?? message.errorCode.map { KerberosNames.error($0) }
        if record.client == nil, message.clientName != nil || message.clientRealm != nil {
            // Without a name the realm stands alone here, as Zeek has it.
            record.client = (message.clientName.map { $0 + "/" } ?? "") + (message.clientRealm ?? "")
        }
        if record.service == nil { record.service = message.serviceName }
        record.success = false
        write(record, into: &sink)
    }

    /// The carrier's verdict on a ticket that was presented to it; nil when it was not seen.
    mutating func outcome(success: Bool?, into sink: inout RecordSink) {
        guard let record = waiting.popLast() else { return }
        record.success = success
        Self.write(record, into: &sink)
    }

    /// Tells of requests that got no reply.
    mutating func finish(into sink: inout RecordSink) {
        for record in waiting { Self.write(record, into: &sink) }
        waiting.removeAll()
    }

    private static func write(_ record: Pending, into sink: inout RecordSink) {
        let kerberos = Records.kerberos
        sink.begin(kerberos, at: record.time)
        sink.batch.set(kerberos.requestType, record.type)
        sink.batch.set(kerberos.client, record.client)
        sink.batch.set(kerberos.service, record.service)
        sink.batch.set(kerberos.success, record.success)
        sink.batch.set(kerberos.errorCode, record.errorCode)
        sink.batch.set(kerberos.errorMsg, record.errorText)
        sink.batch.set(kerberos.from, record.from)
        sink.batch.set(kerberos.till, record.till)
        sink.batch.set(kerberos.cipher, record.cipher)
        // Bits 1 and 8 of KDCOptions.
        sink.batch.set(kerberos.forwardable, record.options.map { $0 & 0x4000_0000 != 0 })
        sink.batch.set(kerberos.renewable, record.options.map { $0 & 0x0080_0000 != 0 })
        sink.batch.set(kerberos.clientCertSubject, record.clientCertificate?.subject)
        sink.batch.set(kerberos.clientCertFuid, record.clientCertificate?.id)
        sink.batch.set(kerberos.serverCertSubject, record.serverCertificate?.subject)
        sink.batch.set(kerberos.serverCertFuid, record.serverCertificate?.id)
        sink.batch.set(kerberos.preAuthTypes, record.preAuthTypes)
        sink.batch.set(kerberos.requestCiphers, record.requestCiphers)
        sink.batch.set(kerberos.replyCipher, record.replyCipher)
        sink.end()
    }
}
