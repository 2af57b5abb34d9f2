/// A message of the encapsulation of EtherNet/IP.
public struct ENIPRecord: ConnectionRecordSchema {
    public static let name = "enip"
    public static let meaning = "A message of the encapsulation of EtherNet/IP"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let commandCode = TextField(
        7, "enip_command_code", "Code of the command, in hexadecimal")
    public let command = TextField(8, "enip_command", "Name of the command")
    public let length = NumberField<UInt64>(9, "length", "Data behind the header", unit: .bytes)
    public let sessionHandle = TextField(
        10, "session_handle", "Number of the session, in hexadecimal")
    public let status = TextField(11, "enip_status", "Outcome, Success in requests")
    public let senderContext = TextField(
        12, "sender_context", "What the sender finds its request by, in hexadecimal")
    public let options = TextField(13, "options", "Flags of the header, in hexadecimal")

    public init() {}
}

extension Records {
    public static let enip = ENIPRecord()
}
