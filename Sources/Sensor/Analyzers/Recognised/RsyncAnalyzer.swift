internal import Shared

/// The daemon of rsync (rsyncd protocol): both sides begin with its name and a version.
struct RsyncAnalyzer: NamingAnalyzer {
    static let service: StaticString = "rsync"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.starts(with: "@RSYNCD: ") else {
            return payload.byteCount < 9 && payload.starts(with: "@") ? .needMore : .noMatch
        }
        guard let digit = try? payload.byte(at: 9) else { return .needMore }
        return (0x30...0x39).contains(digit) ? .match : .noMatch
    }
}
