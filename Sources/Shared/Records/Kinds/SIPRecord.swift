/// A SIP request and its answer.
public struct SIPRecord: ConnectionRecordSchema {
    public static let name = "sip"
    public static let meaning = "A SIP request and its answer"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let transDepth = NumberField<UInt64>(
        6, "trans_depth", "Always 0, as Zeek writes it")
    public let method = TextField(7, "method", "Method of the request")
    public let uri = TextField(8, "uri", "Target of the request")
    public let date = TextField(9, "date", "Date header of the request")
    public let requestFrom = TextField(10, "request_from", "Caller in the request, without its tag")
    public let requestTo = TextField(11, "request_to", "Callee in the request")
    public let responseFrom = TextField(12, "response_from", "Caller in the answer, without its tag")
    public let responseTo = TextField(13, "response_to", "Callee in the answer")
    public let replyTo = TextField(14, "reply_to", "Reply-To header of the request")
    public let callId = TextField(15, "call_id", "Identifier of the call")
    public let seq = TextField(16, "seq", "Number and method in the CSeq header")
    public let subject = TextField(17, "subject", "Subject of the call")
    public let requestPath = TextListField(
        18, "request_path", "Hops that the request took (Via headers)")
    public let responsePath = TextListField(
        19, "response_path", "Hops that the answer took (Via headers)")
    public let userAgent = TextField(20, "user_agent", "Program of the caller")
    public let statusCode = NumberField<UInt64>(21, "status_code", "Status code of the answer")
    public let statusMsg = TextField(22, "status_msg", "Text of the answer's status")
    public let warning = TextField(23, "warning", "Warning header of the answer")
    public let requestBodyLen = NumberField<UInt64>(
        24, "request_body_len", "Size of the request's body", unit: .bytes)
    public let responseBodyLen = NumberField<UInt64>(
        25, "response_body_len", "Size of the answer's body", unit: .bytes)
    public let contentType = TextField(26, "content_type", "Type of the answer's body")

    public init() {}
}

extension Records {
    public static let sip = SIPRecord()
}
