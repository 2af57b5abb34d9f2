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
        case 9 where payload.byteCount > 20:
            let sets = 20..<payload.byteCount
            return FlowSets.fill(payload, sets, isReserved: { $0 > 1 && $0 < 256 }) ? .match : .noMatch
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
            let length: UInt16 = try? payload.readBE(at: 2), length > 16,
            FlowSets.fill(payload, 16..<Int(length), isReserved: { $0 < 2 || $0 > 3 && $0 < 256 })
        else { return .noMatch }
        // Over TCP, messages come in pieces, and several in one (section 10.4.2).
        guard payload.byteCount >= Int(length) else { return .needMore }
        let rest = payload.extracting(droppingFirst: Int(length))
        guard rest.byteCount > 1 else { return rest.byteCount == 0 ? .match : .needMore }
        return (try? rest.readBE(at: 0, as: UInt16.self)) == version ? .match : .noMatch
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
    /// Whether sets fill this part of a message, at least one; or may, as far as it is there.
    static func fill(_ payload: RawSpan, _ part: Range<Int>, isReserved: (UInt16) -> Bool) -> Bool {
        var offset = part.lowerBound
        let isThere = payload.byteCount >= part.upperBound
        while offset < Swift.min(part.upperBound, payload.byteCount) {
            if !isThere, offset > payload.byteCount - 4 { return true }
            guard let identifier: UInt16 = try? payload.readBE(at: offset), !isReserved(identifier),
                let length: UInt16 = try? payload.readBE(at: offset + 2), length > 4
            else { return false }
            offset += Int(length)
        }
        return isThere ? offset == part.upperBound && !part.isEmpty : offset <= part.upperBound
    }
}
