internal import Shared

extension TDSAnalyzer {
    /// Of the status, bits that no message has: 0x01, 0x02, 0x08 and 0x10 are section 2.2.3.1.2's, and 0x04 is set by
    /// .NET's client in all but the last packet of a message.
    private static let noStatus: UInt8 = 0xE0

    /// A prelogin whose first option is its version, a login that fills its packet, or, in the middle of a connection,
    /// a batch or call that cannot be anything else; of a client, whoever opened the connection. Of a server, the
    /// answer to a prelogin, one that begins as those to logins do, or that something is done.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.byteCount >= 20, let type = try? payload.byte(at: 0),
            let status = try? payload.byte(at: 1), status & noStatus == 0,
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
        case TDSMessage.response: return isWhole && (isAnswer(body) || isPrelogin(body)) ? .match : .noMatch
        default: return .noMatch
        }
    }

    /// Section 2.2.7: an error (10), an accepted login (14) or a change of what was agreed (9), as long as it says, or
    /// nothing but that something is done (6).
    private static func isAnswer(_ body: RawSpan) -> Bool {
        guard let token = try? body.byte(at: 0) else { return false }
        if token == 0xFD {
            return body.byteCount == 13 && ((try? body.readLE(at: 1, as: UInt16.self)) ?? 0xFFFF) & ~0x0137 == 0
        }
        guard let length = try? Int(body.readLE(at: 1, as: UInt16.self)), body.byteCount >= 3 + length else {
            return false
        }
        switch token {
        // Number, state and class, the words, the names of server and procedure, and a line of two or four bytes.
        case 0xAA:
            guard let words = try? Int(body.readLE(at: 9, as: UInt16.self)),
                let server = try? Int(body.byte(at: 11 + 2 * words)),
                let procedure = try? Int(body.byte(at: 12 + 2 * (words + server)))
            else { return false }
            return [12, 14].contains(length - 2 * (words + server + procedure))
        // Interface, version, name and version of the program.
        case 0xAD: return (try? body.byte(at: 8)).map { length == 10 + 2 * Int($0) } ?? false
        // A new value and an old one, here of text.
        case 0xE3:
            guard let type = try? body.byte(at: 3), (1...4).contains(type), let new = try? Int(body.byte(at: 4)),
                let old = try? Int(body.byte(at: 5 + 2 * new))
            else { return false }
            return length == 3 + 2 * (new + old)
        default: return false
        }
    }

    /// Whether the first packet of a message fills this segment (section 2.2.3.1): packets are numbered from 1.
    static func beginsMessage(_ payload: RawSpan, from side: Side) -> Bool {
        guard payload.byteCount >= 8, let type = try? payload.byte(at: 0), TDSMessage.names[type] != nil,
            (type == TDSMessage.response) == (side == .responder),
            let status = try? payload.byte(at: 1), status & noStatus == 0,
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
