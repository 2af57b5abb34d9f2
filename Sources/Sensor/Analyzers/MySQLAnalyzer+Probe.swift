internal import Shared

extension MySQLAnalyzer {
    /// The server's greeting, or its refusal of a host. In the middle of a session, a login or a query.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        query(payload) != nil || isRefusal(payload) || isLogin(payload) ? .match : greeting(payload, from: side)
    }

    /// Longest greeting: a version, a challenge and the name of a method.
    private static let greetingLimit = 1024

    /// The server's greeting (HandshakeV10): sequence 0, protocol 10, a version. It may come in pieces.
    private static func greeting(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let length = try? payload.readLE(at: 0, as: UInt32.self) else { return .noMatch }
        guard (8...UInt32(greetingLimit)).contains(length) else { return .noMatch }
        // Servers may send the header by itself.
        if payload.byteCount < 6 { return side == .responder ? .needMore : .noMatch }
        guard (try? payload.byte(at: 4)) == 10,
            let digit = try? payload.byte(at: 5), (0x33...0x39).contains(digit) || digit == 0x31
        else { return .noMatch }
        if payload.byteCount - 4 < Int(length) { return side == .responder ? .needMore : .noMatch }
        guard Int(length) == payload.byteCount - 4, let end = payload.firstIndex(of: 0, from: 5), (7...80).contains(end)
        else { return .noMatch }
        return payload.extracting(5..<end).withUnsafeBytes { WireText.isPrintable($0) } ? .match : .noMatch
    }

    /// Whether a packet that begins an exchange fills the segment.
    private static func isFirst(_ payload: RawSpan) -> Bool {
        guard let header = try? payload.readLE(at: 0, as: UInt32.self) else { return false }
        return Int(header) == payload.byteCount - 4
    }

    /// A query (COM_QUERY) that fills the segment: a text, before which newer clients say that it has no attributes.
    /// - Returns: whether they do; nil when it is none.
    static func query(_ payload: RawSpan) -> Bool? {
        guard isFirst(payload), payload.byteCount >= 8, (try? payload.byte(at: 4)) == 3 else { return nil }
        let text = payload.extracting(droppingFirst: 5)
        let isAnnotated = text.starts(with: "\0\u{1}")
        return QueryText.isText(text.extracting(droppingFirst: isAnnotated ? 2 : 0)) ? isAnnotated : nil
    }

    /// Bytes of a login in front of the user, with the header.
    private static let userStart = 36
    /// The largest packet that a server can be told to take (`max_allowed_packet`).
    private static let largestPacket: UInt32 = 1 << 30

    /// A login (HandshakeResponse41) that fills the segment: the client's first packet, of protocol 4.1 with a method
    /// of authentication, behind a greeting that was not seen.
    static func isLogin(_ payload: RawSpan) -> Bool {
        guard let header = try? payload.readLE(at: 0, as: UInt32.self), header >> 24 == 1,
            Int(header & 0xFF_FFFF) == payload.byteCount - 4,
            let capabilities = try? payload.readLE(at: 4, as: UInt32.self), capabilities & 0x8200 == 0x8200,
            let largest = try? payload.readLE(at: 8, as: UInt32.self), largest <= largestPacket,
            let end = payload.firstIndex(of: 0, from: userStart), (userStart + 1...userStart + 256).contains(end),
            end + 1 < payload.byteCount
        else { return false }
        // MariaDB's clients, which do not call themselves MySQL's, say more in the last four of the zeros.
        let zeros = payload.extracting(13..<(capabilities & 1 == 0 ? 32 : userStart))
        guard zeros.withUnsafeBytes({ $0.allSatisfy { $0 == 0 } }) else { return false }
        return payload.extracting(userStart..<end).withUnsafeBytes { WireText.isPrintable($0) }
    }

    /// What a server says instead of a greeting: an error packet (ERR_Packet) with one of few numbers.
    private static func isRefusal(_ payload: RawSpan) -> Bool {
        guard isFirst(payload), payload.byteCount >= 16, (try? payload.byte(at: 4)) == 0xFF,
            let number = try? payload.readLE(at: 5, as: UInt16.self), refusals.contains(number)
        else { return false }
        return payload.extracting(droppingFirst: 7).withUnsafeBytes { WireText.isPrintable($0) }
    }

    /// Too many connections, out of memory, a host without a name, a damaged beginning, an end of service, a host that
    /// is blocked or not allowed, no thread left, too many connections of a user (dev.mysql.com, "Server Error Message
    /// Reference").
    private static let refusals: [UInt16] = [1040, 1041, 1042, 1043, 1053, 1129, 1130, 1135, 1203]
}
