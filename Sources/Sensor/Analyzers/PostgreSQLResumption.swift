internal import Shared

/// Finds where messages of PostgreSQL's protocol begin again behind a loss.
enum PostgreSQLResumption {
    /// Messages of one segment that are looked at.
    private static let walkLimit = 64
    /// Longest message that is believed.
    private static let lengthLimit = 1 << 20

    /// Whether whole messages of one side fill the segment, but for the last, which may go on behind it.
    static func begins(_ bytes: RawSpan, from side: Side) -> Bool {
        var offset = 0
        for count in 0..<walkLimit {
            guard offset < bytes.byteCount else { return count > 0 }
            guard let type = try? bytes.byte(at: offset), isType(type, of: side),
                let length = try? Int(bytes.readBE(at: offset + 1, as: UInt32.self)), (4...lengthLimit).contains(length)
            else { return false }
            offset += 1 + length
            if offset > bytes.byteCount { return count > 0 }
        }
        return true
    }

    /// Letters of the section "Message Formats".
    private static func isType(_ type: UInt8, of side: Side) -> Bool {
        let letters: StaticString = side == .originator ? "BCDEFHPQSXcdfp" : "123ACDEGHIKNRSTVWZcdnstv"
        return letters.withUTF8Buffer { $0.contains(type) }
    }
}
