/// A STUN request and its answer.
public struct STUNRecord: ConnectionRecordSchema {
    public static let name = "stun"
    public static let meaning = "A STUN request and its answer"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let method = TextField(6, "method", "What was asked for")
    public let `class` = TextField(7, "class", "How it was answered")
    public let isFromClient = NumberField<Bool>(8, "is_orig", "The originator asked")
    public let mappedH = TextField(
        9, "mapped_h", "Address of the asker as the server sees it", type: .address)
    public let mappedP = NumberField<UInt16>(10, "mapped_p", "Port of the asker as the server sees it")
    public let relayedH = TextField(
        11, "relayed_h", "Address that a relay opened for the asker", type: .address)
    public let relayedP = NumberField<UInt16>(12, "relayed_p", "Port that a relay opened")
    public let peerH = TextField(13, "peer_h", "Address that is reached by a relay", type: .address)
    public let peerP = NumberField<UInt16>(14, "peer_p", "Port that is reached by a relay")
    public let username = TextField(15, "username", "User name")
    public let realm = TextField(16, "realm", "Realm of the server")
    public let software = TextField(17, "software", "Program of either side")
    public let errorCode = NumberField<UInt64>(18, "error_code", "Code of a refusal")
    public let errorMsg = TextField(19, "error_msg", "Text of a refusal")

    public init() {}
}

extension Records {
    public static let stun = STUNRecord()
}
