/// A message of BACnet/IP.
public struct BACnetRecord: ConnectionRecordSchema {
    public static let name = "bacnet"
    public static let meaning = "A message of BACnet/IP"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let function = TextField(7, "bvlc_function", "Function of the virtual link")
    public let pduType = TextField(8, "pdu_type", "Kind of message of the application layer")
    public let pduService = TextField(9, "pdu_service", "Service that is asked for or answered")
    public let invokeID = NumberField<UInt64>(
        10, "invoke_id", "Number that an answer shares with its request")
    public let resultCode = TextField(
        11, "result_code", "Outcome, or reason of an error, rejection or abort")
    public let sourceNetwork = NumberField<UInt64>(
        12, "snet", "Network of the source, when it is another")
    public let sourceAddressLength = NumberField<UInt64>(
        13, "slen", "Length of the address of the source", unit: .bytes)
    public let sourceAddress = TextField(
        14, "sadr", "Address of the source in its network, in hexadecimal")
    public let destinationNetwork = NumberField<UInt64>(
        15, "dnet", "Network of the destination, when it is another")
    public let destinationAddressLength = NumberField<UInt64>(
        16, "dlen", "Length of the address of the destination", unit: .bytes)
    public let destinationAddress = TextField(
        17, "dadr", "Address of the destination in its network, in hexadecimal")
    public let forwardedAddress = TextField(
        18, "fwd_ip", "Address of the origin of a forwarded message", type: .address)
    public let forwardedPort = NumberField<UInt64>(
        19, "fwd_port", "Port of the origin of a forwarded message")

    public init() {}
}

extension Records {
    public static let bacnet = BACnetRecord()
}
