/// A message of S7comm, the protocol of Siemens S7-300 and S7-400.
public struct S7CommRecord: ConnectionRecordSchema {
    public static let name = "s7comm"
    public static let meaning = "A message of S7comm, the protocol of Siemens S7-300 and S7-400"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let rosctrCode = NumberField<UInt64>(7, "rosctr_code", "Code of the kind of message")
    public let rosctrName = TextField(
        8, "rosctr_name", "Kind of message: Job-Request, ACK, ACK-Data or User-Data")
    public let pduReference = NumberField<UInt64>(
        9, "pdu_reference", "Number that a response shares with its request")
    public let functionCode = TextField(10, "function_code", "Code of the function, in hexadecimal")
    public let functionName = TextField(11, "function_name", "Function")
    public let subfunctionCode = TextField(
        12, "subfunction_code", "Code within the function, in hexadecimal, or the service of a PLC Control")
    public let subfunctionName = TextField(
        13, "subfunction_name", "What is done within the function")
    public let errorClass = TextField(14, "error_class", "Class of the error that is returned")
    public let errorCode = TextField(15, "error_code", "Error within its class, in hexadecimal")

    public init() {}
}

extension Records {
    public static let s7comm = S7CommRecord()
}
