/// A login in clear text (Telnet, rlogin, rsh, rexec, FTP) and whether it was let in.
///
/// A kind of our own: Zeek has no log of these logins, and its `ftp.log` has none by default. The password is never
/// kept.
public struct LoginRecord: ConnectionRecordSchema {
    public static let name = "login"
    public static let meaning = "A login in clear text and whether it was let in"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let service = TextField(6, "service", "Protocol of the login")
    public let user = TextField(7, "user", "Account that was asked for")
    public let clientUser = TextField(
        8, "client_user", "Account at the client, where the protocol tells it")
    public let success = NumberField<Bool>(9, "success", "The login was let in")
    public let message = TextField(10, "message", "What the server answered")
    public let command = TextField(11, "command", "Command that was to be run, where the login is for one (rsh, rexec)")

    public init() {}
}

extension Records {
    public static let login = LoginRecord()
}
