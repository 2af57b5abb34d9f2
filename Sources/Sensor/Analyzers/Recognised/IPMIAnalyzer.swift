internal import Shared

/// IPMI over LAN (IPMI v2.0 section 13) and ASF, which power servers on and off and open their consoles.
struct IPMIAnalyzer: NamingAnalyzer {
    static let service: StaticString = "ipmi"
    static var transports: Transports { .udp }

    /// RMCP's version 1.0, a reserved byte, no acknowledgement wanted (section 13.1.3).
    private static let head: UInt32 = 0x0600_FF00

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let first: UInt32 = try? payload.readBE(at: 0), first & 0xFFFF_FF00 == head else { return .noMatch }
        switch first & 0xFF {
        // ASF: the number of an enterprise, 4542, and a kind.
        case 6: return (try? payload.readBE(at: 4, as: UInt32.self)) == 4542 ? .match : .noMatch
        // IPMI: none, MD2, MD5, a password, of its maker's, or that of version 2.
        case 7:
            guard let kind = try? payload.byte(at: 4), kind <= 6, payload.byteCount >= 14 else { return .noMatch }
            return .match
        default: return .noMatch
        }
    }
}
