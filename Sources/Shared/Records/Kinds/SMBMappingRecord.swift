/// A share that was connected.
public struct SMBMappingRecord: ConnectionRecordSchema {
    public static let name = "smb_mapping"
    public static let meaning = "A share that was connected"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let path = TextField(6, "path", "Name of the share, \\\\server\\share")
    public let service = TextField(7, "service", "Service of the share as SMB 1 tells it")
    public let nativeFileSystem = TextField(8, "native_file_system", "File system of the share")
    public let shareType = TextField(9, "share_type", "DISK, PIPE or PRINT")
    public let encrypted = NumberField<Bool>(
        10, "encrypted", "The server asks for encryption of what goes through the share (SMB 3)")

    public init() {}
}

extension Records {
    public static let smbMapping = SMBMappingRecord()
}
