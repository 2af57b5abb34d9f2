internal import Shared

/// Finds where messages of PostgreSQL's protocol begin again behind a loss, or at all where the beginning was not seen.
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

    /// Which side of a session whose beginning was not seen fills a segment with whole messages that nothing else has:
    /// the client with a query, or with what ends in Sync, the server with what ends in ReadyForQuery, with what it
    /// asks of who logs in, or with a refusal.
    /// - Returns: `.originator` for the client; nil when it is neither.
    static func sender(of segment: RawSpan) -> Side? {
        if isQuery(segment) { return .originator }
        if asksForSecret(segment) || isEnd(segment) { return .responder }
        let count = segment.byteCount
        if count > syncLength, segment.extracting((count - syncLength)..<count).starts(with: "S\0\0\0\u{4}") {
            return fills(segment, from: .originator) ? .originator : nil
        }
        guard count > readyLength,
            segment.extracting((count - readyLength)..<count).starts(with: "Z\0\0\0\u{5}"),
            let status = try? segment.byte(at: count - 1), [0x49, 0x54, 0x45].contains(status)
        else { return nil }
        return fills(segment, from: .responder) ? .responder : nil
    }

    /// Bytes of Sync and of ReadyForQuery.
    private static let (syncLength, readyLength) = (5, 6)

    /// A simple query: its text, ended by a zero.
    private static func isQuery(_ segment: RawSpan) -> Bool {
        let end = segment.byteCount - 1
        guard segment.starts(with: "Q"), isWhole(segment), end >= 8, (try? segment.byte(at: end)) == 0 else {
            return false
        }
        return QueryText.isText(segment.extracting(5..<end))
    }

    /// A server that asks for a password, for one that is digested with four bytes of salt, or to agree on a mechanism
    /// (AuthenticationCleartextPassword, AuthenticationMD5Password, AuthenticationSASL).
    private static func asksForSecret(_ segment: RawSpan) -> Bool {
        if segment.starts(with: "R\0\0\0\u{8}\0\0\0\u{3}") { return segment.byteCount == 9 }
        if segment.starts(with: "R\0\0\0\u{C}\0\0\0\u{5}") { return segment.byteCount == 13 }
        return isWhole(segment) && segment.starts(with: "R\0\0")
            && segment.extracting(droppingFirst: 5).starts(with: "\0\0\0\u{A}SCRAM-SHA-")
    }

    /// An error behind which the server closes the connection, as it does when it refuses a login: in two languages,
    /// the second of which is English (ErrorResponse, since PostgreSQL 9.6).
    private static func isEnd(_ segment: RawSpan) -> Bool {
        guard isWhole(segment), segment.starts(with: "E\0\0"), segment.byteCount > 7,
            let end = segment.firstIndex(of: 0, from: 6), (try? segment.byte(at: 5)) == 0x53
        else { return false }
        return segment.extracting(droppingFirst: end + 1).starts(with: "VFATAL\0C")
    }

    /// Whether one message fills the segment.
    private static func isWhole(_ segment: RawSpan) -> Bool {
        (try? segment.readBE(at: 1, as: UInt32.self)).map { Int($0) + 1 } == segment.byteCount
    }

    /// Whether whole messages of one side fill the segment, to its last byte.
    private static func fills(_ bytes: RawSpan, from side: Side) -> Bool {
        var offset = 0
        for _ in 0..<walkLimit where offset < bytes.byteCount {
            guard let type = try? bytes.byte(at: offset), isType(type, of: side),
                let length = try? Int(bytes.readBE(at: offset + 1, as: UInt32.self)), (4...lengthLimit).contains(length)
            else { return false }
            offset += 1 + length
        }
        return offset == bytes.byteCount
    }

    /// Letters of the section "Message Formats".
    private static func isType(_ type: UInt8, of side: Side) -> Bool {
        let letters: StaticString = side == .originator ? "BCDEFHPQSXcdfp" : "123ACDEGHIKNRSTVWZcdnstv"
        return letters.withUTF8Buffer { $0.contains(type) }
    }
}
