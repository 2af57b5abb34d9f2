/// A property of an object of BACnet that is read or written.
public struct BACnetPropertyRecord: ConnectionRecordSchema {
    public static let name = "bacnet_property"
    public static let meaning = "A property of an object of BACnet that is read or written"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let invokeID = NumberField<UInt64>(
        7, "invoke_id", "Number that an answer shares with its request")
    public let pduService = TextField(
        8, "pdu_service", "read-property-request, read-property-ack or write-property-request")
    public let objectType = TextField(9, "object_type", "Type of the object")
    public let instanceNumber = NumberField<UInt64>(10, "instance_number", "Number of the object")
    public let property = TextField(11, "property", "Property of the object")
    public let arrayIndex = NumberField<UInt64>(
        12, "array_index", "Place within a property that is an array")
    public let value = TextField(13, "value", "Value that is read or written")

    public init() {}
}

extension Records {
    public static let bacnetProperty = BACnetPropertyRecord()
}
