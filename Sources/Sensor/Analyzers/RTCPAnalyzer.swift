internal import Shared

/// RTCP (RFC 3550 section 6): recognised and counted only.
///
/// RTP itself has too little to be told by in one datagram. RTCP has: each datagram is a report, mostly the description
/// of a source, and further packets whose lengths fill it exactly. RTP may come on the same port (RFC 5761): what
/// follows is probed anew.
struct RTCPAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "rtcp"
    static let transports: Transports = .udp

    /// Packets in one datagram: a report, a description, and rarely a farewell or feedback.
    private static let packetLimit = 16

    init() {}

    /// Section 6.1 and appendix A.2: version 2, first a report that is as long as its blocks, then a description.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        var offset = 0
        for index in 0..<packetLimit {
            guard let first = try? payload.byte(at: offset), let type = try? payload.byte(at: offset + 1),
                let words = try? payload.readBE(at: offset + 2, as: UInt16.self), first >> 6 == 2
            else { return .noMatch }
            let isExpected =
                switch index {
                case 0: isReport(first, type, words: Int(words))
                case 1: type == 202 && first & 0x1F > 0
                default: (200...207).contains(type)
                }
            guard isExpected else { return .noMatch }
            offset += 4 + 4 * Int(words)
            if offset == payload.byteCount { return .match }
        }
        return .noMatch
    }

    /// A sender's or a receiver's report without padding: 6 words or 1, and 6 for each block.
    private static func isReport(_ first: UInt8, _ type: UInt8, words: Int) -> Bool {
        guard first & 0x20 == 0, type == 200 || type == 201 else { return false }
        return words == (type == 200 ? 6 : 1) + 6 * Int(first & 0x1F)
    }

    /// Where RTP is known to be, the type is enough (RFC 5761 section 4): reports may be encrypted, or shortened.
    static func isReport(_ payload: RawSpan) -> Bool {
        guard let first = try? payload.byte(at: 0), let type = try? payload.byte(at: 1) else { return false }
        return first >> 6 == 2 && (200...207).contains(type)
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress { .handOver }
}
