internal import Shared

/// TACACS+ (RFC 8907), by which administrators log in to routers and switches: bodies are hidden by a shared secret,
/// so the connection is named and no more.
struct TACACSAnalyzer: NamingAnalyzer {
    static let service: StaticString = "tacacs"

    private static let headerLength = 12
    /// Longest body that is believed: the lengths of its parts have 8 and 16 bits.
    private static let bodyLimit: UInt32 = 1 << 17

    /// A header (section 4.1) and the body that it announces: each side waits for the other's message.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let head: UInt32 = try? payload.readBE(at: 0), let length: UInt32 = try? payload.readBE(at: 8)
        else { return .noMatch }
        let (version, kind, sequence, flags) = (head >> 24, head >> 16 & 0xFF, head >> 8 & 0xFF, head & 0xFF)
        // Authentication, authorization, accounting; odd numbers are the client's; unencrypted and single connection
        // are the flags there are. Five bytes are the fixed part of the shortest body.
        guard version == 0xC0 || version == 0xC1, (1...3).contains(kind), flags & ~5 == 0, sequence > 0,
            sequence & 1 == (side == .originator ? 1 : 0), (5...bodyLimit).contains(length)
        else { return .noMatch }
        let whole = headerLength + Int(length)
        if payload.byteCount == whole { return .match }
        // Some write the header by itself.
        return payload.byteCount == headerLength ? .needMore : .noMatch
    }
}
