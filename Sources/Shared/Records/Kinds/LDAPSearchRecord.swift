/// An LDAP search.
public struct LDAPSearchRecord: ConnectionRecordSchema {
    public static let name = "ldap_search"
    public static let meaning = "An LDAP search"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let messageId = NumberField<UInt64>(6, "message_id", "Identifier of the message")
    public let scope = TextField(7, "scope", "How deep was searched")
    public let derefAliases = TextField(8, "deref_aliases", "How aliases were followed")
    public let baseObject = TextField(9, "base_object", "Where the search began")
    public let resultCount = NumberField<UInt64>(
        10, "result_count", "Entries that were returned", unit: .items)
    public let result = TextField(11, "result", "Result of the search")
    public let diagnosticMessage = TextField(12, "diagnostic_message", "Explanation by the server")
    public let filter = TextField(13, "filter", "Filter of the search")
    public let attributes = TextListField(14, "attributes", "Attributes that were asked for")

    public init() {}
}

extension Records {
    public static let ldapSearch = LDAPSearchRecord()
}
