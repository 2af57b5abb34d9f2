/// A message of the Internet Key Exchange.
public struct IPsecRecord: ConnectionRecordSchema {
    public static let name = "ipsec"
    public static let meaning = "A message of the Internet Key Exchange"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isOrig = NumberField<Bool>(6, "is_orig", "Sent by the originator")
    public let initiatorSpi = TextField(7, "initiator_spi", "Security parameter index of the initiator, hexadecimal")
    public let responderSpi = TextField(8, "responder_spi", "Security parameter index of the responder, hexadecimal")
    public let majVer = NumberField<UInt64>(9, "maj_ver", "Major version, 1 or 2")
    public let minVer = NumberField<UInt64>(10, "min_ver", "Minor version")
    public let exchangeType = NumberField<UInt64>(11, "exchange_type", "Exchange as a number")
    public let flagE = NumberField<Bool>(12, "flag_e", "Version 1: what follows is encrypted")
    public let flagC = NumberField<Bool>(13, "flag_c", "Version 1: commit")
    public let flagA = NumberField<Bool>(14, "flag_a", "Version 1: authenticated, not encrypted")
    public let flagI = NumberField<Bool>(15, "flag_i", "Version 2: sent by the first initiator")
    public let flagV = NumberField<Bool>(16, "flag_v", "Version 2: a higher version is understood")
    public let flagR = NumberField<Bool>(17, "flag_r", "Version 2: an answer")
    public let messageId = NumberField<UInt64>(18, "message_id", "Number of the message")
    public let vendorIds = TextListField(19, "vendor_ids", "Vendors and features that are named, hexadecimal")
    public let notifyMessages = TextListField(20, "notify_messages", "Kinds of the notices")
    public let keDhGroups = NumberListField(21, "ke_dh_groups", "Groups of the key exchange")
    public let transforms = TextListField(
        22, "transforms", "Algorithms that are proposed or chosen")
    public let transformAttributes = TextListField(
        23, "transform_attributes", "Their attributes: proposal, transform, name and value")
    public let proposals = NumberListField(
        24, "proposals", "Numbers of the proposals")
    public let length = NumberField<UInt64>(
        25, "length", "Length of the message", unit: .bytes)

    public init() {}
}

extension Records {
    public static let ipsec = IPsecRecord()
}
