/// An FTP command and its reply.
public struct FTPRecord: ConnectionRecordSchema {
    public static let name = "ftp"
    public static let meaning = "An FTP command and its reply"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let user = TextField(6, "user", "User of the session")
    public let password = TextField(
        7, "password", "Whether a password was sent; never the password itself")
    public let command = TextField(8, "command", "Command")
    public let arg = TextField(9, "arg", "Argument of the command")
    public let mimeType = TextField(10, "mime_type", "MIME type of the file by content")
    public let fileSize = NumberField<UInt64>(11, "file_size", "Size of the file", unit: .bytes)
    public let replyCode = NumberField<UInt64>(12, "reply_code", "Code of the reply")
    public let replyMsg = TextField(13, "reply_msg", "Text of the reply")
    public let dataChannelPassive = NumberField<Bool>(
        14, "data_channel.passive", "The server opens the port of the data channel")
    public let dataChannelOrigH = TextField(
        15, "data_channel.orig_h", "Address that opens the data channel", type: .address)
    public let dataChannelRespH = TextField(
        16, "data_channel.resp_h", "Address that the data channel is opened to", type: .address)
    public let dataChannelRespP = NumberField<UInt16>(
        17, "data_channel.resp_p", "Port that the data channel is opened to")
    public let fuid = TextField(18, "fuid", "Identifier of the file")

    public init() {}
}

extension Records {
    public static let ftp = FTPRecord()
}
