/// A procedure that is called on a Microsoft SQL server.
public struct TDSRPCRecord: ConnectionRecordSchema {
    public static let name = "tds_rpc"
    public static let meaning = "A procedure that is called on a Microsoft SQL server"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let procedureName = TextField(6, "procedure_name", "Procedure")
    public let parameters = TextListField(7, "parameters", "Parameters as name=value")

    public init() {}
}

extension Records {
    public static let tdsRPC = TDSRPCRecord()
}
