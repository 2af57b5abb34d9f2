/// A message published over MQTT.
public struct MQTTPublishRecord: ConnectionRecordSchema {
    public static let name = "mqtt_publish"
    public static let meaning = "A message published over MQTT"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let fromClient = NumberField<Bool>(
        6, "from_client", "The client sent it, not the broker")
    public let retain = NumberField<Bool>(7, "retain", "The broker keeps it for later subscribers")
    public let qos = TextField(8, "qos", "at most once, at least once or exactly once")
    public let status = TextField(9, "status", "ok, or how far the acknowledgement came")
    public let topic = TextField(10, "topic", "Topic that it was published to")
    public let payload = TextField(11, "payload", "Its first 100 bytes")
    public let payloadLen = NumberField<UInt64>(12, "payload_len", "Bytes of the whole message")

    public init() {}
}

extension Records {
    public static let mqttPublish = MQTTPublishRecord()
}
