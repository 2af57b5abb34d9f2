internal import Shared

extension TDSAnalyzer {
    /// A prelogin whose first option is its version, a login that fills its packet, or, in the middle of a connection,
    /// a batch or call that cannot be anything else; of a client, whoever opened the connection.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.byteCount >= 20, let type = try? payload.byte(at: 0),
            let status = try? payload.byte(at: 1), status & 0xE4 == 0,
            let length = try? Int(payload.readBE(at: 2, as: UInt16.self)), length >= 20,
            (try? payload.byte(at: 7)) == 0
        else { return .noMatch }
        let isWhole = length == payload.byteCount && status & 1 != 0
        let body = payload.extracting(droppingFirst: 8)
        switch type {
        case TDSMessage.prelogin: return isWhole && isPrelogin(body) ? .match : .noMatch
        case TDSMessage.login: return isWhole && isLogin(body) ? .match : .noMatch
        case TDSMessage.batch: return hasTransaction(body) || isWhole && isText(body, from: 0) ? .match : .noMatch
        case TDSMessage.call:
            if hasTransaction(body) { return .match }
            guard isWhole, let count = try? Int(body.readLE(at: 0, as: UInt16.self)), (6...128).contains(count)
            else { return .noMatch }
            return isText(body.extracting(first: 2 + count * 2), from: 2) ? .match : .noMatch
        default: return .noMatch
        }
    }

    /// Whether the first packet of a message fills this segment (section 2.2.3.1): packets are numbered from 1.
    static func beginsMessage(_ payload: RawSpan, from side: Side) -> Bool {
        guard payload.byteCount >= 8, let type = try? payload.byte(at: 0), TDSMessage.names[type] != nil,
            (type == TDSMessage.response) == (side == .responder),
            let status = try? payload.byte(at: 1), status & 0xE4 == 0,
            let length = try? Int(payload.readBE(at: 2, as: UInt16.self)), length >= 8,
            (try? payload.byte(at: 6)) == 1, (try? payload.byte(at: 7)) == 0
        else { return false }
        return status & 1 != 0 ? length == payload.byteCount : length >= 512
    }

    /// Section 2.2.6.5: option 0 of six bytes, behind a list that ends with 0xFF.
    private static func isPrelogin(_ body: RawSpan) -> Bool {
        guard (try? body.byte(at: 0)) == 0, let offset = try? Int(body.readBE(at: 1, as: UInt16.self)),
            (try? body.readBE(at: 3, as: UInt16.self)) == 6, offset >= 6, offset <= body.byteCount - 6
        else { return false }
        return offset % 5 == 1 && (try? body.byte(at: offset - 1)) == 0xFF
    }

    /// Section 2.2.6.4: its length, and a version that begins with 7 in the highest half byte.
    private static func isLogin(_ body: RawSpan) -> Bool {
        guard let length = try? body.readLE(at: 0, as: UInt32.self), let version = try? body.byte(at: 7) else {
            return false
        }
        return Int(length) == body.byteCount && (version >> 4 == 7 || version == 8)
    }

    /// Section 2.2.5.3: headers of 22 bytes that hold one of 18 bytes about the transaction.
    private static func hasTransaction(_ body: RawSpan) -> Bool {
        (try? body.readLE(at: 0, as: UInt32.self)) == 22 && (try? body.readLE(at: 4, as: UInt32.self)) == 18
            && (try? body.readLE(at: 8, as: UInt16.self)) == 2
    }

    /// Units of 16 bits that are printable ASCII; six at least, of which 32 are looked at.
    private static func isText(_ body: RawSpan, from start: Int) -> Bool {
        let count = (body.byteCount - start) / 2
        guard count >= 6 else { return false }
        for index in 0..<Swift.min(count, 32) {
            guard let unit = try? body.readLE(at: start + index * 2, as: UInt16.self),
                (0x20...0x7E).contains(unit) || (9...13).contains(unit)
            else { return false }
        }
        return true
    }
}
