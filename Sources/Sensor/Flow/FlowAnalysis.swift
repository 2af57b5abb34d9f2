import Shared

/// What a flow needs beyond counters: an analyzer, bytes that wait, segments out of order. Made only when needed.
final class FlowAnalysis {
    /// A segment that came before the ones in front of it.
    struct Segment {
        let start: Int64
        private let lengthAndMark: UInt32
        /// What was captured of it; empty when no analyzer wants it.
        var bytes: [UInt8]
        /// How far the other end's data was acknowledged that it waits for; 0 when it only came too early.
        var answers: Int64 = 0
        var end: Int64 { start + Int64(length) }
        var length: Int { Int(lengthAndMark & ~Self.cutMark) }
        /// The capture has not all of it.
        var isCut: Bool { lengthAndMark & Self.cutMark != 0 }
        private static let cutMark: UInt32 = 1 << 31

        init(start: Int64, length: Int, isCut: Bool) {
            self.start = start
            lengthAndMark = min(UInt32(clamping: length), Self.cutMark - 1) | (isCut ? Self.cutMark : 0)
            bytes = []
        }

        /// What a segment takes beside its bytes: itself, and the head and rounding of what holds them. A segment of
        /// one byte is nearly all that.
        static let overheadBytes = 88
        /// Bytes of memory that it is counted with.
        var cost: Int { bytes.count + Self.overheadBytes }
    }

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
    /// Services found, in order.
    var services: [StaticString] = []
    /// First bytes of each side that no analyzer has recognised yet.
    var held = HeldPayload()
    /// Segments out of order, by start.
    var originatorPending: [Segment] = []
    var responderPending: [Segment] = []

    /// What the capture has cut of each side, until it is acknowledged.
    var cuts = PerSide(originator: CutData(), responder: CutData())

    /// What was acknowledged of each side before it was seen.
    var early = PerSide(originator: EarlyAcknowledgement?.none, responder: EarlyAcknowledgement?.none)
    /// Its place among those whose wait ends with time; 0 when it is not there.
    var waitTicket: UInt32 = 0
    /// How often such data did not come.
    var vainWaits: UInt8 = 0

    /// Something waits, on either side: segments, acknowledgements for their data, or cut data for its acknowledgement.
    var hasPending: Bool {
        !originatorPending.isEmpty || !responderPending.isEmpty || !cuts.originator.isEmpty || !cuts.responder.isEmpty
            || early.originator != nil || early.responder != nil
    }

    /// Segments of one side that wait, by start.
    func segments(_ side: Side) -> [Segment] { side == .originator ? originatorPending : responderPending }

    /// What was the originator's is the responder's: the ends were exchanged.
    func exchangeSides() {
        swap(&originatorPending, &responderPending)
        cuts = PerSide(originator: cuts.responder, responder: cuts.originator)
        early = PerSide(originator: early.responder, responder: early.originator)
        lost = PerSide(originator: lost.responder, responder: lost.originator)
        held.exchangeSides()
    }

    /// Bytes of memory of segments out of order.
    var heldBytes: Int { pending(.originator).cost + pending(.responder).cost }

    /// How many segments of one side wait, and their bytes of memory.
    func pending(_ side: Side) -> (count: Int, cost: Int) {
        let list = segments(side)
        return (list.count, list.reduce(0) { $0 + $1.cost })
    }

    /// Puts a segment, of which the others have nothing, where it belongs.
    static func insert(_ segment: Segment, into list: inout [Segment]) {
        let place = list.lastIndex { $0.start <= segment.start }.map { $0 + 1 } ?? 0
        list.insert(segment, at: place)
    }

    /// The parts of a range that no segment of a list has.
    static func unseen(of range: Range<Int64>, in list: [Segment]) -> [Range<Int64>] {
        guard let last = list.last, last.end > range.lowerBound else { return [range] }
        var parts: [Range<Int64>] = []
        var place = range.lowerBound
        for segment in list where segment.end > place {
            if segment.start >= range.upperBound { break }
            if segment.start > place { parts.append(place..<segment.start) }
            place = segment.end
        }
        if place < range.upperBound { parts.append(place..<range.upperBound) }
        return parts
    }

    func add(service: StaticString) {
        if !services.contains(where: { $0.isSame(as: service) }) { services.append(service) }
    }
}
