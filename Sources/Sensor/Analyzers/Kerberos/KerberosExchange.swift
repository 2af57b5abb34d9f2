internal import Shared

/// Pairs Kerberos requests with their replies and writes `kerberos` records; used over UDP and TCP, and by the
/// protocols that carry tickets (SMB, LDAP, HTTP).
struct KerberosExchange {
    private var pending: Pending?

    /// A request that waits for its reply. A class, since it is handed on until its record is written, and large.
    private final class Pending {
        let time: Timestamp
        var type: String?
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
        switch message.kind {
        case .asRequest, .tgsRequest, .apRequest:
            finish(into: &sink)
            pending = Self.request(message, into: &sink)
        case .asReply, .tgsReply: reply(message, into: &sink)
        case .apReply: outcome(success: true, into: &sink)
        case .error: error(message, into: &sink)
        }
    }

    private static func request(_ message: KerberosMessage, into sink: inout RecordSink) -> Pending {
        let new = Pending(time: sink.now)
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

    private mutating func reply(_ message: KerberosMessage, into sink: inout RecordSink) {
        let record = pending ?? Pending(time: sink.now)
        record.type = message.kind == .asReply ? "AS" : "TGS"
        // What was asked for stays, as Zeek has it: the reply may spell it otherwise.
        if record.client == nil, let name = message.clientName {
            record.client = name + "/" + (message.clientRealm ?? "")
        }
        if record.service == nil { record.service = message.ticket?.service }
        record.cipher = message.ticket?.cipher.map { KerberosNames.cipher($0) }
        record.replyCipher = message.replyCipher.map { KerberosNames.cipher($0) }
        record.serverCertificate = Self.certificate(of: message, isClient: false, into: &sink)
        record.success = true
        write(record, into: &sink)
    }

    private mutating func error(_ message: KerberosMessage, into sink: inout RecordSink) {
        let record = pending ?? Pending(time: sink.now)
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
        guard let record = pending else { return }
        record.success = success
        write(record, into: &sink)
    }

    /// Tells of a request that got no reply.
    mutating func finish(into sink: inout RecordSink) {
        if let record = pending { write(record, into: &sink) }
    }

    private mutating func write(_ record: Pending, into sink: inout RecordSink) {
        pending = nil
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
