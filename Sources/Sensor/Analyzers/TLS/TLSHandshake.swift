internal import Shared

/// What is known of one handshake, whatever carries it (TLS, DTLS, QUIC), and the `ssl` and `x509` records of it.
struct TLSHandshake: Sendable {
    let carrier: JA4.Carrier
    /// The side that sent the client hello.
    private(set) var client: Side?
    private(set) var sawServerHello = false
    private(set) var isEstablished = false
    private(set) var isTLS13 = false
    /// The record was written: what follows is counted only.
    private(set) var isTold = false
    private var start: Timestamp?
    /// Letters of `ssl_history`, in ASCII.
    private var history: [UInt8] = []
    private var facts = TLSFacts()
    private var hasOriginatorCipher = false
    private var hasResponderCipher = false
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
    var hasHello: Bool { client != nil || sawServerHello }

    func isEncrypted(_ side: Side) -> Bool { side == .originator ? hasOriginatorCipher : hasResponderCipher }

    private func isClient(_ side: Side) -> Bool { side == (client ?? .originator) }

    /// - Parameter letter: in lower case; the client's are shown in upper case.
    private mutating func note(_ letter: Unicode.Scalar, from side: Side) {
        guard history.count < Self.historyLimit else { return }
        history.append(UInt8(truncatingIfNeeded: letter.value) & (isClient(side) ? 0xDF : 0xFF))
    }

    /// Takes one whole message of the handshake protocol.
    /// - Throws: ``DecodeError`` when a hello is malformed.
    mutating func message(
        _ type: UInt8, _ body: ByteReader, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        if start == nil { start = sink.now }
        switch type {
        case 1:
            try clientHello(ClientHello(body, isDatagram: carrier == .dtls), from: side)
            tellNamedService(into: &sink)
        case 2: try serverHello(ServerHello(body), from: side)
        case 11 where !isTLS13: certificates(body, from: side, into: &sink)
        case 12: serverKeyExchange(body)
        case 22: certificateStatus(body, from: side, into: &sink)
        case 16: sawClientKeyExchange = true
        default: break
        }
        note(Self.letter(of: type), from: side)
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
        case 22, 23: "u"
        case 24: "p"
        case 254: "m"
        default: "z"
        }
    }

    private mutating func clientHello(_ hello: ClientHello, from side: Side) {
        guard client == nil else { return }
        client = side
        facts.serverName = hello.serverName
        let names = hello.alpn.prefix(Self.protocolLimit).map(\.wireText)
        facts.clientALPN = names.isEmpty ? nil : names
        facts.ja3 = JA3.client(hello)
        facts.ja4 = JA4.client(hello, over: carrier)
        offeredSessionID = hello.sessionID
        offeredTicket = hello.offersTicket
        offeredPreSharedKey = hello.offersPreSharedKey
    }

    /// Notes what the client's hello says of what the connection is for.
    private func tellNamedService(into sink: inout RecordSink) {
        let service = EncryptedDNS.service(
            serverName: facts.serverName, protocols: facts.clientALPN, isQUIC: carrier == .quic)
        if let service { sink.found(service: service) }
        if let name = facts.serverName, AnyDesk.isRelay(serverName: name) { sink.found(service: AnyDesk.service) }
    }

    private mutating func serverHello(_ hello: ServerHello, from side: Side) {
        if client == nil { client = side.other }
        sawServerHello = true
        isTLS13 = hello.version.isTLS13
        facts.version = hello.version.name
        facts.cipher = CipherSuiteNames.name(of: UInt32(hello.cipher))
        if !hello.isRetryRequest { facts.ja3s = JA3.server(hello) }
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
        if side == .originator { hasOriginatorCipher = true } else { hasResponderCipher = true }
        if hasOriginatorCipher, hasResponderCipher, sawServerHello, !isTLS13 { isEstablished = true }
    }

    /// A record of application data, which in TLS 1.3 also carries the end of the handshake.
    mutating func applicationData(from side: Side) {
        guard sawServerHello else { return }
        if side == .originator { hasOriginatorCipher = true } else { hasResponderCipher = true }
        if isTLS13 ? isClient(side) : hasOriginatorCipher && hasResponderCipher { isEstablished = true }
    }

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
