/// A subscription over MQTT.
public struct MQTTSubscribeRecord: ConnectionRecordSchema {
    public static let name = "mqtt_subscribe"
    public static let meaning = "A subscription over MQTT"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let action = TextField(6, "action", "MQTT::SUBSCRIBE or MQTT::UNSUBSCRIBE")
    public let topics = TextListField(7, "topics", "Topics of interest")
    public let qosLevels = NumberListField(
        8, "qos_levels", "Quality of service asked for, of each topic")
    public let grantedQosLevel = NumberField<UInt64>(
        9, "granted_qos_level", "Quality of service that was granted")
    public let ack = NumberField<Bool>(10, "ack", "The broker has acknowledged it")

    public init() {}
}

extension Records {
    public static let mqttSubscribe = MQTTSubscribeRecord()
}
