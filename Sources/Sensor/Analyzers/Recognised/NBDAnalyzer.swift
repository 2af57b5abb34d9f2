internal import Shared

/// Network block device (NetworkBlockDevice/nbd, doc/proto.md): told by the greeting of its server.
struct NBDAnalyzer: NamingAnalyzer {
    static let service: StaticString = "nbd"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        payload.starts(with: "NBDMAGIC") ? .match : .noMatch
    }
}
