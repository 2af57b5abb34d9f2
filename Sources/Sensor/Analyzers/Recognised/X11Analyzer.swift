internal import Shared

/// The X Window System (X.Org, "X Window System Protocol", version 11, chapter 8): named by the client's first request.
struct X11Analyzer: NamingAnalyzer {
    static let service: StaticString = "x11"

    /// Byte order, version 11.0, the lengths of the authorization's name and data, and both of them padded to four.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let order = try? payload.byte(at: 0), order == 0x6C || order == 0x42, (try? payload.byte(at: 1)) == 0,
            let major = number(payload, at: 2, order), major == 11, number(payload, at: 4, order) == 0,
            let name = number(payload, at: 6, order), let data = number(payload, at: 8, order)
        else { return .noMatch }
        guard payload.byteCount == 12 + padded(name) + padded(data) else { return .noMatch }
        if name == 0 { return data == 0 ? .match : .noMatch }
        let rest = payload.extracting(droppingFirst: 12)
        return rest.starts(with: "MIT-MAGIC-COOKIE-1") || rest.starts(with: "XDM-AUTHORIZATION-1") ? .match : .noMatch
    }

    private static func number(_ payload: RawSpan, at offset: Int, _ order: UInt8) -> Int? {
        guard let value: UInt16 = try? payload.readLE(at: offset) else { return nil }
        return Int(order == 0x6C ? value : value.byteSwapped)
    }

    private static func padded(_ length: Int) -> Int { (length + 3) & ~3 }
}
