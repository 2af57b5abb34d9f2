internal import Shared

/// WireGuard (wireguard.com/protocol): named by the type and the exact length of a message; where the reserved bytes
/// tell whose they are, as those of Cloudflare's WARP do, by several messages of data.
struct WireGuardAnalyzer: NamingAnalyzer {
    static let service: StaticString = "wireguard"
    static let transports: Transports = .udp
    static let fewestDatagrams = 4

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
        default: return type & 0xFF == 4 && isTransport(payload) ? .needMore : .noMatch
        }
    }

    /// Those with one set of reserved bytes, to one receiver, each with a later counter than the one before it.
    static func probe(_ held: HeldPayload, datagramsFrom side: Side) -> ProbeResult {
        let bytes = held.bytes[side]
        var last: (head: UInt64, counter: UInt32)?
        var count = 0
        for piece in held.pieces where piece.side == side {
            let message = bytes.span.bytes.extracting(piece.range)
            guard (try? message.byte(at: 0)) == 4, (try? message.readLE(at: 12, as: UInt32.self)) == 0,
                let head: UInt64 = try? message.readLE(at: 0), let counter: UInt32 = try? message.readLE(at: 8)
            else { continue }
            let step = counter &- (last?.counter ?? 0)
            count = last?.head == head && (1...widestStep).contains(step) ? count + 1 : 1
            last = (head, counter)
        }
        return count >= fewestDatagrams ? .match : .needMore
    }

    /// Counters that may be missing between two messages which are seen.
    private static let widestStep: UInt32 = 16

    /// Content is padded to sixteen bytes; a receiver was chosen, and no counter passes 2^32 before keys change.
    private static func isTransport(_ payload: RawSpan) -> Bool {
        guard payload.byteCount >= 32, payload.byteCount % 16 == 0, let high: UInt32 = try? payload.readLE(at: 12),
            let receiver: UInt32 = try? payload.readLE(at: 4)
        else { return false }
        return high == 0 && receiver > 0xFFFF
    }
}
