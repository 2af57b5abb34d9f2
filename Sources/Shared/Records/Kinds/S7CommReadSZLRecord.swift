/// A list of the system status that was read with S7comm.
public struct S7CommReadSZLRecord: ConnectionRecordSchema {
    public static let name = "s7comm_read_szl"
    public static let meaning = "A list of the system status that was read with S7comm"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let pduReference = NumberField<UInt64>(
        7, "pdu_reference", "Number that a response shares with its request")
    public let method = TextField(8, "method", "Request or Response")
    public let szlID = TextField(9, "szl_id", "Number of the list, in hexadecimal")
    public let szlIDName = TextField(10, "szl_id_name", "What the list holds")
    public let szlIndex = TextField(11, "szl_index", "Part of the list, in hexadecimal")
    public let returnCode = TextField(12, "return_code", "Code of the outcome, in hexadecimal")
    public let returnCodeName = TextField(13, "return_code_name", "Outcome")

    public init() {}
}

extension Records {
    public static let s7commReadSZL = S7CommReadSZLRecord()
}
