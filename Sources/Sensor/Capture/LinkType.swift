/// What the first byte of a captured packet belongs to: the LINKTYPE_ numbers of the tcpdump group's registry
/// (https://www.tcpdump.org/linktypes.html).
public struct LinkType: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let null = LinkType(rawValue: 0)
    public static let ethernet = LinkType(rawValue: 1)
    public static let ppp = LinkType(rawValue: 9)
    public static let pppWithHDLC = LinkType(rawValue: 50)
    public static let pppoE = LinkType(rawValue: 51)
    public static let raw = LinkType(rawValue: 101)
    public static let ciscoHDLC = LinkType(rawValue: 104)
    public static let ieee80211 = LinkType(rawValue: 105)
    public static let frameRelay = LinkType(rawValue: 107)
    public static let loop = LinkType(rawValue: 108)
    public static let encapsulated = LinkType(rawValue: 109)
    public static let openBSDFilterLog = LinkType(rawValue: 117)
    public static let prism = LinkType(rawValue: 119)
    public static let linuxCooked = LinkType(rawValue: 113)
    public static let radiotap = LinkType(rawValue: 127)
    public static let avs = LinkType(rawValue: 163)
    public static let perPacketInformation = LinkType(rawValue: 192)
    public static let pppWithDirection = LinkType(rawValue: 204)
    public static let ipv4 = LinkType(rawValue: 228)
    public static let ipv6 = LinkType(rawValue: 229)
    public static let nflog = LinkType(rawValue: 239)
    public static let packetTap = LinkType(rawValue: 258)
    public static let linuxCooked2 = LinkType(rawValue: 276)

    /// From the number in a file or of libpcap; a few systems write their own numbers for raw IP (DLT_RAW 12 and 14).
    public init(fileValue: UInt32) {
        let number = UInt16(truncatingIfNeeded: fileValue)
        self.init(rawValue: number == 12 || number == 14 ? 101 : number)
    }
}
