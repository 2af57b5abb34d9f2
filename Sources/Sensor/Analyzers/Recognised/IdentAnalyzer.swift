internal import Shared

/// Identification protocol (RFC 1413): told by the answer, a pair of ports and what is known of it. Servers of mail and
/// IRC still ask for it.
struct IdentAnalyzer: NamingAnalyzer {
    static let service: StaticString = "ident"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        let end = payload.firstIndex(of: 0x0A) ?? payload.byteCount
        guard end < payload.byteCount, let colon = payload.extracting(0..<end).firstIndex(of: 0x3A),
            let comma = payload.extracting(0..<colon).firstIndex(of: 0x2C)
        else { return .noMatch }
        let port = payload.extracting(HTTPText.core(payload, 0..<comma))
        let peer = payload.extracting(HTTPText.core(payload, comma + 1..<colon))
        guard let first = HTTPText.decimal(port), let second = HTTPText.decimal(peer), first <= 65535, second <= 65535
        else { return .noMatch }
        let kind = payload.extracting(HTTPText.core(payload, colon + 1..<end))
        return HTTPText.hasPrefix(kind, "userid") || HTTPText.hasPrefix(kind, "error") ? .match : .noMatch
    }
}
