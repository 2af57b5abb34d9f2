internal import Shared

/// WireGuard (wireguard.com/protocol): named by the type and the exact length of a message.
struct WireGuardAnalyzer: NamingAnalyzer {
    static let service: StaticString = "wireguard"
    static let transports: Transports = .udp

    /// Lengths of a handshake's initiation and response, and of a cookie reply.
    private static let initiationLength = 148
    private static let responseLength = 92
    private static let cookieLength = 64

    /// One byte of type and three reserved ones, which are zero.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let type: UInt32 = try? payload.readLE(at: 0) else { return .noMatch }
        switch type {
        case 1: return payload.byteCount == initiationLength ? .match : .noMatch
        case 2: return payload.byteCount == responseLength ? .match : .noMatch
        case 3: return payload.byteCount == cookieLength ? .match : .noMatch
        case 4: return isTransport(payload) ? .match : .noMatch
        default: return .noMatch
        }
    }

    /// Content is padded to sixteen bytes; a receiver was chosen, and no counter passes 2^32 before keys change.
    private static func isTransport(_ payload: RawSpan) -> Bool {
        guard payload.byteCount >= 32, payload.byteCount % 16 == 0, let high: UInt32 = try? payload.readLE(at: 12),
            let receiver: UInt32 = try? payload.readLE(at: 4)
        else { return false }
        return high == 0 && receiver > 0xFFFF
    }
}
