/// A request or response of the Common Industrial Protocol.
public struct CIPRecord: ConnectionRecordSchema {
    public static let name = "cip"
    public static let meaning = "A request or response of the Common Industrial Protocol"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let sequenceCount = NumberField<UInt64>(
        7, "cip_sequence_count", "Number of the message within its connection")
    public let direction = TextField(8, "direction", "request or response")
    public let serviceCode = TextField(9, "cip_service_code", "Code of the service, in hexadecimal")
    public let service = TextField(10, "cip_service", "Name of the service")
    public let statusCode = TextField(11, "cip_status_code", "Code of the outcome, in hexadecimal")
    public let status = TextField(12, "cip_status", "Outcome of the request")
    public let extendedStatusCode = TextField(
        13, "cip_extended_status_code", "More on the outcome, in hexadecimal")
    public let classID = TextField(
        14, "class_id", "Class of the object that is asked, in hexadecimal")
    public let className = TextField(15, "class_name", "Name of the class")
    public let instanceID = TextField(16, "instance_id", "Instance of the object, in hexadecimal")
    public let attributeID = TextField(
        17, "attribute_id", "Attribute of the object, in hexadecimal")
    public let symbol = TextField(18, "symbol", "Name of the tag that is read or written")

    public init() {}
}

extension Records {
    public static let cip = CIPRecord()
}
