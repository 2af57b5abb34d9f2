internal import Shared

/// The Real Time Streaming Protocol (RFC 2326 section 6.1, RFC 7826 section 20.2), which cameras speak.
struct RTSPAnalyzer: NamingAnalyzer {
    static let service: StaticString = "rtsp"

    /// Addresses of streams are long.
    private static let lineLimit = 1024

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if payload.starts(with: "RTSP/1.0 ") || payload.starts(with: "RTSP/2.0 ") { return .match }
        // A method in capitals, what it is asked of, and the version.
        let line = payload.extracting(first: lineLimit)
        guard let blank = line.firstIndex(of: 0x20), (3...20).contains(blank),
            let end = line.firstIndex(of: 0x0A), end > blank + 10,
            line.extracting(0..<blank).withUnsafeBytes({ $0.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x5F } })
        else { return .noMatch }
        let head = line.extracting(0..<end)
        return head.firstIndex(of: " RTSP/1.0") != nil || head.firstIndex(of: " RTSP/2.0") != nil ? .match : .noMatch
    }
}
