/// A DNP3 request and the reply to it.
public struct DNP3Record: ConnectionRecordSchema {
    public static let name = "dnp3"
    public static let meaning = "A DNP3 request and the reply to it"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let fcRequest = TextField(6, "fc_request", "Function of the request")
    public let fcReply = TextField(7, "fc_reply", "Function of the reply")
    public let iin = NumberField<UInt64>(
        8, "iin", "Internal indications of the reply, the first octet in the high byte")

    public init() {}
}

extension Records {
    public static let dnp3 = DNP3Record()
}
