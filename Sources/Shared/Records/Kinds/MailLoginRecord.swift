/// A login to a mail server over IMAP, POP3, SMTP or ManageSieve.
public struct MailLoginRecord: ConnectionRecordSchema {
    public static let name = "mail_login"
    public static let meaning = "A login to a mail server over IMAP, POP3, SMTP or ManageSieve"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let service = TextField(6, "service", "Protocol: imap, pop3, smtp or managesieve")
    public let mechanism = TextField(
        7, "mechanism", "Method of authentication, as SASL names it; LOGIN or USER for commands")
    public let user = TextField(8, "user", "User who logged in")
    public let success = NumberField<Bool>(9, "success", "The server accepted it")
    public let reply = TextField(10, "reply", "Text of the answer of the server")

    public init() {}
}

extension Records {
    public static let mailLogin = MailLoginRecord()
}
