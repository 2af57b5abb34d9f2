import Shared

/// What the headers of one packet say. Offsets are from the start of the bytes that were decoded.
struct DecodedPacket {
    /// No VLAN tag.
    static let noVLAN: UInt16 = 0xFFFF

    var sourceMAC = MACAddress(bits: 0)
    var destinationMAC = MACAddress(bits: 0)
    var hasMAC = false
    /// Outer and inner VLAN identifiers, ``noVLAN`` where there is none.
    var vlan = DecodedPacket.noVLAN
    var innerVLAN = DecodedPacket.noVLAN

    var source = IPAddress(high: 0, low: 0)
    var destination = IPAddress(high: 0, low: 0)
    /// Where the first frame of an aggregate begins; 0 when there is none.
    var nextSubframe = 0

    /// IANA's number of what the IP packet carries, extension headers passed over.
    var ipProtocol: UInt8 = 0
    /// Time to live, or hop limit; and whether IPv4 forbids fragments.
    var hopLimit: UInt8 = 0
    var mayNotFragment = false
    /// IP bytes on the wire, header included.
    var ipLength = 0
    /// Where the IP payload (the transport header) begins, its length on the wire, and how much was captured.
    var payloadOffset = 0
    var payloadLength = 0
    var payloadCaptured = 0

    // A fragment: byte offset, whether more follow, identification.
    var isFragment = false
    var fragmentOffset = 0
    var moreFragments = false
    var fragmentID: UInt32 = 0

    // Transport. For ICMP the source port is the type and the destination port the code.
    var sourcePort: UInt16 = 0
    var destinationPort: UInt16 = 0
    var sequence: UInt32 = 0
    var acknowledgement: UInt32 = 0
    var flags = TCPFlags(rawValue: 0)
    var window: UInt16 = 0
    /// Where application data begins, its length on the wire, and how much was captured.
    var dataOffset = 0
    var dataLength = 0
    var dataCaptured = 0
}

/// Control bits of a TCP header (RFC 9293 §3.1).
struct TCPFlags: OptionSet {
    let rawValue: UInt8
    static let fin = TCPFlags(rawValue: 1)
    static let syn = TCPFlags(rawValue: 2)
    static let rst = TCPFlags(rawValue: 4)
    static let psh = TCPFlags(rawValue: 8)
    static let ack = TCPFlags(rawValue: 16)
    static let urg = TCPFlags(rawValue: 32)
}

/// Why a packet, or a part of it, was not followed further.
public enum DecodeReason: Int, CaseIterable, Sendable {
    case cutLinkHeader, cutIPHeader, cutTransportHeader
    case badLinkHeader, badIPHeader, badTransportHeader
    case unknownLinkType, unknownEtherType, unknownTransport
    case arp, wireless, tooManyLayers, zeroIPLength, fragmentRefused, badTunnelHeader, noNextHeader

    /// In metrics and the output of `--json`.
    public var name: String {
        switch self {
        case .cutLinkHeader: "cut_link_header"
        case .cutIPHeader: "cut_ip_header"
        case .cutTransportHeader: "cut_transport_header"
        case .badLinkHeader: "bad_link_header"
        case .badIPHeader: "bad_ip_header"
        case .badTransportHeader: "bad_transport_header"
        case .unknownLinkType: "unknown_link_type"
        case .unknownEtherType: "unknown_ether_type"
        case .unknownTransport: "unknown_transport"
        case .arp: "arp"
        case .wireless: "wireless"
        case .tooManyLayers: "too_many_layers"
        case .zeroIPLength: "zero_ip_length"
        case .fragmentRefused: "fragment_refused"
        case .badTunnelHeader: "bad_tunnel_header"
        case .noNextHeader: "no_next_header"
        }
    }
}
