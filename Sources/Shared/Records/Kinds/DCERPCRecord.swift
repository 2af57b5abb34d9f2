/// A remote procedure call.
public struct DCERPCRecord: ConnectionRecordSchema {
    public static let name = "dce_rpc"
    public static let meaning = "A remote procedure call"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let rtt = NumberField<Interval>(
        6, "rtt", "From the request to its reply", unit: .seconds)
    public let namedPipe = TextField(7, "named_pipe", "Pipe or port that carried it")
    public let endpoint = TextField(8, "endpoint", "Interface that was called")
    public let operation = TextField(9, "operation", "Operation that was called")

    public init() {}
}

extension Records {
    public static let dceRpc = DCERPCRecord()
}
