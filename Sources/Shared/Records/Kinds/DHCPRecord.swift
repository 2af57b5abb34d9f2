/// A DHCP conversation about one lease.
public struct DHCPRecord: RecordSchema {
    public static let name = "dhcp"
    public static let meaning = "A DHCP conversation about one lease"

    public let ts = NumberField<Timestamp>(0, "ts", "When the first message of it was seen")
    public let uids = TextListField(1, "uids", "Identifiers of its connections")
    public let clientAddr = TextField(2, "client_addr", "Address of the client", type: .address)
    public let serverAddr = TextField(3, "server_addr", "Address of the server", type: .address)
    public let clientPort = NumberField<UInt16>(4, "client_port", "Port of the client")
    public let serverPort = NumberField<UInt16>(5, "server_port", "Port of the server")
    public let mac = TextField(6, "mac", "Hardware address of the client")
    public let hostName = TextField(7, "host_name", "Name that the client gives itself")
    public let clientFqdn = TextField(8, "client_fqdn", "Full name that the client gives itself")
    public let domain = TextField(9, "domain", "Domain that the server gives")
    public let requestedAddr = TextField(
        10, "requested_addr", "Address that the client asked for", type: .address)
    public let assignedAddr = TextField(
        11, "assigned_addr", "Address that the server gave", type: .address)
    public let leaseTime = NumberField<Interval>(
        12, "lease_time", "Validity of the lease", unit: .seconds)
    public let clientMessage = TextField(13, "client_message", "Text of the client")
    public let serverMessage = TextField(14, "server_message", "Text of the server")
    public let msgTypes = TextListField(15, "msg_types", "Messages in order: DISCOVER, OFFER, ...")
    public let duration = NumberField<Interval>(
        16, "duration", "From the first to the last message", unit: .seconds)
    public let clientSoftware = TextField(17, "client_software", "Vendor class of the client")
    public let clientParams = NumberListField(
        18, "client_params", "Parameters that the client asked for, a fingerprint of its system")

    public init() {}
}

extension Records {
    public static let dhcp = DHCPRecord()
}
