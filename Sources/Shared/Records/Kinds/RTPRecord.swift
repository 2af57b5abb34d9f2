/// What one source of RTP sent on a connection.
///
/// A kind of our own: Zeek has no log of RTP.
public struct RTPRecord: ConnectionRecordSchema {
    public static let name = "rtp"
    public static let meaning = "Voice or video of one source (RTP), with its losses and its jitter"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let isFromOriginator = NumberField<Bool>(6, "is_orig", "The originator sent it")
    public let ssrc = NumberField<UInt64>(7, "ssrc", "Number of the source")
    public let payloadType = NumberField<UInt64>(8, "payload_type", "Payload type that most of its packets have")
    public let codec = TextField(
        9, "codec", "What the payload type stands for, of itself or by SIP; dynamic when its agreement was not seen")
    public let clockRate = NumberField<UInt64>(
        10, "clock_rate", "Ticks a second of its timestamps, measured when the payload type does not tell them")
    public let duration = NumberField<Interval>(11, "duration", "From its first packet to its last")
    public let packets = NumberField<UInt64>(12, "packets", "Packets seen")
    public let lost = NumberField<UInt64>(13, "lost", "Packets that lack, by their numbers")
    public let late = NumberField<UInt64>(14, "late", "Packets behind a later one, or sent twice")
    public let jitter = NumberField<Interval>(
        15, "jitter", "How unevenly its packets came, at its end, as RFC 3550 reckons it")
    public let callId = TextField(16, "call_id", "Call-ID of the SIP call that agreed on it")

    public init() {}
}

extension Records {
    public static let rtp = RTPRecord()
}
