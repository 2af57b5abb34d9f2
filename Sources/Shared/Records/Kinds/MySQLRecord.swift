/// A command to a MySQL server.
public struct MySQLRecord: ConnectionRecordSchema {
    public static let name = "mysql"
    public static let meaning = "A command to a MySQL server"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let cmd = TextField(6, "cmd", "Command")
    public let arg = TextField(7, "arg", "Its argument: the user of a login, the text of a query")
    public let success = NumberField<Bool>(8, "success", "The server did it")
    public let rows = NumberField<UInt64>(9, "rows", "Rows affected")
    public let response = TextField(10, "response", "Error or information of the server")
    public let serverVersion = TextField(
        11, "server_version", "Version that the server greets with, told with logins")

    public init() {}
}

extension Records {
    public static let mysql = MySQLRecord()
}
