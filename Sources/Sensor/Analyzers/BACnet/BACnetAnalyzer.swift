internal import Shared

/// BACnet/IP (ASHRAE 135, annex J, clauses 6 and 20): what is asked of the devices of a building, and what they are.
struct BACnetAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "bacnet"
    static let transports: Transports = .udp

    init() {}

    /// Type 0x81, a function that exists, a length that is the datagram's, and behind it version 1 where a message of
    /// the network layer stands.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard (try? payload.byte(at: 0)) == 0x81, let function = try? payload.byte(at: 1),
            BACnetNames.functions[function] != nil, let length = try? payload.readBE(at: 2, as: UInt16.self),
            Int(length) == payload.byteCount
        else { return .noMatch }
        switch function {
        case 0: return length == 6 ? .match : .noMatch
        case 2, 6: return length == 4 ? .match : .noMatch
        case 5: return length == 6 ? .match : .noMatch
        case 8: return length == 10 ? .match : .noMatch
        case 1, 3, 7: return (length - 4) % 10 == 0 ? .match : .noMatch
        default:
            let start = networkOffset(function)
            // Reserved bits of the control octet are zero (clause 6.2.2).
            guard (try? payload.byte(at: start)) == 1, let control = try? payload.byte(at: start + 1),
                control & 0x50 == 0
            else { return .noMatch }
            return .match
        }
    }

    /// Where the network layer begins: a forwarded message has its origin in front.
    private static func networkOffset(_ function: UInt8) -> Int { function == 4 ? 10 : 4 }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        var reader = ByteReader(payload.withUnsafeBytes { Array($0) })
        do throws(DecodeError) {
            try take(&reader, from: side, into: &sink)
        } catch {
            sink.weird("bacnet_malformed", detail: "\(error)", source: Self.service)
        }
        return .wantMore
    }

    private func take(_ reader: inout ByteReader, from side: Side, into sink: inout RecordSink) throws(DecodeError) {
        guard try reader.byte() == 0x81 else { throw .invalid(.magic) }
        var message = BACnetMessage(function: try reader.byte(), side: side)
        try reader.skip(2)
        switch message.function {
        case 0: message.result = try reader.be(UInt16.self)
        case 4:
            message.forwardedAddress = IPAddress(v4: try reader.be())
            message.forwardedPort = UInt64(try reader.be(UInt16.self))
            try message.readNetwork(&reader)
        case 9, 10, 11: try message.readNetwork(&reader)
        default: break
        }
        message.write(into: &sink)
        BACnetServices.write(message, reader, into: &sink)
    }
}
