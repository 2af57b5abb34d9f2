internal import Shared

/// Transport class 0 on TCP (RFC 1006, ITU-T X.224): connections with their selectors, and inside of them the
/// protocols of Siemens controllers. Remote desktops begin in the same way, but name no selectors.
struct COTPAnalyzer: FramedAnalyzer {
    static let service: StaticString = "cotp"

    /// Bytes of a packet that are looked at; of a longer one, the beginning.
    static let frameLimit = 512
    /// Packets of one payload that the probe walks through; controllers acknowledge with empty ones.
    private static let probeLimit = 8
    /// Parameters of one request; X.224 section 13.3.4 has fewer.
    private static let parameterLimit = 16

    var streams = PerSide(originator: FramedStream(), responder: FramedStream())
    /// Within a message that began in an earlier packet.
    private var isInside = PerSide(originator: false, responder: false)
    private var isS7Known = false
    private var isS7PlusKnown = false

    init() {}

    /// A request or confirmation that names both selectors, or data that begins as S7comm or S7comm-plus does.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        var offset = 0
        for _ in 0..<probeLimit {
            guard let start = try? payload.readBE(at: offset, as: UInt16.self), start == 0x0300,
                let length = try? Int(payload.readBE(at: offset + 2, as: UInt16.self)), length >= 7,
                let header = try? Int(payload.byte(at: offset + 4)), let code = try? payload.byte(at: offset + 5)
            else { return .noMatch }
            switch code {
            case 0xE0, 0xD0:
                guard header == length - 5, payload.byteCount >= offset + length else { return .noMatch }
                let selectors = selectors(payload.extracting(offset..<(offset + length)))
                return selectors?.source != nil && selectors?.destination != nil ? .match : .noMatch
            case 0xF0:
                guard header == 2, (try? payload.byte(at: offset + 6)).map({ $0 & 0x7F == 0 }) == true else {
                    return .noMatch
                }
                if length == 7 {
                    offset += 7
                    continue
                }
                return isS7(payload, at: offset + 7) ? .match : .noMatch
            default: return .noMatch
            }
        }
        return .noMatch
    }

    /// Protocol 0x32 with a kind of message that exists and its two zeros, or 0x72 with a version that exists.
    private static func isS7(_ payload: RawSpan, at offset: Int) -> Bool {
        guard let number = try? payload.byte(at: offset), let kind = try? payload.byte(at: offset + 1) else {
            return false
        }
        if number == 0x72 { return (1...3).contains(kind) || kind == 0xFE }
        guard number == 0x32, (1...3).contains(kind) || kind == 7 else { return false }
        return (try? payload.readBE(at: offset + 2, as: UInt16.self)) == 0
    }

    /// Selectors (parameters 0xC1 and 0xC2) of a whole request or confirmation; nil when what stands there is not
    /// a list of parameters of X.224.
    private static func selectors(_ packet: RawSpan) -> (source: Range<Int>?, destination: Range<Int>?)? {
        var found: (source: Range<Int>?, destination: Range<Int>?) = (nil, nil)
        var offset = 11
        for _ in 0..<parameterLimit {
            guard offset < packet.byteCount else { return found }
            guard let code = try? packet.byte(at: offset), let length = try? Int(packet.byte(at: offset + 1)),
                code >= 0x80, offset + 2 + length <= packet.byteCount
            else { return nil }
            let value = (offset + 2)..<(offset + 2 + length)
            if code == 0xC1 { found.source = value }
            if code == 0xC2 { found.destination = value }
            offset = value.upperBound
        }
        return nil
    }

    func frameLength(_ bytes: RawSpan, from side: Side) throws(DecodeError) -> Int {
        guard bytes.byteCount >= 4 else { return 0 }
        let length = Int(try bytes.readBE(at: 2, as: UInt16.self))
        guard try bytes.byte(at: 0) == 3, length >= 7 else { throw .invalid(.magic) }
        return length
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        guard !streams[side].lose(byteCount) else { return .wantMore }
        streams[side].loseMessage()
        isInside[side] = false
        return .wantMore
    }

    mutating func takeFrame(_ packet: RawSpan, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        let code = try packet.byte(at: 5)
        guard code & 0xF0 == 0xF0 else { return writeControl(packet, code, from: side, into: &sink) }
        let start = Int(try packet.byte(at: 4)) + 5
        guard packet.byteCount > start else { return }
        let isFirst = !isInside[side]
        isInside[side] = try packet.byte(at: 6) & 0x80 == 0
        guard isFirst else { return }
        let message = packet.extracting(droppingFirst: start)
        switch try message.byte(at: 0) {
        case 0x32:
            if !isS7Known { sink.found(service: "s7comm") }
            isS7Known = true
            S7Comm.write(message, from: side, into: &sink)
        case 0x72:
            if !isS7PlusKnown { sink.found(service: "s7comm-plus") }
            isS7PlusKnown = true
            S7CommPlus.write(message, from: side, into: &sink)
        default: break
        }
    }

    /// Everything but data: how the transport connection begins and ends.
    private func writeControl(_ packet: RawSpan, _ code: UInt8, from side: Side, into sink: inout RecordSink) {
        let cotp = Records.cotp
        sink.begin(cotp)
        sink.batch.set(cotp.isOrig, side == .originator)
        sink.batch.set(cotp.pduCode, Hexadecimal.code(code >> 4, digits: 2))
        sink.batch.set(
            cotp.pduName, Self.names, code >> 4,
            otherwise: "Unknown COTP PDU-\(Hexadecimal.code(code >> 4, digits: 2))")
        if code & 0xF0 == 0xE0 || code & 0xF0 == 0xD0, let selectors = Self.selectors(packet) {
            sink.batch.set(cotp.sourceTSAP, selectors.source.map { Self.text(packet.extracting($0)) })
            sink.batch.set(cotp.destinationTSAP, selectors.destination.map { Self.text(packet.extracting($0)) })
        }
        sink.end()
    }

    /// A selector is text or a number.
    private static func text(_ selector: RawSpan) -> String {
        selector.withUnsafeBytes { $0.count > 2 && WireText.isPrintable($0) }
            ? selector.text() : "0x" + Hexadecimal.text(of: selector)
    }

    /// Codes of X.224 section 13.1, in the spelling of ICSNPP.
    private static let names: CodeNames = [
        0x1: "ED Expedited Data", 0x2: "EA Expedited Data Acknowledgement", 0x5: "RJ Reject",
        0x6: "AK Data Acknowledgement", 0x7: "ER TPDU Error", 0x8: "DR Disconnect Request",
        0xC: "DC Disconnect Confirm", 0xD: "CC Connection Confirm", 0xE: "CR Connection Request", 0xF: "DT Data",
    ]
}
