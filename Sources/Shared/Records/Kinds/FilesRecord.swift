/// A file that was carried by a connection.
public struct FilesRecord: ConnectionRecordSchema {
    public static let name = "files"
    public static let meaning = "A file that was carried by a connection"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let fuid = TextField(6, "fuid", "Identifier of the file")
    public let txHosts = TextListField(7, "tx_hosts", "Addresses that sent it")
    public let rxHosts = TextListField(8, "rx_hosts", "Addresses that received it")
    public let connUids = TextListField(
        9, "conn_uids", "Identifiers of the connections that carried it")
    public let source = TextField(10, "source", "Protocol that carried it: HTTP, SMB, SSL, ...")
    public let depth = NumberField<UInt64>(11, "depth", "Nesting within its protocol")
    public let analyzers = TextListField(12, "analyzers", "What was computed: MD5, SHA256, ...")
    public let mimeType = TextField(13, "mime_type", "MIME type by content")
    public let filename = TextField(14, "filename", "Name as the protocol told it")
    public let duration = NumberField<Interval>(
        15, "duration", "From its first to its last byte", unit: .seconds)
    public let localOrig = NumberField<Bool>(16, "local_orig", "The sender is in a private network")
    public let isOrig = NumberField<Bool>(17, "is_orig", "Sent by the originator of the connection")
    public let seenBytes = NumberField<UInt64>(
        18, "seen_bytes", "Bytes that were seen", unit: .bytes)
    public let totalBytes = NumberField<UInt64>(
        19, "total_bytes", "Bytes that the protocol announced", unit: .bytes)
    public let missingBytes = NumberField<UInt64>(
        20, "missing_bytes", "Bytes that were lost on the way to the sensor", unit: .bytes)
    public let overflowBytes = NumberField<UInt64>(
        21, "overflow_bytes", "Bytes past what could be put in order", unit: .bytes)
    public let timedout = NumberField<Bool>(22, "timedout", "It ended by a timeout")
    public let parentFuid = TextField(23, "parent_fuid", "Identifier of the file that contained it")
    public let md5 = TextField(24, "md5", "MD5 of a file seen completely")
    public let sha1 = TextField(25, "sha1", "SHA-1 of a file seen completely")
    public let sha256 = TextField(26, "sha256", "SHA-256 of a file seen completely")
    public let entropy = DoubleField(27, "entropy", "Shannon entropy of the first 16 KiB, bits a byte")

    public init() {}
}

extension Records {
    public static let files = FilesRecord()
}
