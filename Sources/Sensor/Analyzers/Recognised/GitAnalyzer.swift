internal import Shared

/// Git's own protocol (gitprotocol-pack): a length of four hexadecimal digits and the name of a service.
struct GitAnalyzer: NamingAnalyzer {
    static let service: StaticString = "git"

    private static let requests: [StaticString] = ["git-upload-pack ", "git-receive-pack ", "git-upload-archive "]

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.byteCount > 20, isLength(payload) else { return .noMatch }
        let request = payload.extracting(droppingFirst: 4)
        for name in requests where request.starts(with: name) { return .match }
        return .noMatch
    }

    /// Four hexadecimal digits.
    private static func isLength(_ payload: RawSpan) -> Bool {
        (0..<4).allSatisfy { HTTPText.hexDigit(payload, $0) != nil }
    }
}
