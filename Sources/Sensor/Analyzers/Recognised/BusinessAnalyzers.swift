internal import Shared

/// Oracle's databases (Oracle Net, TNS): named by the request for a connection, which names the database.
struct TNSAnalyzer: NamingAnalyzer {
    static let service: StaticString = "tns"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // Length, no checksum, the kind (connect), no flags, no checksum of the header; versions, the older one behind.
        guard let length: UInt16 = try? payload.readBE(at: 0), length >= 58, payload.byteCount >= Int(length),
            (try? payload.readBE(at: 2, as: UInt16.self)) == 0, (try? payload.byte(at: 4)) == 1,
            (try? payload.readBE(at: 6, as: UInt16.self)) == 0,
            let version: UInt16 = try? payload.readBE(at: 8), (256...512).contains(version),
            let oldest: UInt16 = try? payload.readBE(at: 10), (256...version).contains(oldest),
            let start: UInt16 = try? payload.readBE(at: 26), start >= 26, start <= length
        else { return .noMatch }
        return .match
    }
}

/// DRDA, in which clients ask DB2 and Derby (The Open Group, "DRDA V5 Vol. 3", section 4.4).
struct DRDAAnalyzer: NamingAnalyzer {
    static let service: StaticString = "drda"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // Length, the magic number, the kind; the exchange of attributes with its length, or its reply.
        guard let length: UInt16 = try? payload.readBE(at: 0), length >= 10, Int(length) <= payload.byteCount,
            (try? payload.byte(at: 2)) == 0xD0, let kind = try? payload.byte(at: 3), (1...3).contains(kind & 0x0F),
            let inner: UInt16 = try? payload.readBE(at: 6), inner == length - 6,
            let command: UInt16 = try? payload.readBE(at: 8), command == 0x1041 || command == 0x1443
        else { return .noMatch }
        return .match
    }
}

/// AJP (Apache Tomcat, "AJPv13"): web servers pass requests on to Java's.
struct AJPAnalyzer: NamingAnalyzer {
    static let service: StaticString = "ajp"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let magic: UInt16 = try? payload.readBE(at: 0), magic == 0x1234,
            let length: UInt16 = try? payload.readBE(at: 2), let kind = try? payload.byte(at: 4)
        else { return .noMatch }
        // Whether the other side is there; or a request: its method, and the protocol as text with its length.
        if length == 1 { return kind == 10 && payload.byteCount == 5 ? .match : .noMatch }
        guard kind == 2, let method = try? payload.byte(at: 5), (1...27).contains(method) || method == 0xFF,
            payload.extracting(droppingFirst: 6).starts(with: "\u{0}\u{8}HTTP/")
        else { return .noMatch }
        return .match
    }
}

/// Diameter (RFC 6733 sections 3 and 4): named by any message, as its connections last for months.
struct DiameterAnalyzer: NamingAnalyzer {
    static let service: StaticString = "diameter"

    /// Session-Id, Origin-Host and Result-Code: with one of them every message of the base protocol begins.
    private static let firstPairs: [UInt32] = [263, 264, 268]

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // Version 1 and a length in words, flags without reserved ones; the first pair, mandatory and no vendor's own.
        guard let head: UInt32 = try? payload.readBE(at: 0), head >> 24 == 1, head & 3 == 0,
            let flags = try? payload.byte(at: 4), flags & 0x0F == 0,
            let first: UInt32 = try? payload.readBE(at: 20), firstPairs.contains(first),
            let pair: UInt32 = try? payload.readBE(at: 24), pair >> 24 & 0xC0 == 0x40, pair >> 24 & 0x1F == 0
        else { return .noMatch }
        let (length, inner) = (head & 0xFF_FFFF, pair & 0xFF_FFFF)
        return inner > 8 && inner + 20 <= length ? .match : .noMatch
    }
}

/// FIX, in which banks and exchanges trade (FIX Trading Community, "FIX session layer", section 4).
struct FIXAnalyzer: NamingAnalyzer {
    static let service: StaticString = "fix"

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // The version and the length are the first fields of every message.
        guard payload.starts(with: "8=FIX"),
            let end = payload.extracting(first: 16).firstIndex(of: 0x01),
            payload.extracting(droppingFirst: end + 1).starts(with: "9=")
        else { return .noMatch }
        return .match
    }
}
