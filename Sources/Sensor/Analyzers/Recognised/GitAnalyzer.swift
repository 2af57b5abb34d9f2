internal import Shared

/// Git's own protocol (gitprotocol-pack): a length of four hexadecimal digits and the name of a service.
struct GitAnalyzer: NamingAnalyzer {
    static let service: StaticString = "git"

    private static let requests: [StaticString] = ["git-upload-pack ", "git-receive-pack ", "git-upload-archive "]

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.byteCount > 20, (try? payload.readBE(at: 0, as: UInt16.self)) == 0x3030 else { return .noMatch }
        let request = payload.extracting(droppingFirst: 4)
        for name in requests where request.starts(with: name) { return .match }
        return .noMatch
    }
}
