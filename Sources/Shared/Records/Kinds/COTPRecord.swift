/// A request, confirmation or end of an ISO transport connection.
public struct COTPRecord: ConnectionRecordSchema {
    public static let name = "cotp"
    public static let meaning = "A request, confirmation or end of an ISO transport connection"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let pduCode = TextField(7, "pdu_code", "Code of the message, in hexadecimal")
    public let pduName = TextField(8, "pdu_name", "Name of the message")
    public let sourceTSAP = TextField(9, "src_tsap", "Selector of the caller: text, or hexadecimal")
    public let destinationTSAP = TextField(
        10, "dst_tsap", "Selector of the called: text, or hexadecimal")

    public init() {}
}

extension Records {
    public static let cotp = COTPRecord()
}
