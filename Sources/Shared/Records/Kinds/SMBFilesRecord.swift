/// An action on a file of a Windows share.
public struct SMBFilesRecord: ConnectionRecordSchema {
    public static let name = "smb_files"
    public static let meaning = "An action on a file of a Windows share"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let fuid = TextField(6, "fuid", "Identifier of the file's content")
    public let action = TextField(7, "action", "What was done: SMB::FILE_OPEN, SMB::FILE_READ, ...")
    public let path = TextField(8, "path", "Share that holds the file")
    public let name = TextField(9, "name", "Name of the file within the share")
    public let size = NumberField<UInt64>(10, "size", "Size that the server told", unit: .bytes)
    public let prevName = TextField(11, "prev_name", "Name before a rename")
    public let timesModified = NumberField<Timestamp>(
        12, "times.modified", "Last change of the content")
    public let timesAccessed = NumberField<Timestamp>(13, "times.accessed", "Last access")
    public let timesCreated = NumberField<Timestamp>(14, "times.created", "Creation")
    public let timesChanged = NumberField<Timestamp>(
        15, "times.changed", "Last change of the attributes")
    public let bytesRead = NumberField<UInt64>(
        16, "bytes_read", "Content really read by this open", unit: .bytes)
    public let bytesWritten = NumberField<UInt64>(
        17, "bytes_written", "Content really written by this open", unit: .bytes)

    public init() {}
}

extension Records {
    public static let smbFiles = SMBFilesRecord()
}
