internal import Shared

/// Simple Service Discovery Protocol (UPnP Device Architecture 2.0, section 1): HTTP's form in datagrams.
struct SSDPAnalyzer: NamingAnalyzer {
    static let service: StaticString = "ssdp"
    static let transports: Transports = .udp

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if payload.starts(with: "M-SEARCH * HTTP/1.") || payload.starts(with: "NOTIFY * HTTP/1.") { return .match }
        guard payload.starts(with: "HTTP/1.1 200 OK") else { return .noMatch }
        // Headers that only its answers have.
        return HTTPText.contains(payload, "\r\nst:") || HTTPText.contains(payload, "\r\nusn:") ? .match : .noMatch
    }
}
