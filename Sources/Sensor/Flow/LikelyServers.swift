/// Ports on which servers are expected: tells who answers when a connection was picked up in its middle.
enum LikelyServers {
    private static let ports: [UInt16] = [
        21, 22, 25, 53, 67, 80, 81, 88, 102, 110, 123, 135, 137, 138, 139, 143, 161, 162, 389, 443, 445, 465, 502, 514,
        563, 585, 587, 614, 631, 636, 853, 989, 990, 992, 993, 995, 1080, 1434, 1812, 1883, 2123, 2152, 2811, 3128,
        3268, 3306, 3389, 3544, 4789, 5060, 5061, 5072, 5223, 5353, 5355, 5432, 5900, 6081, 6379, 6666, 6667, 6668,
        6669, 8000, 8080, 8088, 8443, 8883, 8888, 20000,
    ]
    /// A bit for each port.
    private static let bits: [UInt64] = ports.reduce(into: [UInt64](repeating: 0, count: 1024)) { bits, port in
        bits[Int(port >> 6)] |= 1 << UInt64(port & 63)
    }

    static func contains(_ port: UInt16) -> Bool { bits[Int(port >> 6)] >> UInt64(port & 63) & 1 == 1 }

    /// Whether the sender of the first packet seen is more likely the one who answers.
    /// - Parameter isSYNACK: a SYN-ACK that answers a SYN which was missed, or a stealth scan.
    static func shouldFlip(source: UInt16, destination: UInt16, isSYNACK: Bool) -> Bool {
        guard contains(source) else { return false }
        return contains(destination) ? !isSYNACK && source < destination : true
    }
}
