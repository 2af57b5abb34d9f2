internal import Shared

/// Connection-oriented DCE/RPC over TCP (C706, MS-RPCE), endpoint mapper and dynamic ports alike.
struct DCERPCAnalyzer: ProtocolAnalyzer {
    static let service: StaticString = "dce_rpc"
    private var conversation = DCERPCConversation()
    /// Bytes of a side were lost: its next PDU mostly begins with a segment.
    private var isLost = PerSide(originator: false, responder: false)

    init() {}

    var heldBytes: Int { conversation.heldBytes }

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult {
        guard let version = try? payload.byte(at: 0) else { return .needMore }
        guard version == 5 else { return .noMatch }
        guard payload.byteCount >= DCERPCStream.headerLength else {
            // SOCKS 5 begins with the same byte, but its second is a count of methods.
            guard let minor = try? payload.byte(at: 1) else { return .needMore }
            return minor <= 1 ? .needMore : .noMatch
        }
        guard let minor = try? payload.byte(at: 1), minor <= 1, let type = try? payload.byte(at: 2),
            type <= 19, let order = try? payload.byte(at: 4), order == 0x10 || order == 0,
            let little: UInt16 = try? payload.readLE(at: 8),
            // Floating point of one of four kinds, then two bytes that are zero (C706 section 14.1).
            let rest = try? payload.readBE(at: 4, as: UInt32.self) & 0xFF_FFFF, rest & 0xFFFF == 0, rest <= 0x3_0000
        else { return .noMatch }
        return (order == 0x10 ? little : little.byteSwapped) >= 16 ? .match : .noMatch
    }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if isLost[side] {
            guard Self.probe(payload, from: side) == .match else { return .wantMore }
            isLost[side] = false
        }
        try conversation.consume(payload, from: side, into: &sink)
        return .wantMore
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        if !isLost[side] { isLost[side] = !conversation.lose(byteCount, from: side) }
        return .wantMore
    }

    mutating func finish(into sink: inout RecordSink) { conversation.finish(into: &sink) }
}
