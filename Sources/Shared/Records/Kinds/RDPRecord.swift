/// A remote desktop session's opening.
public struct RDPRecord: ConnectionRecordSchema {
    public static let name = "rdp"
    public static let meaning = "A remote desktop session's opening"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let cookie = TextField(6, "cookie", "User name in the routing cookie")
    public let result = TextField(7, "result", "What became of the connection request")
    public let securityProtocol = TextField(8, "security_protocol", "Protection that was chosen")
    public let clientChannels = TextListField(
        9, "client_channels", "Virtual channels that the client asked for")
    public let keyboardLayout = TextField(10, "keyboard_layout", "Layout of the client's keyboard")
    public let clientBuild = TextField(11, "client_build", "Version of the client")
    public let clientName = TextField(12, "client_name", "Name of the client")
    public let clientDigProductId = TextField(
        13, "client_dig_product_id", "Product identifier of the client")
    public let desktopWidth = NumberField<UInt64>(
        14, "desktop_width", "Width of the session in pixels")
    public let desktopHeight = NumberField<UInt64>(
        15, "desktop_height", "Height of the session in pixels")
    public let requestedColorDepth = TextField(
        16, "requested_color_depth", "Colours that were asked for")
    public let certType = TextField(17, "cert_type", "Kind of certificate")
    public let certCount = NumberField<UInt64>(18, "cert_count", "Certificates that were seen")
    public let certPermanent = NumberField<Bool>(
        19, "cert_permanent", "The certificate is permanent")
    public let encryptionLevel = TextField(20, "encryption_level", "Level of encryption")
    public let encryptionMethod = TextField(21, "encryption_method", "Method of encryption")

    public init() {}
}

extension Records {
    public static let rdp = RDPRecord()
}
