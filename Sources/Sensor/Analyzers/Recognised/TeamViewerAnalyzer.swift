internal import Shared

/// TeamViewer's own protocol (no public specification; what the dissectors of others agree on): named only.
///
/// Commands of the first kind begin with 17 24, a number and a length of two bytes, those of the second with 11 30, a
/// number, and a length of four among 24 bytes. Over UDP, eleven bytes go before.
struct TeamViewerAnalyzer: NamingAnalyzer {
    static let service: StaticString = "teamviewer"
    static let transports: Transports = [.tcp, .udp]
    static let fewestDatagrams = 4

    private static let carrierLength = 11
    /// The longest first command: keys and signatures.
    private static let commandLimit: UInt32 = 65_536

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        if isDatagram(payload) { return .needMore }
        guard let whole = length(payload) else { return .noMatch }
        if whole == payload.byteCount { return .match }
        guard whole < payload.byteCount else { return .needMore }
        return length(payload.extracting(droppingFirst: whole)) == nil ? .noMatch : .match
    }

    /// Lengths are not known to fill datagrams, so that one would be recognised by three bytes: it takes several.
    static func probe(_ held: HeldPayload, datagramsFrom side: Side) -> ProbeResult {
        let bytes = held.bytes[side]
        var count = 0
        for piece in held.pieces where piece.side == side && isDatagram(bytes.span.bytes.extracting(piece.range)) {
            count += 1
        }
        return count >= fewestDatagrams ? .match : .needMore
    }

    /// Bytes of the command that begins here; nil when none does. More than there are while its header is not whole.
    private static func length(_ bytes: RawSpan) -> Int? {
        guard let mark = try? bytes.readBE(at: 0, as: UInt16.self), let command = try? bytes.byte(at: 2),
            isCommand(command)
        else { return nil }
        switch mark {
        case 0x1724:
            guard let length = try? bytes.readLE(at: 3, as: UInt16.self) else { return bytes.byteCount + 1 }
            return 5 + Int(length)
        case 0x1130:
            guard let length = try? bytes.readLE(at: 4, as: UInt32.self) else { return bytes.byteCount + 1 }
            return length <= commandLimit ? 24 + Int(length) : nil
        default: return nil
        }
    }

    private static func isDatagram(_ bytes: RawSpan) -> Bool {
        guard (try? bytes.byte(at: 0)) == 0, (try? bytes.readBE(at: carrierLength, as: UInt16.self)) == 0x1724,
            let command = try? bytes.byte(at: carrierLength + 2)
        else { return false }
        return isCommand(command)
    }

    /// Numbers of commands that were seen.
    private static func isCommand(_ number: UInt8) -> Bool {
        (10...63).contains(number) || (70...72).contains(number) || (90...113).contains(number)
    }
}
