/// A message to or from a Microsoft SQL server.
public struct TDSRecord: ConnectionRecordSchema {
    public static let name = "tds"
    public static let meaning = "A message to or from a Microsoft SQL server"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let command = TextField(6, "command", "Kind of message")
    public let user = TextField(7, "user", "User of a login")
    public let hostname = TextField(8, "hostname", "Name of the client of a login")
    public let appName = TextField(9, "app_name", "Program that logs in")
    public let serverName = TextField(10, "server_name", "Server that was asked for")
    public let database = TextField(11, "database", "Database that was asked for")
    public let library = TextField(12, "library", "Interface library of the client")
    public let version = TextField(13, "version", "Version of the protocol that the client speaks")
    public let encryption = TextField(
        14, "encryption", "Encryption that a prelogin asks for: off, on, not_supported, required")
    public let success = NumberField<Bool>(
        15, "success", "The server accepted the login or did what was asked")
    public let error = TextField(16, "error", "Number and text of the first error of an answer")

    public init() {}
}

extension Records {
    public static let tds = TDSRecord()
}
