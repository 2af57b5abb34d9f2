internal import Shared

/// NetBIOS datagrams (RFC 1002 section 4.4) that carry SMB's mailslots, with which Windows hosts announce themselves
/// ([MS-BRWS]): named as the SMB that they carry, without records.
struct NetBIOSDatagramAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "smb"
    static let transports: Transports = .udp

    /// Bytes in front of the names: type, flags, identifier, source, length, offset.
    private static let headerLength = 14

    init() {}

    /// A datagram for one, a group or all, whose two names are encoded as section 4.1 of RFC 1001 has it, then SMB.
    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let type = try? payload.byte(at: 0), (0x10...0x12).contains(type),
            let length = try? payload.readBE(at: 10, as: UInt16.self),
            Int(length) <= payload.byteCount - headerLength, let source = nameEnd(payload, at: headerLength),
            let destination = nameEnd(payload, at: source),
            (try? payload.readBE(at: destination, as: UInt32.self)) == 0xFF53_4D42
        else { return .noMatch }
        return .match
    }

    /// Where an encoded name ends: 32 letters from A to P behind their count, and labels of a scope, up to a zero.
    private static func nameEnd(_ payload: RawSpan, at start: Int) -> Int? {
        guard (try? payload.byte(at: start)) == 32 else { return nil }
        for index in (start + 1)..<(start + 33) {
            guard let letter = try? payload.byte(at: index), (0x41...0x50).contains(letter) else { return nil }
        }
        // Names with their scope have at most 255 bytes.
        guard let end = payload.firstIndex(of: 0, from: start + 33), end - start < 255 else { return nil }
        return end + 1
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress { .finished }
}
