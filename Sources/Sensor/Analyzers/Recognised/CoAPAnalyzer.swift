internal import Shared

/// Constrained Application Protocol (RFC 7252): named by a request whose options are whole and name a resource, or by a
/// notification of what was asked for before (RFC 7641).
struct CoAPAnalyzer: NamingAnalyzer {
    static let service: StaticString = "coap"
    static let transports: Transports = .udp

    /// Options of one request; real ones have under ten.
    private static let optionLimit = 32

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let first = try? payload.byte(at: 0), first >> 6 == 1, first & 0x0F <= 8,
            let code = try? payload.byte(at: 1)
        else { return .noMatch }
        let start = 4 + Int(first & 0x0F)
        switch code {
        case 1...7: return namesResource(payload, from: start) ? .match : .noMatch
        // What it says (2.05) may be confirmed or not, but needs no confirmation of its own.
        case 0x45 where first >> 4 & 3 < 2: return isNotification(payload, from: start) ? .match : .noMatch
        default: return .noMatch
        }
    }

    /// Options of a notification (RFC 7641 section 3.2), the number of the observation and the format of the content
    /// among them, and content behind their mark.
    private static func isNotification(_ payload: RawSpan, from start: Int) -> Bool {
        var (offset, number, isNumbered, hasFormat) = (start, 0, false, false)
        for _ in 0..<optionLimit {
            guard let head = try? payload.byte(at: offset) else { return false }
            offset += 1
            if head == 0xFF { return isNumbered && hasFormat && offset < payload.byteCount }
            guard let delta = extended(head >> 4, payload, at: &offset),
                let length = extended(head & 0x0F, payload, at: &offset), length <= payload.byteCount - offset
            else { return false }
            number += delta
            // Tag of the content, observation, format, age, block and size: as long as section 5.10 lets them be.
            switch number {
            case 4: guard (1...8).contains(length) else { return false }
            case 6: guard length <= 3, !isNumbered else { return false }
            case 12: guard length <= 2, !hasFormat else { return false }
            case 14, 28: guard length <= 4 else { return false }
            case 23: guard length <= 3 else { return false }
            default: return false
            }
            isNumbered = isNumbered || number == 6
            hasFormat = hasFormat || number == 12
            offset += length
        }
        return false
    }

    /// Options up to the end or to the mark before the content, one of them a host or a part of a path.
    private static func namesResource(_ payload: RawSpan, from start: Int) -> Bool {
        var (offset, number, isNamed) = (start, 0, false)
        for _ in 0..<optionLimit {
            guard offset < payload.byteCount, let head = try? payload.byte(at: offset), head != 0xFF else {
                return isNamed && offset <= payload.byteCount
            }
            offset += 1
            guard let delta = extended(head >> 4, payload, at: &offset),
                let length = extended(head & 0x0F, payload, at: &offset), length <= payload.byteCount - offset
            else { return false }
            number += delta
            guard isKnown(number) else { return false }
            if number == 3 || number == 11 {
                guard length > 0, isText(payload, offset..<(offset + length)) else { return false }
                isNamed = true
            }
            offset += length
        }
        return false
    }

    /// Options of requests (IANA, "CoAP Option Numbers"): ciphertext must not be taken for a list of others.
    private static func isKnown(_ number: Int) -> Bool {
        switch number {
        case 1, 3...9, 11...17, 19...23, 27, 28, 31, 35, 39, 60, 252, 258, 292, 2048...2049: true
        default: false
        }
    }

    /// A number of four bits, or one of one or two bytes more (section 3.1).
    private static func extended(_ value: UInt8, _ payload: RawSpan, at offset: inout Int) -> Int? {
        switch value {
        case 13:
            defer { offset += 1 }
            return (try? payload.byte(at: offset)).map { Int($0) + 13 }
        case 14:
            defer { offset += 2 }
            return (try? payload.readBE(at: offset, as: UInt16.self)).map { Int($0) + 269 }
        case 15: return nil
        default: return Int(value)
        }
    }

    private static func isText(_ payload: RawSpan, _ range: Range<Int>) -> Bool {
        for offset in range {
            guard let letter = try? payload.byte(at: offset), (0x20...0x7E).contains(letter) else { return false }
        }
        return true
    }
}
