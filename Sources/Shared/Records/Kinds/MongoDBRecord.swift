/// A command to a MongoDB server.
public struct MongoDBRecord: ConnectionRecordSchema {
    public static let name = "mongodb"
    public static let meaning = "A command to a MongoDB server"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let command = TextField(6, "command", "Command: hello, saslStart, find, insert, ...")
    public let database = TextField(7, "database", "Database")
    public let collection = TextField(8, "collection", "Collection")
    public let user = TextField(9, "user", "User of a login")
    public let mechanism = TextField(10, "mechanism", "Method of authentication")
    public let application = TextField(
        11, "application", "Application and driver of the client, as its hello tells")
    public let success = NumberField<Bool>(12, "success", "The server did it")
    public let error = TextField(13, "error", "Error that the server returned")

    public init() {}
}

extension Records {
    public static let mongodb = MongoDBRecord()
}
