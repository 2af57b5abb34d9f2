/// A DNS query and its answer.
public struct DNSRecord: ConnectionRecordSchema {
    public static let name = "dns"
    public static let meaning = "A DNS query and its answer"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let proto = TextField(6, "proto", "Transport: tcp or udp")
    public let transId = NumberField<UInt64>(7, "trans_id", "Identifier of the query")
    public let rtt = NumberField<Interval>(
        8, "rtt", "From the query to its first answer", unit: .seconds)
    public let query = TextField(9, "query", "Name that was asked for")
    public let qclass = NumberField<UInt64>(10, "qclass", "Class of the query as a number")
    public let qclassName = TextField(11, "qclass_name", "Class of the query: C_INTERNET, ...")
    public let qtype = NumberField<UInt64>(12, "qtype", "Type of the query as a number")
    public let qtypeName = TextField(13, "qtype_name", "Type of the query: A, AAAA, TXT, ...")
    public let rcode = NumberField<UInt64>(14, "rcode", "Response code as a number")
    public let rcodeName = TextField(15, "rcode_name", "Response code: NOERROR, NXDOMAIN, ...")
    public let aa = NumberField<Bool>(16, "AA", "Answer is authoritative")
    public let tc = NumberField<Bool>(17, "TC", "Message was cut to fit")
    public let rd = NumberField<Bool>(18, "RD", "Recursion was wanted")
    public let ra = NumberField<Bool>(19, "RA", "Recursion is offered")
    public let z = NumberField<UInt64>(20, "Z", "Reserved bits of the header")
    public let answers = TextListField(21, "answers", "Answers as text, in order")
    public let ttls = NumberListField(
        22, "TTLs", "Time to live of each answer", unit: .seconds, type: .intervals)
    public let rejected = NumberField<Bool>(23, "rejected", "The server refused the query")
    public let opcode = NumberField<UInt64>(24, "opcode", "Kind of message as a number")
    public let opcodeName = TextField(25, "opcode_name", "Kind of message: query, update, ...")
    public let auth = TextListField(26, "auth", "Names or data of the authority section")
    public let addl = TextListField(27, "addl", "Names or data of the additional section")

    public init() {}
}

extension Records {
    public static let dns = DNSRecord()
}
