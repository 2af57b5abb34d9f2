/// An HTTP request and its response.
public struct HTTPRecord: ConnectionRecordSchema {
    public static let name = "http"
    public static let meaning = "An HTTP request and its response"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let transDepth = NumberField<UInt64>(
        6, "trans_depth", "Number of the request on its connection, from 1")
    public let method = TextField(7, "method", "GET, POST, ...")
    public let host = TextField(8, "host", "Host header")
    public let uri = TextField(9, "uri", "Request target as it was sent")
    public let referrer = TextField(10, "referrer", "Referer header")
    public let version = TextField(11, "version", "Protocol version: 1.1, ...")
    public let userAgent = TextField(12, "user_agent", "User-Agent header")
    public let origin = TextField(13, "origin", "Origin header")
    public let requestBodyLen = NumberField<UInt64>(
        14, "request_body_len", "Body of the request after transfer decoding", unit: .bytes)
    public let responseBodyLen = NumberField<UInt64>(
        15, "response_body_len", "Body of the response after transfer decoding", unit: .bytes)
    public let statusCode = NumberField<UInt64>(16, "status_code", "Status of the response")
    public let statusMsg = TextField(17, "status_msg", "Reason phrase of the response")
    public let infoCode = NumberField<UInt64>(18, "info_code", "Last informational (1xx) status")
    public let infoMsg = TextField(19, "info_msg", "Reason phrase of the last informational status")
    public let tags = TextListField(20, "tags", "Signs found in the request")
    public let username = TextField(21, "username", "User name of basic or digest authentication")
    public let password = TextField(
        22, "password", "Whether a password was sent; never the password itself")
    public let proxied = TextListField(23, "proxied", "Headers that name a proxy")
    public let origFuids = TextListField(
        24, "orig_fuids", "Identifiers of the files sent by the originator")
    public let origFilenames = TextListField(
        25, "orig_filenames", "Names of the files sent by the originator")
    public let origMimeTypes = TextListField(
        26, "orig_mime_types", "MIME types, by content, of the files sent by the originator")
    public let respFuids = TextListField(
        27, "resp_fuids", "Identifiers of the files sent by the responder")
    public let respFilenames = TextListField(
        28, "resp_filenames", "Names of the files sent by the responder")
    public let respMimeTypes = TextListField(
        29, "resp_mime_types", "MIME types, by content, of the files sent by the responder")

    public init() {}
}

extension Records {
    public static let http = HTTPRecord()
}
