/// A search for devices or objects of BACnet, or an answer to one.
public struct BACnetDiscoveryRecord: ConnectionRecordSchema {
    public static let name = "bacnet_discovery"
    public static let meaning = "A search for devices or objects of BACnet, or an answer to one"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let pduService = TextField(7, "pdu_service", "who-is, i-am, who-has or i-have")
    public let objectType = TextField(8, "object_type", "Type of the object")
    public let instanceNumber = NumberField<UInt64>(9, "instance_number", "Number of the object")
    public let vendor = TextField(10, "vendor", "Maker of the device: its name, or its number")
    public let range = TextField(
        11, "range", "Numbers of the devices that are searched for, or All")
    public let objectName = TextField(12, "object_name", "Name of the object")

    public init() {}
}

extension Records {
    public static let bacnetDiscovery = BACnetDiscoveryRecord()
}
