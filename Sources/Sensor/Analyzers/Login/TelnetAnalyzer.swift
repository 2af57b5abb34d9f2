internal import Shared

/// Telnet (RFC 854, RFC 855): recognised by its negotiation; logins are told, the session is not read.
struct TelnetAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "telnet"

    /// Options that are registered without a gap (IANA, "Telnet Options").
    private static let optionLimit: UInt8 = 49
    private static let interpret: UInt8 = 0xFF
    private static let subnegotiation: UInt8 = 0xFA
    private static let endOfSubnegotiation: UInt8 = 0xF0

    /// Where one side is in a command; commands may be cut anywhere.
    private enum Place { case data, command, option, parameters, parametersCommand }

    private var places = PerSide(originator: Place.data, responder: Place.data)
    private var dialogue = LoginDialogue()

    init() {}

    /// A command of negotiation (RFC 855) with another or text behind it: alone, it comes by chance in what is
    /// encrypted and sent in small pieces.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard payload.byteCount >= 3 else {
            return payload.byteCount > 0 && (try? payload.byte(at: 0)) == interpret
                && (payload.byteCount == 1 || (0xFB...0xFE).contains((try? payload.byte(at: 1)) ?? 0))
                ? .needMore : .noMatch
        }
        guard isNegotiation(payload, at: 0) else { return .noMatch }
        if isNegotiation(payload, at: 3) { return .match }
        guard payload.byteCount >= 7 else { return .needMore }
        if (try? payload.byte(at: 3)) == interpret {
            return (try? payload.byte(at: 4)) == subnegotiation && ((try? payload.byte(at: 5)) ?? 255) <= optionLimit
                ? .match : .noMatch
        }
        return payload.extracting(3..<7).withUnsafeBytes { bytes in
            bytes.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0x0D || $0 == 0x0A } ? .match : .noMatch
        }
    }

    /// Whether a WILL, WON'T, DO or DON'T of a registered option lies at `offset`.
    private static func isNegotiation(_ bytes: RawSpan, at offset: Int) -> Bool {
        guard (try? bytes.byte(at: offset)) == interpret, let verb = try? bytes.byte(at: offset + 1),
            let option = try? bytes.byte(at: offset + 2)
        else { return false }
        return (0xFB...0xFE).contains(verb) && option <= optionLimit
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        for index in 0..<payload.byteCount {
            let byte = try payload.byte(at: index)
            guard let data = decode(byte, from: side) else { continue }
            if side == .originator {
                dialogue.type(data, at: sink.now)
            } else if !dialogue.show(data, service: Self.service, into: &sink) {
                return .finished
            }
        }
        guard side == .responder else { return .wantMore }
        return dialogue.pause(service: Self.service, at: sink.now, into: &sink) ? .wantMore : .finished
    }

    /// What a byte is but for commands: nil when it belongs to one.
    private mutating func decode(_ byte: UInt8, from side: Side) -> UInt8? {
        switch places[side] {
        case .data:
            guard byte == Self.interpret else { return byte }
            places[side] = .command
        case .command:
            switch byte {
            case 0xFB...0xFE: places[side] = .option
            case Self.subnegotiation: places[side] = .parameters
            default:
                places[side] = .data
                return byte == Self.interpret ? byte : nil
            }
        case .option: places[side] = .data
        case .parameters: if byte == Self.interpret { places[side] = .parametersCommand }
        case .parametersCommand: places[side] = byte == Self.endOfSubnegotiation ? .data : .parameters
        }
        return nil
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        places[side] = .data
        dialogue.lose()
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) { dialogue.finish(service: Self.service, into: &sink) }
}
