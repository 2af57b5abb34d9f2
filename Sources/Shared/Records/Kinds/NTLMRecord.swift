/// An NTLM authentication.
public struct NTLMRecord: ConnectionRecordSchema {
    public static let name = "ntlm"
    public static let meaning = "An NTLM authentication"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let username = TextField(6, "username", "User who authenticated")
    public let hostname = TextField(7, "hostname", "Name of the client")
    public let domainname = TextField(8, "domainname", "Domain of the user")
    public let serverNbComputerName = TextField(
        9, "server_nb_computer_name", "NetBIOS name of the server")
    public let serverDnsComputerName = TextField(
        10, "server_dns_computer_name", "DNS name of the server")
    public let serverTreeName = TextField(11, "server_tree_name", "DNS name of the server's forest")
    public let success = NumberField<Bool>(12, "success", "The server accepted it")

    public init() {}
}

extension Records {
    public static let ntlm = NTLMRecord()
}
