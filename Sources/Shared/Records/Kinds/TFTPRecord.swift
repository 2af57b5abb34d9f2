/// A request for a file by TFTP.
public struct TFTPRecord: ConnectionRecordSchema {
    public static let name = "tftp"
    public static let meaning = "A request for a file by TFTP"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let wrq = NumberField<Bool>(6, "wrq", "The file is written, not read")
    public let fname = TextField(7, "fname", "Name of the file")
    public let mode = TextField(8, "mode", "octet, netascii or mail")

    public init() {}
}

extension Records {
    public static let tftp = TFTPRecord()
}
