internal import Shared

/// OpenVPN over UDP and TCP (openvpn.net, "OpenVPN Protocol"): named by the messages that begin a session, and in the
/// middle of one by several datagrams of data.
struct OpenVPNAnalyzer: NamingAnalyzer {
    static let service: StaticString = "openvpn"
    static var transports: Transports { [.tcp, .udp] }
    static let fewestDatagrams = 4

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if isReset(payload) { return .match }
        if data(payload) != nil { return .needMore }
        // Over TCP each message is led by its length.
        guard payload.byteCount > 2, let length: UInt16 = try? payload.readBE(at: 0),
            Int(length) == payload.byteCount - 2
        else { return .noMatch }
        return isReset(payload.extracting(droppingFirst: 2)) ? .match : .noMatch
    }

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
        guard message.byteCount > 24, let peer: UInt32 = try? message.readBE(at: 0), peer >> 27 == 9,
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
        // With a digest of 20 (SHA-1) or 64 bytes (SHA-512).
        case 42, 86:
            return isFirstPacket(message, at: message.byteCount - 13) && isEnd(message, at: message.byteCount - 5)
        // With one of 32 bytes, or encrypted.
        case 54...: return isFirstPacket(message, at: 9) || isFirstPacket(message, at: 41) && isEnd(message, at: 49)
        default: return false
        }
    }

    /// One acknowledgement, of message 0, with the client's session; the server's own number is 0 too.
    private static func isServer(_ message: RawSpan) -> Bool {
        switch message.byteCount {
        case 26: return isAcknowledgement(message, at: 9)
        case 54, 66, 98:
            return isFirstPacket(message, at: message.byteCount - 25)
                && isAcknowledgement(message, at: message.byteCount - 17) || isFirstPacket(message, at: 9)
        default: return false
        }
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
