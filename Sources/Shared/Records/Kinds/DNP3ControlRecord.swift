/// A command to an output of a DNP3 outstation, or its echo in a response.
public struct DNP3ControlRecord: ConnectionRecordSchema {
    public static let name = "dnp3_control"
    public static let meaning = "A command to an output of a DNP3 outstation, or its echo in a response"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let blockType = TextField(6, "block_type", "Form of the command")
    public let functionCode = TextField(
        7, "function_code", "Function of the message: SELECT, OPERATE, RESPONSE, ...")
    public let indexNumber = NumberField<UInt64>(8, "index_number", "Index of the output")
    public let tripControlCode = TextField(9, "trip_control_code", "Nul, Close or Trip")
    public let operationType = TextField(
        10, "operation_type", "Nul, Pulse On, Pulse Off, Latch On or Latch Off")
    public let executeCount = NumberField<UInt64>(
        11, "execute_count", "How many times it is executed")
    public let onTime = NumberField<UInt64>(
        12, "on_time", "How long the output is on, in milliseconds")
    public let offTime = NumberField<UInt64>(
        13, "off_time", "How long the output is off, in milliseconds")
    public let statusCode = TextField(14, "status_code", "Outcome")
    public let value = DoubleField(15, "value", "Value that an analog output was set to")

    public init() {}
}

extension Records {
    public static let dnp3Control = DNP3ControlRecord()
}
