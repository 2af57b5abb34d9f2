/// A session of MQTT.
public struct MQTTConnectRecord: ConnectionRecordSchema {
    public static let name = "mqtt_connect"
    public static let meaning = "A session of MQTT"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let protoName = TextField(6, "proto_name", "MQTT or MQIsdp")
    public let protoVersion = TextField(7, "proto_version", "3.1, 3.1.1 or 5.0")
    public let clientId = TextField(8, "client_id", "How the client calls itself")
    public let connectStatus = TextField(9, "connect_status", "What the broker answered")
    public let willTopic = TextField(10, "will_topic", "Topic of the last will")
    public let willPayload = TextField(11, "will_payload", "Beginning of the last will")
    public let username = TextField(12, "username", "User that logs in")

    public init() {}
}

extension Records {
    public static let mqttConnect = MQTTConnectRecord()
}
