internal import Shared

/// DHCP for IPv6 (RFC 8415): named by a message whose options fill it exactly and say who sends it. Whoever answers on
/// a network that has no such server gets the traffic of all its clients.
struct DHCPv6Analyzer: NamingAnalyzer {
    static let service: StaticString = "dhcpv6"
    static var transports: Transports { .udp }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let kind = try? payload.byte(at: 0) else { return .noMatch }
        switch kind {
        // SOLICIT to INFORMATION-REQUEST: the kind and three bytes of number (section 8); the client's or the
        // server's identifier is always there.
        case 1...11: return hasOptions(payload, from: 4) { $0 == 1 || $0 == 2 } ? .match : .noMatch
        // Relays (section 9): hops and two addresses, and the message that they relay.
        case 12, 13: return hasOptions(payload, from: 34) { $0 == 9 } ? .match : .noMatch
        default: return .noMatch
        }
    }

    /// Whether options fill the rest, and one of them is what is looked for.
    private static func hasOptions(_ payload: RawSpan, from start: Int, _ isWanted: (UInt16) -> Bool) -> Bool {
        var (offset, isFound) = (start, false)
        while offset < payload.byteCount {
            guard let code: UInt16 = try? payload.readBE(at: offset),
                let length: UInt16 = try? payload.readBE(at: offset + 2), code > 0, code < 1024
            else { return false }
            if isWanted(code), length >= 4 { isFound = true }
            offset += 4 + Int(length)
        }
        return isFound && offset == payload.byteCount
    }
}
