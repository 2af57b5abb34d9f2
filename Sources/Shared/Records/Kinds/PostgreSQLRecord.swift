/// A login, a query or another request to a PostgreSQL server.
public struct PostgreSQLRecord: ConnectionRecordSchema {
    public static let name = "postgresql"
    public static let meaning = "A login, a query or another request to a PostgreSQL server"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let user = TextField(6, "user", "User of the session")
    public let database = TextField(7, "database", "Database of the session")
    public let applicationName = TextField(
        8, "application_name", "Name that the client gives itself")
    public let frontend = TextField(
        9, "frontend", "Request of the client: ssl_request, startup, simple_query, ...")
    public let frontendArg = TextField(10, "frontend_arg", "Text of the query")
    public let backend = TextField(
        11, "backend", "Answer of the server: ssl_reply, auth_request, auth_ok, error")
    public let backendArg = TextField(
        12, "backend_arg", "Methods of authentication, errors and notices of the server")
    public let success = NumberField<Bool>(13, "success", "The login or query succeeded")
    public let rows = NumberField<UInt64>(14, "rows", "Rows that were returned")

    public init() {}
}

extension Records {
    public static let postgresql = PostgreSQLRecord()
}
