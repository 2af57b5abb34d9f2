/// A RADIUS authentication.
public struct RADIUSRecord: ConnectionRecordSchema {
    public static let name = "radius"
    public static let meaning = "A RADIUS authentication, or what an access server tells of a session (accounting)"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let username = TextField(6, "username", "User that logs in")
    public let mac = TextField(7, "mac", "MAC address of the user")
    public let framedAddr = TextField(8, "framed_addr", "Address given to the user", type: .address)
    public let tunnelClient = TextField(9, "tunnel_client", "Client of the tunnel, address or name")
    public let connectInfo = TextField(
        10, "connect_info", "What the access server says of the connection")
    public let replyMsg = TextField(11, "reply_msg", "Message to the user")
    public let result = TextField(12, "result", "success, failed or unknown; of authentications only")
    public let ttl = NumberField<Interval>(13, "ttl", "From the request to the answer")
    public let acctStatus = TextField(
        14, "acct_status", "Of accounting: Start, Stop, Interim-Update, Accounting-On, Accounting-Off, Failed")
    public let acctSessionId = TextField(15, "acct_session_id", "Identifier of the session at the access server")
    public let acctSessionTime = NumberField<Interval>(16, "acct_session_time", "How long the session has lasted")
    public let acctInputOctets = NumberField<UInt64>(
        17, "acct_input_octets", "Bytes received from the user", unit: .bytes)
    public let acctOutputOctets = NumberField<UInt64>(
        18, "acct_output_octets", "Bytes sent to the user", unit: .bytes)

    public init() {}
}

extension Records {
    public static let radius = RADIUSRecord()
}
