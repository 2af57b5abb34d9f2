/// An HTTP connection that became a WebSocket.
public struct WebSocketRecord: ConnectionRecordSchema {
    public static let name = "websocket"
    public static let meaning = "An HTTP connection that became a WebSocket"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let host = TextField(6, "host", "Host header of the request")
    public let uri = TextField(7, "uri", "Target of the request")
    public let userAgent = TextField(8, "user_agent", "Program of the client")
    public let subprotocol = TextField(9, "subprotocol", "Protocol that the server chose")
    public let clientProtocols = TextListField(
        10, "client_protocols", "Protocols that the client offered")
    public let serverExtensions = TextListField(
        11, "server_extensions", "Extensions that the server chose")
    public let clientExtensions = TextListField(
        12, "client_extensions", "Extensions that the client offered")

    public init() {}
}

extension Records {
    public static let websocket = WebSocketRecord()
}
