/// A message of S7comm-plus, the protocol of Siemens S7-1200 and S7-1500.
public struct S7CommPlusRecord: ConnectionRecordSchema {
    public static let name = "s7comm_plus"
    public static let meaning = "A message of S7comm-plus, the protocol of Siemens S7-1200 and S7-1500"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let version = NumberField<UInt64>(7, "version", "Version of the protocol")
    public let opcode = TextField(8, "opcode", "Code of the operation, in hexadecimal")
    public let opcodeName = TextField(
        9, "opcode_name", "Operation: Request, Response or Notification")
    public let functionCode = TextField(10, "function_code", "Code of the function, in hexadecimal")
    public let functionName = TextField(11, "function_name", "Function")

    public init() {}
}

extension Records {
    public static let s7commPlus = S7CommPlusRecord()
}
