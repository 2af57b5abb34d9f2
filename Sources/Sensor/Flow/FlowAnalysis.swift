import Shared

/// What a flow needs beyond counters: an analyzer, bytes that wait, segments out of order. Made only when needed.
final class FlowAnalysis {
    var analyzer: (any ProtocolAnalyzer)?
    /// What ``analyzer`` held when it was last asked.
    var analyzerBytes = 0
    /// Places in the lists of flows that hold something, by ``HolderList/Kind``.
    var places: [2 of Int32] = .init(repeating: FlowAnalysis.noPlace)
    /// The place in a list that it is not in.
    static let noPlace: Int32 = -1
    /// Since when segments wait and none was delivered.
    var waitingSince = Timestamp.distantPast
    /// The analyzer's service until its first bytes were good.
    var service: StaticString?
    /// Errors of its analyzer so far.
    var errorCount: UInt8 = 0
    /// Bytes that its analyzer would have taken were lost.
    var hasHoles = false
    /// Bytes that were given up before there was an analyzer to be told.
    var lost = PerSide(originator: 0, responder: 0)
    /// The transfer that another connection has announced for this one.
    var announced: DataChannels.Number?
    /// Files and certificates that were told of.
    var fileCount: UInt32 = 0
    private(set) var services = ServiceList()
    /// First bytes of each side that no analyzer has recognised yet.
    var held = HeldPayload()
    /// Segments out of order.
    var pending = PerSide(originator: PendingSegments(), responder: PendingSegments())

    /// What the capture has cut of each side, until it is acknowledged.
    var cuts = PerSide(originator: CutData(), responder: CutData())

    /// What was acknowledged of each side before it was seen.
    var early = PerSide(originator: EarlyAcknowledgement?.none, responder: EarlyAcknowledgement?.none)
    /// How far data of each side was acknowledged that was waited for in vain, while nothing else says that it was
    /// sent: its hole is not told yet. 0 when there is none.
    var untold = PerSide(originator: Int64(0), responder: Int64(0))
    /// The last hole of each side that was given up; it counts while nothing behind it was delivered.
    var givenUp = PerSide(originator: Int64(0)..<0, responder: Int64(0)..<0)
    /// Data of a side came when it was given up already: what is acknowledged and was not sent yet may still come.
    var isShownLate = PerSide(originator: false, responder: false)
    /// Its place among those whose wait ends with time; 0 when it is not there.
    var waitTicket: UInt32 = 0
    /// How often such data did not come.
    var vainWaits: UInt8 = 0

    /// Something waits, on either side: segments, acknowledgements for their data, cut data for its acknowledgement, or
    /// a hole to be told.
    var hasPending: Bool {
        holdsSegments || !cuts.originator.isEmpty || !cuts.responder.isEmpty
            || early.originator != nil || early.responder != nil || untold.originator > 0 || untold.responder > 0
    }

    /// What was the originator's is the responder's: the ends were exchanged.
    func exchangeSides() {
        pending = PerSide(originator: pending.responder, responder: pending.originator)
        cuts = PerSide(originator: cuts.responder, responder: cuts.originator)
        early = PerSide(originator: early.responder, responder: early.originator)
        untold = PerSide(originator: untold.responder, responder: untold.originator)
        givenUp = PerSide(originator: givenUp.responder, responder: givenUp.originator)
        isShownLate = PerSide(originator: isShownLate.responder, responder: isShownLate.originator)
        lost = PerSide(originator: lost.responder, responder: lost.originator)
        held.exchangeSides()
    }

    /// Segments wait, on either side.
    var holdsSegments: Bool { !pending.originator.isEmpty || !pending.responder.isEmpty }

    /// Bytes of memory of segments out of order.
    var heldBytes: Int { pending.originator.cost + pending.responder.cost }

    func add(service: StaticString) { services.insert(service) }
}
