/// What is new on a connection that is still open, about every minute.
public struct ConnInterimRecord: ConnectionRecordSchema {
    public static let name = "conn_interim"
    public static let meaning = "What is new on a connection that is still open, about every minute"

    public let ts = NumberField<Timestamp>(0, "ts", "When this report was made")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let proto = TextField(6, "proto", "Transport: tcp, udp or icmp")
    public let service = TextListField(7, "service", "Application protocols found so far")
    public let seq = NumberField<UInt64>(
        8, "seq", "Number of this report on the connection, from 1")
    public let start = NumberField<Timestamp>(9, "start", "When the connection began")
    public let duration = NumberField<Interval>(
        10, "duration", "From the connection's first packet until now", unit: .seconds)
    public let origBytes = NumberField<UInt64>(
        11, "orig_bytes", "Payload of the originator since the report before", unit: .bytes)
    public let respBytes = NumberField<UInt64>(
        12, "resp_bytes", "Payload of the responder since the report before", unit: .bytes)
    public let origPkts = NumberField<UInt64>(
        13, "orig_pkts", "Packets of the originator since the report before", unit: .packets)
    public let respPkts = NumberField<UInt64>(
        14, "resp_pkts", "Packets of the responder since the report before", unit: .packets)
    public let vlan = NumberField<UInt64>(15, "vlan", "Outer VLAN identifier")
    public let origL2Addr = TextField(16, "orig_l2_addr", "MAC address of the originator's side")
    public let respL2Addr = TextField(17, "resp_l2_addr", "MAC address of the responder's side")

    public init() {}
}

extension Records {
    public static let connInterim = ConnInterimRecord()
}
