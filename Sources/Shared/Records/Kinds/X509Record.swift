/// A certificate seen in a handshake.
public struct X509Record: ConnectionRecordSchema {
    public static let name = "x509"
    public static let meaning = "A certificate seen in a handshake"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let id = TextField(6, "id", "Identifier of the certificate as a file")
    public let fingerprint = TextField(7, "fingerprint", "SHA-256 of the certificate in DER form")
    public let certificateVersion = NumberField<UInt64>(8, "certificate.version", "Version, 1 to 3")
    public let certificateSerial = TextField(9, "certificate.serial", "Serial number, hexadecimal")
    public let certificateSubject = TextField(
        10, "certificate.subject", "Subject as an RFC 4514 name")
    public let certificateIssuer = TextField(11, "certificate.issuer", "Issuer as an RFC 4514 name")
    public let certificateNotValidBefore = NumberField<Timestamp>(
        12, "certificate.not_valid_before", "Start of its validity")
    public let certificateNotValidAfter = NumberField<Timestamp>(
        13, "certificate.not_valid_after", "End of its validity")
    public let certificateKeyAlg = TextField(
        14, "certificate.key_alg", "Algorithm of the public key")
    public let certificateSigAlg = TextField(
        15, "certificate.sig_alg", "Algorithm of the signature")
    public let certificateKeyType = TextField(
        16, "certificate.key_type", "rsa, ecdsa, ed25519, dsa or unknown")
    public let certificateKeyLength = NumberField<UInt64>(
        17, "certificate.key_length", "Length of the key in bits")
    public let certificateExponent = TextField(18, "certificate.exponent", "Exponent of an RSA key")
    public let certificateCurve = TextField(19, "certificate.curve", "Curve of an elliptic key")
    public let sanDns = TextListField(20, "san.dns", "Domain names of the subject alternative name")
    public let sanUri = TextListField(21, "san.uri", "URIs of the subject alternative name")
    public let sanEmail = TextListField(
        22, "san.email", "Mail addresses of the subject alternative name")
    public let sanIp = TextListField(23, "san.ip", "Addresses of the subject alternative name")
    public let basicConstraintsCa = NumberField<Bool>(
        24, "basic_constraints.ca", "May sign certificates")
    public let basicConstraintsPathLen = NumberField<UInt64>(
        25, "basic_constraints.path_len", "Certificates that may follow in a chain")
    public let hostCert = NumberField<Bool>(26, "host_cert", "First of its chain, the server's or the client's")
    public let clientCert = NumberField<Bool>(27, "client_cert", "Sent by the client, its whole chain")
    public let selfSigned = NumberField<Bool>(28, "self_signed", "Signed by itself")

    public init() {}
}

extension Records {
    public static let x509 = X509Record()
}
