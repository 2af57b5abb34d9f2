internal import Shared

/// What is known of one handshake, whatever carries it (TLS, DTLS, QUIC), and the `ssl` and `x509` records of it.
struct TLSHandshake: Sendable {
    let carrier: JA4.Carrier
    /// The side that sent the client hello.
    private(set) var client: Side?
    private(set) var sawClientHello = false
    /// It has chosen, and does not ask for another hello of the client.
    private(set) var sawServerHello = false
    /// The server has asked for another hello and not chosen yet: whatever says that a side encrypts is for the eyes of
    /// middleboxes, or data that the client sent too early (RFC 8446 sections 4.2.10 and D.4).
    private var awaitsSecondHello = false
    private(set) var isEstablished = false
    /// The version that was agreed.
    private var version: TLSVersion?
    var isTLS13: Bool { version?.isTLS13 ?? false }
    /// The record was written: what follows is counted only.
    private(set) var isTold = false
    private var start: Timestamp?
    /// Letters of `ssl_history`, in ASCII.
    private var history: [UInt8] = []
    private var facts = TLSFacts()
    /// Whether what a side sends is encrypted.
    private var encrypted = PerSide(originator: false, responder: false)
    /// Sides that sent a change_cipher_spec.
    private var announced = PerSide(originator: false, responder: false)
    private var offeredSessionID: [UInt8] = []
    private var offeredTicket = false
    private var offeredPreSharedKey = false
    private var sawClientKeyExchange = false
    private var hasStatus = false

    /// Certificates that are read of one side; RFC 5246 sets no bound, real chains have under ten.
    private static let chainLimit = 32
    /// Application protocols of one hello that are kept; browsers offer two or three.
    private static let protocolLimit = 32
    /// Letters that are kept; Zeek's own bound is of the same size.
    private static let historyLimit = 100

    init(carrier: JA4.Carrier) { self.carrier = carrier }

    /// Host name and first application protocol that the client asked for.
    var serverName: String? { facts.serverName }
    var clientProtocol: String? { facts.clientALPN?.first }

    /// Whether there is something to tell.
    var hasHello: Bool { client != nil }

    func isEncrypted(_ side: Side) -> Bool { encrypted[side] }

    private func isClient(_ side: Side) -> Bool { side == (client ?? .originator) }

    /// - Parameter letter: in lower case; the client's are shown in upper case.
    private mutating func note(_ letter: Unicode.Scalar, from side: Side) {
        guard history.count < Self.historyLimit else { return }
        history.append(UInt8(truncatingIfNeeded: letter.value) & (isClient(side) ? 0xDF : 0xFF))
    }

    /// Takes one whole message of the handshake protocol.
    /// - Parameter isRepeated: it came before, and stands in the history only.
    /// - Throws: ``DecodeError`` when a server's hello is malformed.
    mutating func message(
        _ type: UInt8, _ body: ByteReader, from side: Side, isRepeated: Bool = false, into sink: inout RecordSink
    ) throws(DecodeError) {
        if start == nil { start = sink.now }
        var letter = Self.letter(of: type)
        switch type {
        case 1:
            if client == nil { takeClient(side) }
            // The server's hello may have come first: it has told who the client is.
            if client == side { clientHello(body, into: &sink) }
        case 2:
            let hello = try ServerHello(body)
            if client == nil { takeClient(side.other) }
            serverHello(hello)
            // In the drafts it was a message of its own (6); Zeek tells both alike.
            if hello.isRetryRequest { letter = "j" }
        case 11 where !isTLS13 && !isRepeated: certificates(body, from: side, into: &sink)
        case 12: serverKeyExchange(body)
        case 22: certificateStatus(body, from: side, into: &sink)
        case 16: sawClientKeyExchange = true
        default: break
        }
        note(letter, from: side)
    }

    /// The client begins anew: what its next hello says counts.
    mutating func awaitHelloAgain() { sawClientHello = false }

    /// A hello has told who the client is.
    private mutating func takeClient(_ side: Side) {
        client = side
        // The connection was opened from the other end, or its beginning was not seen.
        if side == .responder { history.append(UInt8(ascii: "^")) }
    }

    /// Takes a client's hello in the form of SSL 2.0, which tells of the connection no more than that it is there.
    mutating func oldClientHello(from side: Side, at now: Timestamp) {
        if start == nil { start = now }
        if client == nil { takeClient(side) }
        note("c", from: side)
    }

    /// Zeek's letters of `ssl_history` for handshake types.
    private static func letter(of type: UInt8) -> Unicode.Scalar {
        switch type {
        case 0: "h"
        case 1: "c"
        case 2: "s"
        case 3: "v"
        case 4: "t"
        case 5: "e"
        case 6: "j"
        case 8: "o"
        case 11: "x"
        case 12: "k"
        case 13: "r"
        case 14: "n"
        case 15: "y"
        case 16: "g"
        case 20: "f"
        case 21: "w"
        case 22: "u"
        case 23: "a"
        case 24: "p"
        case 254: "m"
        default: "z"
        }
    }

    private mutating func clientHello(_ body: ByteReader, into sink: inout RecordSink) {
        guard !sawClientHello else { return }
        // A malformed one is a hello still, and the server's may say more.
        guard let hello = try? ClientHello(body, isDatagram: carrier == .dtls) else {
            return sink.weird("client_hello_malformed", source: "ssl")
        }
        sawClientHello = true
        facts.serverName = hello.serverName
        let names = hello.alpn.prefix(Self.protocolLimit).map(\.wireText)
        facts.clientALPN = names.isEmpty ? nil : names
        facts.ja3 = JA3.client(hello)
        facts.ja4 = JA4.client(hello, over: carrier)
        offeredSessionID = hello.sessionID
        offeredTicket = hello.offersTicket
        offeredPreSharedKey = hello.offersPreSharedKey
        tellNamedService(into: &sink)
    }

    /// Notes what the client's hello says of what the connection is for.
    private func tellNamedService(into sink: inout RecordSink) {
        let service = EncryptedDNS.service(
            serverName: facts.serverName, protocols: facts.clientALPN, isQUIC: carrier == .quic)
        if let service { sink.found(service: service) }
        if let name = facts.serverName, AnyDesk.isRelay(serverName: name) { sink.found(service: AnyDesk.service) }
    }

    private mutating func serverHello(_ hello: ServerHello) {
        version = hello.version
        if !hello.isRetryRequest {
            sawServerHello = true
            if awaitsSecondHello { encrypted = announced }
            awaitsSecondHello = false
        } else if !sawServerHello {
            awaitsSecondHello = true
            encrypted = PerSide(originator: false, responder: false)
        }
        facts.version = hello.version.name
        facts.cipher = CipherSuiteNames.name(of: UInt32(hello.cipher))
        // A request for another hello is the first that the server says of itself.
        if facts.ja3s == nil { facts.ja3s = JA3.server(hello) }
        facts.nextProtocol = hello.alpn?.wireText
        if let group = hello.keyShareGroup { facts.curve = NamedGroup.name(of: group) }
        if isTLS13 {
            facts.isResumed = offeredPreSharedKey && hello.body(of: HelloExtension.preSharedKey) != nil
        } else if hello.sessionID.contains(where: { $0 != 0 }), hello.sessionID == offeredSessionID {
            facts.isResumed = true
        }
    }

    /// The named curve of an ECDHE exchange (RFC 8422 section 5.4).
    private mutating func serverKeyExchange(_ body: ByteReader) {
        var reader = body
        guard facts.cipher?.contains(ascii: "_ECDH") == true, (try? reader.byte()) == 3,
            let group = try? reader.be(UInt16.self)
        else { return }
        facts.curve = NamedGroup.name(of: group)
    }

    /// A chain of RFC 5246 section 7.4.2.
    private mutating func certificates(_ body: ByteReader, from side: Side, into sink: inout RecordSink) {
        var outer = body
        guard var list = try? outer.vector(lengthBytes: 3) else { return }
        for index in 0..<Self.chainLimit where facts.chainCount(isClient: isClient(side)) < Self.chainLimit {
            guard let der = try? list.vector(lengthBytes: 3) else { return }
            do throws(DecodeError) {
                let certificate = try sink.memories.certificates.certificate(der: der.rest)
                let type = index == 0 ? "application/x-x509-user-cert" : "application/x-x509-ca-cert"
                let id = Self.file(der.rest, mimeType: type, from: side, into: &sink)
                facts.add(certificate, id: id, isLeaf: index == 0, isClient: isClient(side))
                if index == 0, certificate.isAnyDesk { sink.found(service: AnyDesk.service) }
                X509Writer.write(
                    certificate, id: id, isLeaf: index == 0, isClient: isClient(side), into: &sink)
            } catch {
                sink.weird("x509_malformed", source: "ssl")
            }
        }
    }

    /// An OCSP response that the server staples to its certificate (RFC 6066 section 8).
    private mutating func certificateStatus(_ body: ByteReader, from side: Side, into sink: inout RecordSink) {
        var reader = body
        guard !isTLS13, !hasStatus, (try? reader.byte()) == 1, let response = try? reader.vector(lengthBytes: 3)
        else { return }
        hasStatus = true
        _ = Self.file(response.rest, mimeType: "application/ocsp-response", from: side, into: &sink)
    }

    /// Tells of something in the handshake that is a file.
    /// - Returns: its identifier.
    private static func file(
        _ content: ArraySlice<UInt8>, mimeType: String, from side: Side, into sink: inout RecordSink
    ) -> String {
        var file = FileStream(source: "SSL", isOriginator: side == .originator, into: &sink)
        file.mimeType = mimeType
        file.append(content.span.bytes, at: sink.now)
        file.finish(into: &sink)
        return file.fuid
    }

    /// A change_cipher_spec: what this side sends from here on is encrypted.
    mutating func changeCipher(from side: Side, at now: Timestamp) {
        if start == nil { start = now }
        note("i", from: side)
        if isClient(side), offeredTicket, !sawClientKeyExchange, !isTLS13, sawServerHello { facts.isResumed = true }
        announced[side] = true
        if !awaitsSecondHello { encrypted[side] = true }
    }

    /// A record of application data begins. Up to TLS 1.2 a side says before that it encrypts; in TLS 1.3, where the
    /// end of the handshake comes so, it need not.
    mutating func applicationData(from side: Side) {
        if awaitsSecondHello {
            guard !isClient(side) else { return }
            // The server's choice itself was not seen.
            awaitsSecondHello = false
        }
        if version?.hasChangeCipher != true { encrypted[side] = true }
    }

    /// What a side sends is encrypted from here on, whoever says so.
    mutating func encrypts(_ side: Side) { encrypted[side] = true }

    /// An encrypted record has come whole. The first one behind both sides' having begun to encrypt is where Zeek says
    /// that the session is established: the end of a handshake, mostly.
    mutating func encryptedRecord() {
        if encrypted.originator, encrypted.responder { isEstablished = true }
    }

    /// A heartbeat in clear text (RFC 6520).
    mutating func heartbeat(from side: Side) { note("b", from: side) }

    /// An alert in clear text.
    mutating func alert(_ description: UInt8, from side: Side) {
        note("l", from: side)
        facts.lastAlert = AlertNames.name(of: description)
    }

    /// Writes the `ssl` record, once, when there was a hello.
    mutating func tell(into sink: inout RecordSink) {
        guard !isTold, hasHello else { return }
        isTold = true
        facts.write(
            at: start ?? sink.now, isEstablished: isEstablished, history: history, into: &sink)
    }
}
