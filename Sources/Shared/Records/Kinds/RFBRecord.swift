/// A remote screen's opening (VNC).
public struct RFBRecord: ConnectionRecordSchema {
    public static let name = "rfb"
    public static let meaning = "A remote screen's opening (VNC)"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let clientMajorVersion = TextField(
        6, "client_major_version", "Version of the client, before the point")
    public let clientMinorVersion = TextField(
        7, "client_minor_version", "Version of the client, behind the point")
    public let serverMajorVersion = TextField(
        8, "server_major_version", "Version of the server, before the point")
    public let serverMinorVersion = TextField(
        9, "server_minor_version", "Version of the server, behind the point")
    public let authenticationMethod = TextField(
        10, "authentication_method", "How the client authenticates itself")
    public let auth = NumberField<Bool>(11, "auth", "The authentication succeeded")
    public let shareFlag = NumberField<Bool>(
        12, "share_flag", "The client lets others stay connected")
    public let desktopName = TextField(13, "desktop_name", "Name of the screen")
    public let width = NumberField<UInt64>(14, "width", "Width of the screen in pixels")
    public let height = NumberField<UInt64>(15, "height", "Height of the screen in pixels")

    public init() {}
}

extension Records {
    public static let rfb = RFBRecord()
}
