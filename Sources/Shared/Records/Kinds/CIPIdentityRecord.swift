/// What a device of EtherNet/IP says of itself.
public struct CIPIdentityRecord: ConnectionRecordSchema {
    public static let name = "cip_identity"
    public static let meaning = "What a device of EtherNet/IP says of itself"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let encapsulationVersion = NumberField<UInt64>(
        7, "encapsulation_version", "Version of the encapsulation")
    public let socketAddress = TextField(
        8, "socket_address", "Address the device says it has", type: .address)
    public let socketPort = NumberField<UInt64>(9, "socket_port", "Port the device says it has")
    public let vendorID = NumberField<UInt64>(10, "vendor_id", "Number of the maker")
    public let vendorName = TextField(11, "vendor_name", "Name of the maker")
    public let deviceTypeID = NumberField<UInt64>(
        12, "device_type_id", "Number of the type of device")
    public let deviceTypeName = TextField(13, "device_type_name", "Type of device")
    public let productCode = NumberField<UInt64>(14, "product_code", "Number of the product")
    public let revision = TextField(15, "revision", "Revision, major and minor")
    public let deviceStatus = TextField(16, "device_status", "Status of the device, in hexadecimal")
    public let serialNumber = TextField(17, "serial_number", "Serial number, in hexadecimal")
    public let productName = TextField(18, "product_name", "Name of the product")
    public let deviceState = TextField(19, "device_state", "State of the device, in hexadecimal")

    public init() {}
}

extension Records {
    public static let cipIdentity = CIPIdentityRecord()
}
