/// A TLS, SSL, DTLS or QUIC handshake.
public struct SSLRecord: ConnectionRecordSchema {
    public static let name = "ssl"
    public static let meaning = "A TLS, SSL, DTLS or QUIC handshake"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let version = TextField(6, "version", "Version that was agreed: TLSv12, TLSv13, ...")
    public let cipher = TextField(7, "cipher", "Cipher suite that was chosen, IANA's name")
    public let curve = TextField(8, "curve", "Group of the key exchange")
    public let serverName = TextField(
        9, "server_name", "Server name indication (RFC 6066 section 3)")
    public let resumed = NumberField<Bool>(10, "resumed", "An earlier session was resumed")
    public let lastAlert = TextField(11, "last_alert", "Last alert in clear text")
    public let nextProtocol = TextField(
        12, "next_protocol", "Application protocol that was agreed (ALPN, RFC 7301)")
    public let established = NumberField<Bool>(13, "established", "The handshake was completed")
    public let sslHistory = TextField(
        14, "ssl_history", "Handshake messages in order, with Zeek's letters")
    public let certChainFps = TextListField(
        15, "cert_chain_fps", "SHA-256 of each certificate of the server, leaf first")
    public let clientCertChainFps = TextListField(
        16, "client_cert_chain_fps", "SHA-256 of each certificate of the client, leaf first")
    public let certChainFuids = TextListField(
        17, "cert_chain_fuids", "File identifiers of the server's certificates")
    public let clientCertChainFuids = TextListField(
        18, "client_cert_chain_fuids", "File identifiers of the client's certificates")
    public let subject = TextField(19, "subject", "Subject of the server's certificate")
    public let issuer = TextField(20, "issuer", "Issuer of the server's certificate")
    public let clientSubject = TextField(
        21, "client_subject", "Subject of the client's certificate")
    public let clientIssuer = TextField(22, "client_issuer", "Issuer of the client's certificate")
    public let sniMatchesCert = NumberField<Bool>(
        23, "sni_matches_cert", "The server's certificate covers the server name")
    public let validationStatus = TextField(
        24, "validation_status", "Result of certificate validation, from an import")
    public let ja3 = TextField(25, "ja3", "JA3 fingerprint of the client hello")
    public let ja3s = TextField(26, "ja3s", "JA3S fingerprint of the server hello")
    public let ja4 = TextField(27, "ja4", "JA4 fingerprint of the client hello")
    public let selfSigned = NumberField<Bool>(
        28, "self_signed", "The server's certificate is signed by itself")
    public let respCertificateSha1 = TextField(
        29, "resp_certificate_sha1", "SHA-1 of the server's certificate")
    public let clientAlpn = TextListField(
        30, "client_alpn", "Application protocols that the client offered")
    public let looksLikeTor = NumberField<Bool>(
        31, "looks_like_tor", "The certificate has the random names of a relay of Tor; only set when so")

    public init() {}
}

extension Records {
    public static let ssl = SSLRecord()
}
