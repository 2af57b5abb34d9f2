/// Ports on which servers are expected: tells who answers when a connection was picked up in its middle.
struct LikelyServers: Sendable {
    /// Those that Zeek's analyzers have on both transports.
    private static let common: [UInt16] = [53, 88, 389, 443, 3268, 20000]
    /// Those whose connections last for days, so that a sensor that starts finds them open: terminals, SQL Server,
    /// IEC 104, NATS, OPC UA, XMPP, AMQP, remote management of Windows, MongoDB, EtherNet/IP. Zeek does not have them,
    /// but for the last, of ICSNPP.
    private static let lasting: [UInt16] = [
        23, 1433, 2404, 4222, 4840, 5222, 5269, 5671, 5672, 5985, 5986, 27017, 44818,
    ]
    /// EtherNet/IP and BACnet, as ICSNPP has them.
    private static let industrial: [UInt16] = [2222, 44818, 47808]

    static let tcp = LikelyServers(
        common + lasting + [
            21, 22, 25, 80, 81, 102, 110, 135, 139, 143, 445, 465, 502, 563, 585, 587, 614, 631, 636, 853, 989, 990,
            992, 993, 995, 1080, 1434, 1883, 2811, 3128, 3306, 3389, 5061, 5223, 5432, 5900, 6379, 6666, 6667, 6668,
            6669, 8000, 8080, 8088, 8443, 8883, 8888,
        ])
    static let udp = LikelyServers(
        common + industrial + [
            67, 123, 137, 138, 161, 162, 514, 1434, 1812, 2123, 2152, 3544, 4789, 5060, 5072, 5353, 5355, 6081,
        ])

    /// A bit for each port.
    private let bits: [UInt64]

    private init(_ ports: [UInt16]) {
        bits = ports.reduce(into: [UInt64](repeating: 0, count: 1024)) { bits, port in
            bits[Int(port >> 6)] |= 1 << UInt64(port & 63)
        }
    }

    func contains(_ port: UInt16) -> Bool { bits[Int(port >> 6)] >> UInt64(port & 63) & 1 == 1 }

    /// Whether the sender of the first packet seen is more likely the one who answers.
    /// - Parameter isSYNACK: a SYN-ACK that answers a SYN which was missed, or a stealth scan.
    func shouldFlip(source: UInt16, destination: UInt16, isSYNACK: Bool) -> Bool {
        guard contains(source) else { return false }
        return contains(destination) ? !isSYNACK && source < destination : true
    }
}
