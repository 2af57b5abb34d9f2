/// An LDAP operation other than a search.
public struct LDAPRecord: ConnectionRecordSchema {
    public static let name = "ldap"
    public static let meaning = "An LDAP operation other than a search"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let messageId = NumberField<UInt64>(6, "message_id", "Identifier of the message")
    public let version = NumberField<UInt64>(7, "version", "Version of the protocol")
    public let opcode = TextField(8, "opcode", "Operation: bind simple, modify, ...")
    public let result = TextField(9, "result", "Result of the operation")
    public let diagnosticMessage = TextField(10, "diagnostic_message", "Explanation by the server")
    public let object = TextField(11, "object", "Object that was meant")
    public let argument = TextField(12, "argument", "Argument, such as the method of a bind")

    public init() {}
}

extension Records {
    public static let ldap = LDAPRecord()
}
