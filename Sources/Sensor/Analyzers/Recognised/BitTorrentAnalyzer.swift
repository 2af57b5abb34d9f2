internal import Shared

/// BitTorrent: its handshake over TCP (BEP 3) and µTP (BEP 29), its hash table (BEP 5), its trackers over UDP (BEP 15)
/// and its search in the local network (BEP 14).
struct BitTorrentAnalyzer: NamingAnalyzer {
    static let service: StaticString = "bittorrent"
    static var transports: Transports { [.tcp, .udp] }

    private static let openings: [StaticString] = [
        "\u{13}BitTorrent protocol", "d1:ad2:id20:", "d1:rd2:id20:", "BT-SEARCH * HTTP/1.1\r\n",
    ]

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let first = try? payload.byte(at: 0) else { return .needMore }
        switch first {
        case 0x13, 0x42, 0x64:
            for opening in openings where payload.starts(with: opening) { return .match }
            return .noMatch
        case 0: return isTrackerRequest(payload) ? .match : .noMatch
        case 0x41: return isOpening(payload) ? .match : .noMatch
        default: return .noMatch
        }
    }

    /// A request to connect: the protocol's number, action 0.
    private static func isTrackerRequest(_ payload: RawSpan) -> Bool {
        payload.byteCount == 16 && (try? payload.readBE(at: 0, as: UInt64.self)) == 0x0417_2710_1980
            && (try? payload.readBE(at: 8, as: UInt32.self)) == 0
    }

    /// ST_SYN of version 1: nothing was received yet, the first number is 1.
    private static func isOpening(_ payload: RawSpan) -> Bool {
        payload.byteCount == 20 && (try? payload.byte(at: 1)) == 0
            && (try? payload.readBE(at: 8, as: UInt32.self)) == 0
            && (try? payload.readBE(at: 16, as: UInt32.self)) == 0x0001_0000
    }
}
