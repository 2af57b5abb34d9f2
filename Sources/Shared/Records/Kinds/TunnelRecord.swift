/// A tunnel that was found or closed.
public struct TunnelRecord: ConnectionRecordSchema {
    public static let name = "tunnel"
    public static let meaning = "A tunnel that was found or closed"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let tunnelType = TextField(6, "tunnel_type", "Kind of tunnel: Tunnel::GRE, ...")
    public let action = TextField(7, "action", "Tunnel::DISCOVER or Tunnel::CLOSE")

    public init() {}
}

extension Records {
    public static let tunnel = TunnelRecord()
}
