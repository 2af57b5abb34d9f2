/// A mail on its way.
public struct SMTPRecord: ConnectionRecordSchema {
    public static let name = "smtp"
    public static let meaning = "A mail on its way"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let transDepth = NumberField<UInt64>(
        6, "trans_depth", "Number of the mail on its connection, from 1")
    public let helo = TextField(7, "helo", "Name in HELO or EHLO")
    public let mailfrom = TextField(8, "mailfrom", "Sender of the envelope")
    public let rcptto = TextListField(9, "rcptto", "Recipients of the envelope")
    public let date = TextField(10, "date", "Date header")
    public let `from` = TextField(11, "from", "From header")
    public let `to` = TextListField(12, "to", "To header")
    public let cc = TextListField(13, "cc", "Cc header")
    public let replyTo = TextField(14, "reply_to", "Reply-To header")
    public let msgId = TextField(15, "msg_id", "Message-ID header")
    public let inReplyTo = TextField(16, "in_reply_to", "In-Reply-To header")
    public let subject = TextField(17, "subject", "Subject header")
    public let xOriginatingIp = TextField(
        18, "x_originating_ip", "X-Originating-IP header", type: .address)
    public let firstReceived = TextField(19, "first_received", "Oldest Received header")
    public let secondReceived = TextField(20, "second_received", "Second oldest Received header")
    public let lastReply = TextField(21, "last_reply", "Last reply of the server")
    public let path = TextListField(22, "path", "Servers the mail has passed")
    public let userAgent = TextField(23, "user_agent", "Program that wrote the mail")
    public let tls = NumberField<Bool>(24, "tls", "The connection changed to TLS")
    public let fuids = TextListField(25, "fuids", "Identifiers of the files in the mail")

    public init() {}
}

extension Records {
    public static let smtp = SMTPRecord()
}
