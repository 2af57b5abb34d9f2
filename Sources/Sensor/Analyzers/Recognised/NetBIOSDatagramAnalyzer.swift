internal import Shared

/// Datagrams of NetBIOS (RFC 1002 section 4.4), which announce machines to the browsers of a network.
struct NetBIOSDatagramAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "netbios_dgm"
    static let transports: Transports = .udp

    private static let headerLength = 14
    /// A name without a scope: a length, 32 letters, a zero.
    private static let nameLength = 34

    init() {}

    /// A direct datagram whose length fits, with two encoded names.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let type = try? payload.byte(at: 0), (0x10...0x12).contains(type),
            let flags = try? payload.byte(at: 1), flags <= 0x0F, let length: UInt16 = try? payload.readBE(at: 10),
            payload.byteCount == headerLength + Int(length)
        else { return .noMatch }
        return isName(payload, at: headerLength) && isName(payload, at: headerLength + nameLength) ? .match : .noMatch
    }

    /// Each half of a byte as one of sixteen letters (RFC 1001 section 14.1).
    private static func isName(_ payload: RawSpan, at start: Int) -> Bool {
        guard (try? payload.byte(at: start)) == 32 else { return false }
        for offset in 1...32 {
            guard let letter = try? payload.byte(at: start + offset), (0x41...0x50).contains(letter) else {
                return false
            }
        }
        return true
    }

    /// What is announced goes to a mailslot, in a transaction of SMB.
    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let start = Self.headerLength + 2 * Self.nameLength
        if (try? payload.readBE(at: start, as: UInt32.self)) == 0xFF53_4D42 { sink.found(service: "smb") }
        return .finished
    }
}
