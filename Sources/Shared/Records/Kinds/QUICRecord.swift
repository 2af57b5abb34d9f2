/// A QUIC connection's opening.
public struct QUICRecord: ConnectionRecordSchema {
    public static let name = "quic"
    public static let meaning = "A QUIC connection's opening"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let version = TextField(6, "version", "Version: 1, quicv2, draft-29, ...")
    public let clientInitialDcid = TextField(
        7, "client_initial_dcid", "First destination connection ID that the client chose, in hexadecimal")
    public let clientScid = TextField(8, "client_scid", "The client's own connection ID; absent when it is empty")
    public let serverScid = TextField(9, "server_scid", "The server's own connection ID; absent when it is empty")
    public let serverName = TextField(10, "server_name", "Host name that the client asked for (SNI)")
    public let clientProtocol = TextField(11, "client_protocol", "First application protocol that the client offers")
    public let history = TextField(
        12, "history",
        "Packets in order, the client's in capitals: I initial, S hello, H handshake, Z 0-RTT, R retry, O 1-RTT")

    public init() {}
}

extension Records {
    public static let quic = QUICRecord()
}
