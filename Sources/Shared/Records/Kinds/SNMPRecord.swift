/// An SNMP conversation.
public struct SNMPRecord: ConnectionRecordSchema {
    public static let name = "snmp"
    public static let meaning = "An SNMP conversation"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let duration = NumberField<Interval>(6, "duration", "From its first to its last message")
    public let version = TextField(7, "version", "1, 2c or 3")
    public let community = TextField(
        8, "community", "Community when it is a well-known default, else <hidden>")
    public let getRequests = NumberField<UInt64>(9, "get_requests", "Variables asked for")
    public let getBulkRequests = NumberField<UInt64>(
        10, "get_bulk_requests", "Variables asked for in bulk")
    public let getResponses = NumberField<UInt64>(11, "get_responses", "Variables answered")
    public let setRequests = NumberField<UInt64>(12, "set_requests", "Variables set")
    public let displayString = TextField(
        13, "display_string", "Description that the device gives of itself")
    public let upSince = NumberField<Timestamp>(14, "up_since", "When the device started")

    public init() {}
}

extension Records {
    public static let snmp = SNMPRecord()
}
