/// A command to a Redis server.
public struct RedisRecord: ConnectionRecordSchema {
    public static let name = "redis"
    public static let meaning = "A command to a Redis server"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let cmdName = TextField(6, "cmd.name", "Command")
    public let cmdKey = TextField(7, "cmd.key", "Key that it is about")
    public let cmdValue = TextField(8, "cmd.value", "Value that it sets")
    public let success = NumberField<Bool>(9, "success", "The server did it")
    public let replyValue = TextField(10, "reply.value", "Answer of the server")

    public init() {}
}

extension Records {
    public static let redis = RedisRecord()
}
