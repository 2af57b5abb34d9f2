internal import Shared

/// The Border Gateway Protocol (RFC 4271 section 4): named by any whole message, as its sessions last for months.
struct BGPAnalyzer: NamingAnalyzer {
    static let service: StaticString = "bgp"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // A marker of ones, a length, the kind.
        guard let first: UInt64 = try? payload.readBE(at: 0), first == .max,
            let second: UInt64 = try? payload.readBE(at: 8), second == .max,
            let length: UInt16 = try? payload.readBE(at: 16), let kind = try? payload.byte(at: 18)
        else { return .noMatch }
        let isRight =
            switch kind {
            case 1: (29...4096).contains(length) && (try? payload.byte(at: 19)) == 4  // OPEN, version 4
            // These may be longer than 4096 bytes (RFC 8654).
            case 2: length >= 23  // UPDATE
            case 3: length >= 21  // NOTIFICATION
            case 4: length == 19  // KEEPALIVE
            case 5: length == 23 || length >= 27  // ROUTE-REFRESH (RFC 2918), with filters (RFC 5291)
            default: false
            }
        return isRight ? .match : .noMatch
    }
}

/// The control connection of the Point-to-Point Tunneling Protocol (RFC 2637 section 2.1): a VPN of old.
struct PPTPAnalyzer: NamingAnalyzer {
    static let service: StaticString = "pptp"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // A start's request or reply of 156 bytes: length, control message, magic cookie, kind.
        guard let length: UInt16 = try? payload.readBE(at: 0), length == 156,
            (try? payload.readBE(at: 2, as: UInt16.self)) == 1,
            (try? payload.readBE(at: 4, as: UInt32.self)) == 0x1A2B_3C4D,
            let kind: UInt16 = try? payload.readBE(at: 8), kind == 1 || kind == 2
        else { return .noMatch }
        return .match
    }
}

/// The Layer Two Tunneling Protocol (RFC 2661 section 3.1): named by a control message, mostly that which begins it.
struct L2TPAnalyzer: NamingAnalyzer {
    static let service: StaticString = "l2tp"
    static var transports: Transports { .udp }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // Control, with length and numbers, version 2; the first pair is the kind of message, which is mandatory.
        guard let flags: UInt16 = try? payload.readBE(at: 0), flags & 0xFF0F == 0xC802,
            let length: UInt16 = try? payload.readBE(at: 2), Int(length) == payload.byteCount,
            (try? payload.readBE(at: 12, as: UInt32.self)) == 0x8008_0000,
            (try? payload.readBE(at: 16, as: UInt16.self)) == 0,
            let kind: UInt16 = try? payload.readBE(at: 18), (1...16).contains(kind)
        else { return .noMatch }
        return .match
    }
}
