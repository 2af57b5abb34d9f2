internal import Shared

/// SLMP, Mitsubishi Electric's MC protocol (CLPA, "SLMP Reference Manual", chapters 4 and 5): questions to controllers
/// and their answers, in frames of the types 3E and 4E.
struct SLMPAnalyzer: NamingAnalyzer {
    static let service: StaticString = "slmp"
    static var transports: Transports { [.tcp, .udp] }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        // As text: the same in hexadecimal digits.
        if payload.starts(with: "500000FF03FF00") || payload.starts(with: "D00000FF03FF00") { return .match }
        if payload.starts(with: "5000") || payload.starts(with: "D000") { return isTextFrame(payload, at: 4) }
        if payload.starts(with: "5400") || payload.starts(with: "D400") {
            guard number(payload, at: 4) != nil, number(payload, at: 8) == 0 else { return .noMatch }
            return isTextFrame(payload, at: 12)
        }
        guard let head: UInt16 = try? payload.readBE(at: 0) else { return .noMatch }
        switch head {
        case 0x5000, 0xD000: return isFrame(payload, at: 2)
        // A number of the question's is between, and two zeros.
        case 0x5400, 0xD400:
            return (try? payload.readBE(at: 4, as: UInt16.self)) == 0 ? isFrame(payload, at: 6) : .noMatch
        default: return .noMatch
        }
    }

    /// Four hexadecimal digits.
    private static func number(_ text: RawSpan, at offset: Int) -> Int? {
        var number = 0
        for index in 0..<4 {
            guard let digit = try? text.byte(at: offset + index) else { return nil }
            switch digit {
            case 0x30...0x39: number = number << 4 | Int(digit - 0x30)
            case 0x41...0x46: number = number << 4 | Int(digit - 0x37)
            default: return nil
            }
        }
        return number
    }

    /// The same as text, of which the length counts the digits.
    private static func isTextFrame(_ text: RawSpan, at offset: Int) -> ProbeResult {
        guard number(text, at: offset) != nil, let module = number(text, at: offset + 4),
            (0x3D0...0x3FF).contains(module), let drop = number(text, at: offset + 6), drop & 0xFF < 32,
            number(text, at: offset + 10) == text.byteCount - offset - 14
        else { return .noMatch }
        return .match
    }

    /// Network and station, the module (0x3FF is the own one, others have numbers near it), no drop, and the length.
    private static func isFrame(_ payload: RawSpan, at offset: Int) -> ProbeResult {
        guard let module: UInt16 = try? payload.readLE(at: offset + 2), (0x3D0...0x3FF).contains(module),
            let drop = try? payload.byte(at: offset + 4), drop < 32,
            let length: UInt16 = try? payload.readLE(at: offset + 5), Int(length) == payload.byteCount - offset - 7
        else { return .noMatch }
        return .match
    }
}

/// FINS of Omron's controllers over TCP and UDP (Omron, "FINS Commands Reference Manual" W227, and "Ethernet Units"
/// W421 section 7-4).
struct FINSAnalyzer: NamingAnalyzer {
    static let service: StaticString = "fins"
    static var transports: Transports { [.tcp, .udp] }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if payload.starts(with: "FINS") {
            guard let length: UInt32 = try? payload.readBE(at: 4), (8...2020).contains(length),
                let command: UInt32 = try? payload.readBE(at: 8), command <= 6
            else { return .noMatch }
            return .match
        }
        // A command or an answer, a reserved zero, gateways that it may pass (2, of newer ones 7), networks and nodes.
        guard payload.byteCount >= 12, let kind = try? payload.byte(at: 0), [0x80, 0x81, 0xC0, 0xC1].contains(kind),
            (try? payload.byte(at: 1)) == 0, let gateways = try? payload.byte(at: 2), gateways == 2 || gateways == 7,
            let network = try? payload.byte(at: 3), network < 128, let unit = try? payload.byte(at: 5), isUnit(unit),
            let ownNetwork = try? payload.byte(at: 6), ownNetwork < 128, let ownUnit = try? payload.byte(at: 8),
            isUnit(ownUnit), let command: UInt16 = try? payload.readBE(at: 10), command >> 8 <= 0x26,
            command & 0xFF <= 0x3F
        else { return .noMatch }
        return .match
    }

    /// The controller itself, a unit of its bus, an inner board, or the unit of the network.
    private static func isUnit(_ unit: UInt8) -> Bool {
        unit == 0 || (0x10...0x1F).contains(unit) || unit == 0xE1 || unit == 0xFE
    }
}
