/// A Kerberos request and its reply.
public struct KerberosRecord: ConnectionRecordSchema {
    public static let name = "kerberos"
    public static let meaning = "A Kerberos request and its reply"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let requestType = TextField(6, "request_type", "AS, TGS or AP")
    public let client = TextField(7, "client", "Client principal and realm")
    public let service = TextField(8, "service", "Service principal and realm")
    public let success = NumberField<Bool>(9, "success", "A ticket was given")
    public let errorCode = NumberField<UInt64>(10, "error_code", "Error as a number")
    public let errorMsg = TextField(11, "error_msg", "Error, without its KDC_ERR_ prefix")
    public let `from` = NumberField<Timestamp>(12, "from", "Start of the ticket's validity")
    public let till = NumberField<Timestamp>(13, "till", "End of the ticket's validity")
    public let cipher = TextField(14, "cipher", "Encryption of the ticket")
    public let forwardable = NumberField<Bool>(
        15, "forwardable", "A forwardable ticket was asked for")
    public let renewable = NumberField<Bool>(16, "renewable", "A renewable ticket was asked for")
    public let clientCertSubject = TextField(
        17, "client_cert_subject", "Subject of the client's certificate (PKINIT)")
    public let clientCertFuid = TextField(
        18, "client_cert_fuid", "File identifier of the client's certificate")
    public let serverCertSubject = TextField(
        19, "server_cert_subject", "Subject of the server's certificate (PKINIT)")
    public let serverCertFuid = TextField(
        20, "server_cert_fuid", "File identifier of the server's certificate")
    public let preAuthTypes = TextListField(
        21, "pre_auth_types", "Pre-authentication that the client sent; none before AS-REP roasting")
    public let requestCiphers = TextListField(
        22, "request_ciphers", "Encryption that the client accepts, in its order")
    public let replyCipher = TextField(
        23, "reply_cipher", "Encryption of the reply, by the client's key")

    public init() {}
}

extension Records {
    public static let kerberos = KerberosRecord()
}
