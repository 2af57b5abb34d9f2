/// A Modbus request or response.
public struct ModbusRecord: ConnectionRecordSchema {
    public static let name = "modbus"
    public static let meaning = "A Modbus request or response"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let tid = NumberField<UInt64>(6, "tid", "Transaction identifier")
    public let unit = NumberField<UInt64>(7, "unit", "Unit that was addressed")
    public let `func` = TextField(8, "func", "Function")
    public let pduType = TextField(9, "pdu_type", "REQ or RESP")
    public let exception = TextField(10, "exception", "Exception that was returned")

    public init() {}
}

extension Records {
    public static let modbus = ModbusRecord()
}
