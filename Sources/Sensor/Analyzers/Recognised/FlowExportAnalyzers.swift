internal import Shared

/// NetFlow of versions 5 (Cisco, "NetFlow Services Solutions Guide") and 9 (RFC 3954), what routers tell of their
/// connections.
struct NetFlowAnalyzer: NamingAnalyzer {
    static let service: StaticString = "netflow"
    static var transports: Transports { .udp }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let version: UInt16 = try? payload.readBE(at: 0), let count: UInt16 = try? payload.readBE(at: 2),
            count > 0
        else { return .noMatch }
        switch version {
        // At most 30 records of 48 bytes.
        case 5: return count <= 30 && payload.byteCount == 24 + 48 * Int(count) ? .match : .noMatch
        case 9: return FlowSets.fill(payload, from: 20, isReserved: { $0 > 1 && $0 < 256 }) ? .match : .noMatch
        default: return .noMatch
        }
    }
}

/// IPFIX (RFC 7011), over UDP and TCP.
struct IPFIXAnalyzer: NamingAnalyzer {
    static let service: StaticString = "ipfix"
    static var transports: Transports { [.tcp, .udp] }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let version: UInt16 = try? payload.readBE(at: 0), version == 10,
            let length: UInt16 = try? payload.readBE(at: 2), Int(length) == payload.byteCount,
            FlowSets.fill(payload, from: 16, isReserved: { $0 < 2 || $0 > 3 && $0 < 256 })
        else { return .noMatch }
        return .match
    }
}

/// sFlow of version 5 (sflow.org, "sFlow Version 5", section 4): samples of packets and counters that switches tell.
struct SFlowAnalyzer: NamingAnalyzer {
    static let service: StaticString = "sflow"
    static var transports: Transports { .udp }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // The agent's address, of IPv4 or IPv6; its part, numbers and uptime; and samples, which fill the datagram.
        guard let version: UInt32 = try? payload.readBE(at: 0), version == 5,
            let family: UInt32 = try? payload.readBE(at: 4), family == 1 || family == 2
        else { return .noMatch }
        let start = (family == 1 ? 12 : 24) + 12
        guard let count: UInt32 = try? payload.readBE(at: start), (1...1000).contains(count) else { return .noMatch }
        var offset = start + 4
        for _ in 0..<count {
            guard let length: UInt32 = try? payload.readBE(at: offset + 4), length & 3 == 0, length < 1 << 16 else {
                return .noMatch
            }
            offset += 8 + Int(length)
        }
        return offset == payload.byteCount ? .match : .noMatch
    }
}

/// Sets of flow records or templates (RFC 3954 section 5.2, RFC 7011 section 3.3).
private enum FlowSets {
    /// Whether sets fill the rest of a message, at least one.
    static func fill(_ payload: RawSpan, from start: Int, isReserved: (UInt16) -> Bool) -> Bool {
        var offset = start
        while offset < payload.byteCount {
            guard let identifier: UInt16 = try? payload.readBE(at: offset), !isReserved(identifier),
                let length: UInt16 = try? payload.readBE(at: offset + 2), length > 4
            else { return false }
            offset += Int(length)
        }
        return offset > start && offset == payload.byteCount
    }
}
