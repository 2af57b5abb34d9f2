internal import Shared

/// Dynamic Host Configuration Protocol for IPv6 (RFC 8415): named by a message whose options are whole, and say who
/// asks or since when. Who answers there gives Windows its name servers.
struct DHCPv6Analyzer: NamingAnalyzer {
    static let service: StaticString = "dhcpv6"
    static let transports: Transports = .udp

    /// Options of one message; real ones have under twenty.
    private static let optionLimit = 64
    /// Codes of options that are given (IANA, "Dynamic Host Configuration Protocol for IPv6").
    private static let highestOption: UInt16 = 160
    /// Messages of a client and its server (section 7.3), which begin with four bytes, and of relays, with 34.
    private static let messages: ClosedRange<UInt8> = 1...11
    private static let relayed: ClosedRange<UInt8> = 12...13

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let type = try? payload.byte(at: 0) else { return .noMatch }
        if messages.contains(type) { return isNamed(payload, from: 4, isRelayed: false) ? .match : .noMatch }
        // A relay counts its hops (section 9), up to 32.
        guard relayed.contains(type), let hops = try? payload.byte(at: 1), hops <= 32 else { return .noMatch }
        return isNamed(payload, from: 34, isRelayed: true) ? .match : .noMatch
    }

    /// Options up to the end, one of them telling what every message tells.
    private static func isNamed(_ payload: RawSpan, from start: Int, isRelayed: Bool) -> Bool {
        var (offset, isFound) = (start, false)
        for _ in 0..<optionLimit {
            guard offset < payload.byteCount else { return isFound && offset == payload.byteCount }
            guard let code = try? payload.readBE(at: offset, as: UInt16.self), (1...highestOption).contains(code),
                let length = try? payload.readBE(at: offset + 2, as: UInt16.self)
            else { return false }
            offset += 4
            guard Int(length) <= payload.byteCount - offset else { return false }
            switch code {
            // A client's DUID, of one of four kinds (section 11), and the time since it began to ask.
            case 1 where !isRelayed:
                guard length >= 4, let kind = try? payload.readBE(at: offset, as: UInt16.self), (1...4).contains(kind)
                else { return false }
                isFound = true
            case 8 where !isRelayed:
                guard length == 2 else { return false }
                isFound = true
            // What the relay hands on.
            case 9 where isRelayed:
                guard let type = try? payload.byte(at: offset), (1...13).contains(type) else { return false }
                isFound = true
            default: break
            }
            offset += Int(length)
        }
        return false
    }
}
