/// A command of an IRC client.
public struct IRCRecord: ConnectionRecordSchema {
    public static let name = "irc"
    public static let meaning = "A command of an IRC client"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let nick = TextField(6, "nick", "Nickname of the client")
    public let user = TextField(7, "user", "User name of the client")
    public let command = TextField(8, "command", "Command")
    public let value = TextField(9, "value", "What the command is about")
    public let addl = TextField(10, "addl", "Further arguments")
    public let dccFileName = TextField(11, "dcc_file_name", "Name of a file that was sent by DCC")
    public let dccFileSize = NumberField<UInt64>(
        12, "dcc_file_size", "Size of that file, as its sender tells")
    public let fuid = TextField(13, "fuid", "Identifier of the file")
    public let dccMimeType = TextField(14, "dcc_mime_type", "MIME type of that file by content")

    public init() {}
}

extension Records {
    public static let irc = IRCRecord()
}
