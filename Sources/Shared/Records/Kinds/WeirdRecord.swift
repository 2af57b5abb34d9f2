/// Something that its protocol does not allow.
public struct WeirdRecord: ConnectionRecordSchema {
    public static let name = "weird"
    public static let meaning = "Something that its protocol does not allow"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let name = TextField(6, "name", "Stable name of what was seen")
    public let addl = TextField(7, "addl", "Further information")
    public let notice = NumberField<Bool>(8, "notice", "It was told as a notice")
    public let peer = TextField(9, "peer", "Sensor or worker that saw it")
    public let source = TextField(10, "source", "Analyzer that saw it")

    public init() {}
}

extension Records {
    public static let weird = WeirdRecord()
}
