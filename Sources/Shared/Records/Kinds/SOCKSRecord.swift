/// A request to a SOCKS proxy.
public struct SOCKSRecord: ConnectionRecordSchema {
    public static let name = "socks"
    public static let meaning = "A request to a SOCKS proxy"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let version = NumberField<UInt64>(6, "version", "Protocol version, 4 or 5")
    public let user = TextField(7, "user", "User that asked")
    public let status = TextField(8, "status", "What the proxy answered, in the words of the RFC")
    public let requestHost = TextField(9, "request.host", "Address that was asked for", type: .address)
    public let requestName = TextField(10, "request.name", "Host name that was asked for")
    public let requestPort = NumberField<UInt16>(11, "request_p", "Port that was asked for")
    public let boundHost = TextField(12, "bound.host", "Address that the proxy uses for it", type: .address)
    public let boundName = TextField(13, "bound.name", "Host name that the proxy uses for it")
    public let boundPort = NumberField<UInt16>(14, "bound_p", "Port that the proxy uses for it")

    public init() {}
}

extension Records {
    public static let socks = SOCKSRecord()
}
