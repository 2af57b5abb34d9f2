import Shared

/// One connection in the flow table: a plain value without references, in place in a slab.
///
/// The order of its fields leaves no holes: it takes five lines of a processor's cache, and a test sees to that.
struct Flow {
    var key: FlowKey
    var start: Timestamp
    var end: Timestamp
    var originator = FlowEndpoint()
    var responder = FlowEndpoint()

    // Links of the two lists that the flow is in: by expiry, and by the next interim report.
    var reportDue = Timestamp.distantFuture
    var previous: UInt32 = FlowTable.none
    var following: UInt32 = FlowTable.none
    var reportPrevious: UInt32 = FlowTable.none
    var reportFollowing: UInt32 = FlowTable.none

    /// Slot of its analysis, -1 for none.
    var analysis: Int32 = -1
    /// Slot of its beginning, -1 while there is nothing but ``firstPayload``.
    var beginning: Int32 = -1
    /// Slot of what its interim reports have told, -1 before the first.
    var told: Int32 = -1
    var handshake = HandshakeTimes()
    var firstPayload = FirstPayload()
    var vlan = DecodedPacket.noVLAN
    var history = FlowHistory()
    /// Index of the list by expiry.
    var list: UInt8 = 0
    /// What kind of tunnel it carries itself.
    var tunnelKind = TunnelKind.none
    /// Segments that may still be probed for a protocol; ``lateProbes`` once those of datagrams are used up.
    var probesLeft: UInt8 = FlowEngine.maximumProbes
    /// Packets with payload whose sizes may still be noted.
    var sizesLeft: UInt8 = FlowBeginning.capacity
    private var marks: Marks
    var innerVLAN = DecodedPacket.noVLAN
    /// How payload looks that no analyzer has recognised.
    var originatorLook = PayloadLook()
    var responderLook = PayloadLook()

    /// What is or is not, a bit each.
    private struct Marks: OptionSet {
        let rawValue: UInt8
        static let originatorIsLow = Marks(rawValue: 1)
        static let hasMAC = Marks(rawValue: 2)
        static let hasTunnelParent = Marks(rawValue: 4)
        static let isEnded = Marks(rawValue: 8)
        static let isTunnelTold = Marks(rawValue: 16)
        static let isAnalyzed = Marks(rawValue: 32)
        static let hasPending = Marks(rawValue: 64)
        static let isReportPending = Marks(rawValue: 128)

        @inline(__always)
        subscript(mark: Marks) -> Bool {
            get { contains(mark) }
            set { self = newValue ? union(mark) : subtracting(mark) }
        }
    }

    init(key: FlowKey, originatorIsLow: Bool, start: Timestamp) {
        self.key = key
        self.start = start
        end = start
        marks = originatorIsLow ? .originatorIsLow : []
    }

    var originatorIsLow: Bool {
        get { marks[.originatorIsLow] }
        set { marks[.originatorIsLow] = newValue }
    }

    var hasMAC: Bool {
        get { marks[.hasMAC] }
        set { marks[.hasMAC] = newValue }
    }

    /// Whether its first packet came in a tunnel: ``FlowEngine/tunnelParents`` tells which.
    var hasTunnelParent: Bool {
        get { marks[.hasTunnelParent] }
        set { marks[.hasTunnelParent] = newValue }
    }

    /// Both ends have closed: what still comes does not make it longer.
    var isEnded: Bool {
        get { marks[.isEnded] }
        set { marks[.isEnded] = newValue }
    }

    /// Whether the record of the tunnel that it carries is written.
    var isTunnelTold: Bool {
        get { marks[.isTunnelTold] }
        set { marks[.isTunnelTold] = newValue }
    }

    /// Its first segment of either side was seen; otherwise it was picked up in its middle.
    var hasBeginning: Bool {
        (originator.noted | responder.noted) & (FlowHistory.Event.syn.bit | FlowHistory.Event.synAck.bit) != 0
    }

    /// Whether payload goes to the analysis; otherwise it is only counted.
    var isAnalyzed: Bool {
        get { marks[.isAnalyzed] }
        set { marks[.isAnalyzed] = newValue }
    }

    /// Segments wait in its analysis: out of order, or cut ones for their acknowledgement.
    var hasPending: Bool {
        get { marks[.hasPending] }
        set { marks[.hasPending] = newValue }
    }

    var isReportPending: Bool {
        get { marks[.isReportPending] }
        set { marks[.isReportPending] = newValue }
    }

    /// Of ``probesLeft``: a connection over UDP goes on for days, and is looked at again now and then.
    static let lateProbes = UInt8.max
    /// Datagrams in a row that are then looked at: as many as are held to recognise a protocol by several.
    private static let lateRun = UInt64(HeldPayload.maximumDatagrams)

    /// Whether the last datagram is one of those that are looked at late: a few, each time that their number has
    /// doubled. So chance has few tries to make a protocol of what is none, and busy connections take no more time.
    var isLateProbeDue: Bool { Self.isLateProbeDue(originator.packets &+ responder.packets) }

    /// Whether the datagram behind the last is another of them.
    var isLateProbeNext: Bool {
        probesLeft == Self.lateProbes && Self.isLateProbeDue(originator.packets &+ responder.packets &+ 1)
    }

    private static func isLateProbeDue(_ packets: UInt64) -> Bool {
        let start = packets & ~(lateRun - 1)
        return start > UInt64(FlowEngine.maximumProbes) && start & (start - 1) == 0
    }

    /// When questions and answers over UDP are looked at next: where TCP keeps its sequence space.
    var lookDue: Timestamp {
        get { Timestamp(nanoseconds: originator.next) }
        set { originator.next = newValue.nanoseconds }
    }

    /// What the records call it: protocols that are only counted are unknown.
    var transport: Transport { Transport(rawValue: key.ipProtocol) ?? .unknown }

    /// The same in every run over the same packets.
    var identity: FlowIdentity { .make(key, start) }
    var originatorAddress: IPAddress { originatorIsLow ? key.lowAddress : key.highAddress }
    var responderAddress: IPAddress { originatorIsLow ? key.highAddress : key.lowAddress }
    var originatorPort: UInt16 { UInt16(truncatingIfNeeded: originatorIsLow ? key.ports >> 16 : key.ports) }
    var responderPort: UInt16 { UInt16(truncatingIfNeeded: originatorIsLow ? key.ports : key.ports >> 16) }

    /// Whether one of its ports is that which ESP in UDP shares with IKE (RFC 3948 section 2).
    var mayBeESP: Bool { key.ports >> 16 == 4500 || key.ports & 0xFFFF == 4500 }

    /// All data of `side` below was delivered or given up.
    @inline(__always)
    func next(_ side: Side) -> Int64 { side == .originator ? originator.next : responder.next }

    @inline(__always)
    mutating func setNext(_ side: Side, _ place: Int64) {
        if side == .originator { originator.next = place } else { responder.next = place }
    }

    /// How far the data of `side` goes that an acknowledgement of `position` covers: a FIN has a number, and is none.
    /// The place where data begins when the connection was picked up in its middle: it has no beginning to miss.
    func dataEnd(_ side: Side, _ position: Int64) -> Int64 {
        let sender = side == .originator ? originator : responder
        // A FIN in front of what was sent ends nothing.
        let isEnd = sender.sentFIN && sender.finSequence > sender.next
        let end = isEnd ? min(position, sender.finSequence - 1) : position
        return end > 2 || sender.previousState != .inactive ? end : sender.next
    }

    /// Whether the end of a side's data was not seen: it sent no FIN, or data in front of that is missing.
    func isCutOff(_ side: Side) -> Bool {
        let sender = side == .originator ? originator : responder
        return transport == .tcp && !(sender.sentFIN && sender.next >= sender.finSequence - 1)
    }

    @inline(__always)
    mutating func withEndpoint<R>(_ side: Side, _ body: (inout FlowEndpoint) -> R) -> R {
        side == .originator ? body(&originator) : body(&responder)
    }

    /// Takes note of who speaks.
    /// - Returns: whether the other end spoke last, or nobody yet.
    mutating func turn(to side: Side) -> Bool {
        let hasTurned = side == .originator ? !originator.spokeLast : !responder.spokeLast
        if hasTurned { (originator.spokeLast, responder.spokeLast) = (side == .originator, side == .responder) }
        return hasTurned
    }

    /// Exchanges the ends: what was taken for the originator is the responder.
    mutating func flip() {
        originatorIsLow.toggle()
        swap(&originator, &responder)
        history.flip()
    }
}
