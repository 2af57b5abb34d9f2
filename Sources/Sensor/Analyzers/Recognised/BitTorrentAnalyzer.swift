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
            return isAnswer(payload) ? .match : .noMatch
        case 0: return isTrackerRequest(payload) ? .match : .noMatch
        case 0x41: return isOpening(payload) ? .match : .noMatch
        default: return .noMatch
        }
    }

    /// An answer of the hash table that begins with the asker's address (BEP 42).
    private static func isAnswer(_ payload: RawSpan) -> Bool {
        let length = payload.starts(with: "d2:ip6:") ? 7 + 6 : payload.starts(with: "d2:ip18:") ? 8 + 18 : 0
        guard length > 0, payload.byteCount > length else { return false }
        return payload.extracting(droppingFirst: length).starts(with: "1:rd2:id20:")
    }

    /// A request to connect: the protocol's number, action 0.
    private static func isTrackerRequest(_ payload: RawSpan) -> Bool {
        payload.byteCount == 16 && (try? payload.readBE(at: 0, as: UInt64.self)) == 0x0417_2710_1980
            && (try? payload.readBE(at: 8, as: UInt32.self)) == 0
    }

    /// ST_SYN of version 1: nothing was received yet, the first number is 1. Behind it may be eight zeros where an
    /// extension has room for others' bits (2, of libtorrent).
    private static func isOpening(_ payload: RawSpan) -> Bool {
        let isPlain = payload.byteCount == 20 && (try? payload.byte(at: 1)) == 0
        let isExtended =
            payload.byteCount == 30 && (try? payload.byte(at: 1)) == 2
            && (try? payload.readBE(at: 20, as: UInt16.self)) == 8
        return (isPlain || isExtended)
            && (try? payload.readBE(at: 8, as: UInt32.self)) == 0
            && (try? payload.readBE(at: 16, as: UInt32.self)) == 0x0001_0000
    }
}
