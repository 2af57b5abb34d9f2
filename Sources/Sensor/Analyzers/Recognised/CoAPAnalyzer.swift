internal import Shared

/// Constrained Application Protocol (RFC 7252): named by a request whose options are whole and name a resource.
struct CoAPAnalyzer: NamingAnalyzer {
    static let service: StaticString = "coap"
    static let transports: Transports = .udp

    /// Options of one request; real ones have under ten.
    private static let optionLimit = 32

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let first = try? payload.byte(at: 0), first >> 6 == 1, first & 0x0F <= 8,
            let code = try? payload.byte(at: 1), (1...7).contains(code)
        else { return .noMatch }
        return namesResource(payload, from: 4 + Int(first & 0x0F)) ? .match : .noMatch
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
