internal import Shared

/// iSCSI (RFC 7143): told by the login that begins each connection, in the middle of which nothing tells it apart.
struct ISCSIAnalyzer: NamingAnalyzer {
    static let service: StaticString = "iscsi"

    /// A login request for immediate delivery (RFC 7143 §11.12), behind whose header of 48 bytes keys and values stand.
    private static let login: UInt8 = 0x43
    private static let headerLength = 48
    /// Bytes of keys among which the initiator's name begins, with the name of its key.
    private static let searched = 512 + 13

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard (try? payload.byte(at: 0)) == login else { return .noMatch }
        guard payload.byteCount >= 4 else { return .needMore }
        // Reserved bits of the stages, the version, which is 0, and the length of further headers: there are none.
        guard let stages = try? payload.byte(at: 1), stages & 0x30 == 0,
            (try? payload.readBE(at: 2, as: UInt16.self)) == 0
        else { return .noMatch }
        guard payload.byteCount >= 8 else { return .needMore }
        guard let lengths = try? payload.readBE(at: 4, as: UInt32.self), lengths > 0, lengths <= 8192 else {
            return .noMatch
        }
        // Some send the header by itself.
        guard payload.byteCount > headerLength else { return .needMore }
        // The first request names the initiator (§13), wherever among its keys.
        let keys = payload.extracting(droppingFirst: headerLength)
        for index in 0..<Swift.min(keys.byteCount, 512)
        where keys.extracting(droppingFirst: index).starts(with: "InitiatorName=") { return .match }
        return keys.byteCount < Swift.min(Int(lengths), searched) ? .needMore : .noMatch
    }
}
