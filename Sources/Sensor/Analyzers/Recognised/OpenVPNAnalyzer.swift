internal import Shared

/// OpenVPN over UDP and TCP (openvpn.net, "OpenVPN Protocol"): named by the messages that begin a session, and in the
/// middle of one by several messages of data.
struct OpenVPNAnalyzer: NamingAnalyzer {
    static let service: StaticString = "openvpn"
    static var transports: Transports { [.tcp, .udp] }
    static let fewestDatagrams = 4

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if isReset(payload) { return .match }
        if data(payload) != nil { return .needMore }
        // Over TCP each message is led by its length.
        guard payload.byteCount > 2, let length: UInt16 = try? payload.readBE(at: 0) else { return .noMatch }
        if Int(length) == payload.byteCount - 2, isReset(payload.extracting(droppingFirst: 2)) { return .match }
        return streamProbe(payload)
    }

    /// Messages of data in a stream, each behind its length, of one peer under one key and with rising numbers. The
    /// first may be alone yet, or its end still come.
    private static func streamProbe(_ stream: RawSpan) -> ProbeResult {
        var rest = stream
        var last: (peer: UInt32, number: UInt32)?
        for count in 0..<fewestInStream {
            guard rest.byteCount > 0 else { return count > 1 && stream.byteCount > longStream ? .match : .needMore }
            guard let length: UInt16 = try? rest.readBE(at: 0), dataLengths.contains(length),
                let next = data(rest.extracting(droppingFirst: 2))
            else { return count > 0 && rest.byteCount <= 2 + shortestData ? .needMore : .noMatch }
            if let last, last.peer != next.peer || !(1...widestStep).contains(next.number &- last.number) {
                return .noMatch
            }
            last = next
            rest = rest.extracting(droppingFirst: 2 + Int(length))
        }
        return .match
    }

    /// Messages of a stream that are enough. Where they are long, two are: a third would have to be waited for.
    private static let fewestInStream = 3
    private static let longStream = 1024
    /// Head and tag of a message of data, and the longest that the buffers of a peer take (`mssfix` and `tun-mtu`
    /// keep below it).
    private static let shortestData = 24
    private static let dataLengths: ClosedRange<UInt16> = 25...1800

    /// Those of one peer under one key, each with a later number than the one before it.
    static func probe(_ held: HeldPayload, datagramsFrom side: Side) -> ProbeResult {
        let bytes = held.bytes[side]
        var last: (peer: UInt32, number: UInt32)?
        var count = 0
        for piece in held.pieces where piece.side == side {
            guard let next = data(bytes.span.bytes.extracting(piece.range)) else { continue }
            let step = next.number &- (last?.number ?? 0)
            count = last?.peer == next.peer && (1...widestStep).contains(step) ? count + 1 : 1
            last = next
        }
        return count >= fewestDatagrams ? .match : .needMore
    }

    /// Numbers that may be missing between two datagrams which are seen.
    private static let widestStep: UInt32 = 16

    /// Opcode 9 (P_DATA_V2) and key in a byte, the peer's number in three, of which servers use few, then the packet's
    /// number and a tag of 16 bytes or a digest.
    private static func data(_ message: RawSpan) -> (peer: UInt32, number: UInt32)? {
        guard message.byteCount > shortestData, let peer: UInt32 = try? message.readBE(at: 0), peer >> 27 == 9,
            peer >> 16 & 0xFF == 0, let number: UInt32 = try? message.readBE(at: 4), number != 0
        else { return nil }
        return (peer, number)
    }

    /// Opcode and key, eight bytes of session, then by the kind of protection: nothing, a keyed digest with a packet
    /// number and a time, or both encrypted. The first message has number 0 and, where they are counted, packet 1.
    private static func isReset(_ message: RawSpan) -> Bool {
        guard let first = try? message.byte(at: 0) else { return false }
        switch first {
        case 0x38, 0x50: return isClient(message)
        case 0x40: return isServer(message)
        default: return false
        }
    }

    private static func isClient(_ message: RawSpan) -> Bool {
        switch message.byteCount {
        case 14: return isEnd(message, at: 9)
        case let count where digestLengths.contains(count - 22) && isDigested(message, at: count - 13): return true
        // Encrypted.
        case 54...: return isFirstPacket(message, at: 9)
        default: return false
        }
    }

    /// Of MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512: any may be chosen (`auth`).
    private static let digestLengths: [Int] = [16, 20, 28, 32, 48, 64]

    /// Behind a digest.
    private static func isDigested(_ message: RawSpan, at offset: Int) -> Bool {
        isFirstPacket(message, at: offset) && isEnd(message, at: offset + 8)
    }

    /// One acknowledgement, of message 0, with the client's session; the server's own number is 0 too.
    private static func isServer(_ message: RawSpan) -> Bool {
        let count = message.byteCount
        if count == 26 { return isAcknowledgement(message, at: 9) }
        guard digestLengths.contains(count - 34) else { return false }
        return isFirstPacket(message, at: count - 25) && isAcknowledgement(message, at: count - 17)
            || (count == 54 || count == 66 || count == 98) && isFirstPacket(message, at: 9)
    }

    /// No acknowledgements, message 0.
    private static func isEnd(_ message: RawSpan, at offset: Int) -> Bool {
        (try? message.byte(at: offset)) == 0 && (try? message.readBE(at: offset + 1, as: UInt32.self)) == 0
            && message.byteCount == offset + 5
    }

    private static func isAcknowledgement(_ message: RawSpan, at offset: Int) -> Bool {
        (try? message.byte(at: offset)) == 1 && (try? message.readBE(at: offset + 1, as: UInt32.self)) == 0
            && (try? message.readBE(at: offset + 13, as: UInt32.self)) == 0
    }

    /// Packet 1, or the number by which a client asks for an early negotiation, and a time of this century's unsigned
    /// seconds.
    private static func isFirstPacket(_ message: RawSpan, at offset: Int) -> Bool {
        guard let number: UInt32 = try? message.readBE(at: offset),
            let time: UInt32 = try? message.readBE(at: offset + 4)
        else { return false }
        return (number == 1 || number == 0x0F00_0001) && time > 0x3800_0000
    }
}
