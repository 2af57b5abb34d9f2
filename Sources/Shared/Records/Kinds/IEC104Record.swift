/// A message of IEC 60870-5-104, or a sum of reports that are alike.
public struct IEC104Record: ConnectionRecordSchema {
    public static let name = "iec104"
    public static let meaning = "A message of IEC 60870-5-104, or a sum of reports that are alike"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let apduType = TextField(7, "apdu_type", "I for information, U for control of the link")
    public let linkFunction = TextField(
        8, "link_function", "What is asked of the link: STARTDT_ACT, STOPDT_CON, ...")
    public let asduType = TextField(
        9, "asdu_type", "Type of the information: M_ME_NC_1, C_SC_NA_1, ...")
    public let asduTypeCode = NumberField<UInt64>(10, "asdu_type_code", "Code of the type")
    public let cause = TextField(11, "cause", "Why it was sent: spontaneous, activation, ...")
    public let isNegative = NumberField<Bool>(12, "negative", "A command was refused")
    public let isTest = NumberField<Bool>(13, "test", "Sent as a test")
    public let originatorAddress = NumberField<UInt64>(
        14, "originator_address", "Address of the station that asked")
    public let commonAddress = NumberField<UInt64>(
        15, "common_address", "Address of the controlled station")
    public let objectAddress = NumberField<UInt64>(
        16, "object_address", "Address of the first object")
    public let objectCount = NumberField<UInt64>(
        17, "object_count", "Objects, all messages summed up")
    public let asduCount = NumberField<UInt64>(18, "asdu_count", "Messages that are summed up")
    public let command = TextField(19, "command", "What is commanded: on, off, lower or higher")
    public let isSelect = NumberField<Bool>(
        20, "select", "The command selects, and does not execute yet")
    public let value = DoubleField(21, "value", "Value that is set")

    public init() {}
}

extension Records {
    public static let iec104 = IEC104Record()
}
