/// One connection, at its end: who, what, how much.
public struct ConnRecord: ConnectionRecordSchema {
    public static let name = "conn"
    public static let meaning = "One connection, at its end: who, what, how much"

    public let ts = NumberField<Timestamp>(
        0, "ts", "When the first packet or message of it was seen")
    public let uid = TextField(
        1, "uid", "Identifier of the connection, the same in every record of it")
    public let origH = TextField(2, "id.orig_h", "Address of the originator", type: .address)
    public let origP = NumberField<UInt16>(3, "id.orig_p", "Port of the originator")
    public let respH = TextField(4, "id.resp_h", "Address of the responder", type: .address)
    public let respP = NumberField<UInt16>(5, "id.resp_p", "Port of the responder")
    public let proto = TextField(6, "proto", "Transport: tcp, udp or icmp")
    public let service = TextListField(
        7, "service", "Application protocols found by content, in order")
    public let duration = NumberField<Interval>(
        8, "duration", "From the first to the last packet", unit: .seconds)
    public let origBytes = NumberField<UInt64>(
        9, "orig_bytes", "Payload sent by the originator", unit: .bytes)
    public let respBytes = NumberField<UInt64>(
        10, "resp_bytes", "Payload sent by the responder", unit: .bytes)
    public let connState = TextField(
        11, "conn_state", "How it began and ended, with Zeek's meaning: S0, SF, REJ, ...")
    public let localOrig = NumberField<Bool>(
        12, "local_orig", "Whether the originator is in a private network")
    public let localResp = NumberField<Bool>(
        13, "local_resp", "Whether the responder is in a private network")
    public let missedBytes = NumberField<UInt64>(
        14, "missed_bytes", "Payload that was acknowledged but never seen", unit: .bytes)
    public let history = TextField(
        15, "history", "What happened, a letter an event, upper case from the originator, with Zeek's meaning")
    public let origPkts = NumberField<UInt64>(
        16, "orig_pkts", "Packets sent by the originator", unit: .packets)
    public let origIpBytes = NumberField<UInt64>(
        17, "orig_ip_bytes", "IP bytes sent by the originator, headers included", unit: .bytes)
    public let respPkts = NumberField<UInt64>(
        18, "resp_pkts", "Packets sent by the responder", unit: .packets)
    public let respIpBytes = NumberField<UInt64>(
        19, "resp_ip_bytes", "IP bytes sent by the responder, headers included", unit: .bytes)
    public let tunnelParents = TextListField(
        20, "tunnel_parents", "Identifiers of the tunnels that carried it")
    public let ipProto = NumberField<UInt64>(21, "ip_proto", "IP protocol number")
    public let vlan = NumberField<UInt64>(22, "vlan", "Outer VLAN identifier")
    public let innerVlan = NumberField<UInt64>(23, "inner_vlan", "Inner VLAN identifier of QinQ")
    public let origL2Addr = TextField(24, "orig_l2_addr", "MAC address of the originator's side")
    public let respL2Addr = TextField(25, "resp_l2_addr", "MAC address of the responder's side")
    public let communityId = TextField(
        26, "community_id", "Community ID version 1 of the connection")
    public let interimOrigBytes = NumberField<UInt64>(
        27, "interim_orig_bytes", "Part of orig_bytes that conn_interim records have told already", unit: .bytes)
    public let interimRespBytes = NumberField<UInt64>(
        28, "interim_resp_bytes", "Part of resp_bytes that conn_interim records have told already", unit: .bytes)
    public let interimOrigPkts = NumberField<UInt64>(
        29, "interim_orig_pkts", "Part of orig_pkts that conn_interim records have told already", unit: .packets)
    public let interimRespPkts = NumberField<UInt64>(
        30, "interim_resp_pkts", "Part of resp_pkts that conn_interim records have told already", unit: .packets)
    public let origRtt = NumberField<Interval>(
        31, "orig_rtt", "Round trip between sensor and originator in the TCP handshake", unit: .seconds)
    public let respRtt = NumberField<Interval>(
        32, "resp_rtt", "Round trip between sensor and responder in the TCP handshake", unit: .seconds)
    public let origRetransmits = NumberField<UInt64>(
        33, "orig_retransmits", "Segments that the originator sent again", unit: .packets)
    public let respRetransmits = NumberField<UInt64>(
        34, "resp_retransmits", "Segments that the responder sent again", unit: .packets)
    public let origSyn = TextField(
        35, "orig_syn",
        "What the originator's SYN tells of its system: hop limit, window, MSS, window scale, options in order, flags")
    public let respSyn = TextField(36, "resp_syn", "The same of the responder's SYN-ACK")
    public let origOs = TextField(
        37, "orig_os", "Family of systems whose SYN looks like the originator's: windows, linux, apple, bsd, scanner")
    public let firstSizes = NumberListField(
        38, "first_sizes", "Payload of its first packets that have some; of encrypted and of unknown connections",
        unit: .bytes)
    public let firstSides = TextField(
        39, "first_sides", "Who sent each of first_sizes: o or r a packet")
    public let firstGaps = NumberListField(
        40, "first_gaps", "Time between the packets of first_sizes", unit: .seconds, type: .intervals)
    public let origEntropy = DoubleField(
        41, "orig_entropy", "Bits a byte of the originator's first payload, when no protocol was recognised")
    public let respEntropy = DoubleField(
        42, "resp_entropy", "Bits a byte of the responder's first payload, when no protocol was recognised")
    public let origPayload = TextField(
        43, "orig_payload",
        "First payload of the originator, when no protocol was recognised: printable, encrypted, binary or zeros")
    public let respPayload = TextField(44, "resp_payload", "The same of the responder's first payload")

    public init() {}
}

extension Records {
    public static let conn = ConnRecord()
}
