import Shared

/// One connection in the flow table. A plain value without references, in place in a slab.
struct Flow {
    var key: FlowKey
    var originatorIsLow: Bool
    var transport: Transport
    var start: Timestamp
    var end: Timestamp
    var originator = FlowEndpoint()
    var responder = FlowEndpoint()
    var history = FlowHistory()
    var vlan = DecodedPacket.noVLAN
    var innerVLAN = DecodedPacket.noVLAN
    var hasMAC = false
    /// Whether its first packet came in a tunnel: ``FlowEngine/tunnelParents`` tells which.
    var hasTunnelParent = false
    /// Both ends have closed: what still comes does not make it longer.
    var isEnded = false
    /// What kind of tunnel it carries itself.
    var tunnelKind = TunnelKind.none
    var isTunnelTold = false
    /// Slot of its analysis, -1 for none.
    var analysis: Int32 = -1
    /// Whether payload goes to the analysis; otherwise it is only counted.
    var isAnalyzed = false
    /// Segments out of order wait in its analysis.
    var hasPending = false
    /// Segments that may still be probed for a protocol.
    var probesLeft: UInt8 = FlowEngine.maximumProbes
    var handshake = HandshakeTimes()
    /// Packets with payload whose sizes may still be noted, and where: slot of its beginning, -1 for none.
    var sizesLeft: UInt8 = FlowBeginning.capacity
    var beginning: Int32 = -1
    /// Slot of what its interim reports have told, -1 before the first.
    var told: Int32 = -1

    // Links of the two lists that the flow is in: by expiry, and by the next interim report.
    var list: UInt8 = 0
    var isReportPending = false
    var previous: UInt32 = FlowTable.none
    var following: UInt32 = FlowTable.none
    var reportPrevious: UInt32 = FlowTable.none
    var reportFollowing: UInt32 = FlowTable.none
    var reportDue = Timestamp.distantFuture

    /// The same in every run over the same packets.
    var identity: FlowIdentity { .make(key, start) }
    var originatorAddress: IPAddress { originatorIsLow ? key.lowAddress : key.highAddress }
    var responderAddress: IPAddress { originatorIsLow ? key.highAddress : key.lowAddress }
    var originatorPort: UInt16 { UInt16(truncatingIfNeeded: originatorIsLow ? key.ports >> 16 : key.ports) }
    var responderPort: UInt16 { UInt16(truncatingIfNeeded: originatorIsLow ? key.ports : key.ports >> 16) }

    @inline(__always)
    mutating func withEndpoint<R>(_ side: Side, _ body: (inout FlowEndpoint) -> R) -> R {
        side == .originator ? body(&originator) : body(&responder)
    }

    /// Exchanges the ends: what was taken for the originator is the responder.
    mutating func flip() {
        originatorIsLow.toggle()
        swap(&originator, &responder)
        history.flipCase()
        history.append("^")
    }
}
