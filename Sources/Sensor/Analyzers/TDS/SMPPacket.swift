internal import Shared

/// Packets of the Session Multiplex Protocol ([MC-SMP] section 2.2.1), by which several sessions with SQL Server share
/// a connection ("MARS"): 16 bytes in front of each TDS packet.
enum SMPPacket {
    static let identifier: UInt8 = 0x53
    static let headerLength = 16
    private static let data: UInt8 = 8
    /// To open a session, to acknowledge, and to close one.
    private static let others: Set<UInt8> = [1, 2, 4]

    /// Bytes of the packet that begins here, 0 when that cannot be told yet.
    static func length(_ bytes: RawSpan) throws(DecodeError) -> Int {
        guard bytes.byteCount >= 8 else { return 0 }
        let flags = try bytes.byte(at: 1)
        let length = Int(try bytes.readLE(at: 4, as: UInt32.self))
        guard length >= headerLength, length <= TDSAnalyzer.frameLimit,
            flags == data || others.contains(flags) && length == headerLength
        else { throw .invalid(.length) }
        return length
    }

    /// The session of a packet that carries data.
    static func session(_ packet: RawSpan) -> UInt16? {
        (try? packet.byte(at: 1)) == data ? try? packet.readLE(at: 2, as: UInt16.self) : nil
    }

    /// Whether a segment begins with a packet, and that with a message if it carries one.
    static func begins(_ segment: RawSpan, from side: Side) -> Bool {
        guard segment.starts(with: "S"), let length = try? length(segment), length > 0, length <= segment.byteCount
        else {
            return false
        }
        return length == headerLength
            || TDSAnalyzer.beginsMessage(segment.extracting(headerLength..<length), from: side)
    }
}
