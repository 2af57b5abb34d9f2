/// A message of the Network Time Protocol.
public struct NTPRecord: ConnectionRecordSchema {
    public static let name = "ntp"
    public static let meaning = "A message of the Network Time Protocol"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let version = NumberField<UInt64>(6, "version", "Protocol version")
    public let mode = NumberField<UInt64>(
        7, "mode", "1 and 2 symmetric, 3 client, 4 server, 5 broadcast; others have no record")
    public let stratum = NumberField<UInt64>(8, "stratum", "Distance from a reference clock")
    public let poll = NumberField<Interval>(9, "poll", "Interval between messages")
    public let precision = NumberField<Interval>(10, "precision", "Precision of the clock")
    public let rootDelay = NumberField<Interval>(
        11, "root_delay", "Round trip to the reference clock")
    public let rootDisp = NumberField<Interval>(
        12, "root_disp", "Dispersion to the reference clock")
    public let refId = TextField(13, "ref_id", "Reference: address, name of a clock, or kiss code")
    public let refTime = NumberField<Timestamp>(14, "ref_time", "When the clock was last set")
    public let orgTime = NumberField<Timestamp>(15, "org_time", "When the request left the client")
    public let recTime = NumberField<Timestamp>(16, "rec_time", "When it came to the server")
    public let xmtTime = NumberField<Timestamp>(17, "xmt_time", "When this message was sent")
    public let numExts = NumberField<UInt64>(18, "num_exts", "Extension fields")

    public init() {}
}

extension Records {
    public static let ntp = NTPRecord()
}
