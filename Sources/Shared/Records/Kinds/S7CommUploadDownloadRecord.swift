/// A step in loading a block into a controller or out of it with S7comm.
public struct S7CommUploadDownloadRecord: ConnectionRecordSchema {
    public static let name = "s7comm_upload_download"
    public static let meaning = "A step in loading a block into a controller or out of it with S7comm"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let rosctr = TextField(7, "rosctr", "Kind of message: Job-Request or ACK-Data")
    public let pduReference = NumberField<UInt64>(
        8, "pdu_reference", "Number that a response shares with its request")
    public let functionName = TextField(9, "function_name", "Step of the transfer")
    public let functionStatus = TextField(10, "function_status", "Status, in hexadecimal")
    public let sessionID = NumberField<UInt64>(11, "session_id", "Number of the transfer")
    public let blocklength = NumberField<UInt64>(
        12, "blocklength", "Length that is announced or carried", unit: .bytes)
    public let filename = TextField(13, "filename", "Name of the block")
    public let blockType = TextField(14, "block_type", "Type of the block")
    public let blockNumber = TextField(15, "block_number", "Number of the block")
    public let destinationFilesystem = TextField(
        16, "destination_filesystem", "Where the block lies: Passive or Active")

    public init() {}
}

extension Records {
    public static let s7commUploadDownload = S7CommUploadDownloadRecord()
}
