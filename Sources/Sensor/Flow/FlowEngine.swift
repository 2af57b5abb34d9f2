public import Shared
import Synchronization

/// From packets to records: decodes, follows connections, feeds analyzers. Owned by one capture thread.
///
/// Everything is driven by the packets' own time. Memory is bounded by ``FlowSettings``: what does not fit is counted.
public struct FlowEngine: ~Copyable {
    /// Segments of a connection that are offered to the analyzers before it is only counted.
    static let maximumProbes: UInt8 = 64

    let settings: FlowSettings
    var table: FlowTable
    var lists: FlowLists
    var reports = ReportList()
    var sink = RecordSink()
    var analyses: [FlowAnalysis?] = []
    var freeAnalyses: [Int32] = []
    /// Bytes held for reassembly by all flows together.
    var heldBytes = 0
    /// Bytes that the analyzers of all flows hold.
    var analyzerBytes = 0
    /// Analyses are being given up: what that delivers must not begin it again.
    var isRelieving = false
    /// Flows whose analyzers hold so much that giving them up is worthwhile.
    var holders = HolderList(of: .analyzerBytes)
    /// Flows of which segments wait for others.
    var waiters = HolderList(of: .segments)
    /// Flows that wait for data behind its acknowledgement.
    var earlyWaits = WaitQueue()
    /// Bytes held until an analyzer recognises them, by all flows together.
    var unrecognisedBytes = 0
    var tunnels = TunnelPairs()
    /// The tunnels around connections, by number of the flow.
    var tunnelParents: [UInt32: FlowIdentity] = [:]
    var beginnings = SlotPool<FlowBeginning>()
    var told = SlotPool<FlowTold>()
    var fragments: FragmentTable
    /// Analyzers by transport, in the order in which they are asked.
    let tcpAnalyzers: [any ProtocolAnalyzer.Type]
    let udpAnalyzers: [any ProtocolAnalyzer.Type]
    public internal(set) var counters = FlowCounters()
    /// What is left out to keep up; only live captures ever set it.
    public var shedLevel = ShedLevel.none
    /// What the capture knows of itself; live only.
    public var captureState: CaptureState?
    /// Brings ``captureState`` up to date just before it is told: what is a second old would not fit the other numbers.
    var refreshCapture: ((inout CaptureState) -> Void)?
    var networks = RoutedNetworks()
    // What the last statistics have told, when, and when the next are due.
    var statisticsTold = FlowCounters()
    var captureTold = CaptureState()
    var statisticsSince = Timestamp.distantPast
    var statisticsDue = Timestamp.distantPast
    /// The latest packet time seen: it never goes back.
    public internal(set) var clock = Timestamp.distantPast
    /// Keeps the engine where it is: without such a part all its 1,700 bytes are copied for each call of a method that
    /// does not change it.
    private let anchor = Atomic<UInt8>(0)
    /// Time of the packet clock at which all that was due had ended: no record comes that is older than it allows.
    var settledClock = Timestamp.distantPast

    /// - Parameter analyzers: asked in this order.
    public init(
        settings: FlowSettings = FlowSettings(), analyzers: [any ProtocolAnalyzer.Type] = AnalyzerRegistry.all
    ) {
        self.settings = settings
        sink.fileDigests = settings.fileDigests
        table = FlowTable(limit: settings.flowLimit)
        lists = FlowLists(settings)
        fragments = FragmentTable(limitBytes: settings.fragmentLimitBytes)
        tcpAnalyzers = analyzers.filter { $0.transports.contains(.tcp) }
        udpAnalyzers = analyzers.filter { $0.transports.contains(.udp) }
    }

    /// Records and weight at which a batch is taken: texts that come again are worth a large one, and what a second
    /// brings is smaller anyway.
    private static let usualRecords = 40_000
    private static let usualWeight = 6 << 20
    /// What a batch may have when much ends at once. The wire takes 65,536 records and 16 MiB.
    private static let mostRecords = 60_000
    private static let mostWeight = 8 << 20

    /// Whether it is time to take the records.
    public var isBatchFull: Bool {
        sink.batch.recordCount >= Self.usualRecords || sink.batch.weight >= Self.usualWeight
    }

    /// Whether the records must be taken before the next packet: what a packet makes an analyzer say may be a thousand
    /// times as long as the packet.
    @inline(__always)
    public var isBatchHeavy: Bool { sink.batch.strings.byteCount >= 4 * Self.usualWeight }

    /// Connections that are open now.
    public var flowCount: Int { table.count }
    /// Records that wait to be taken.
    public var recordCount: Int { sink.batch.recordCount }

    /// Takes one packet into account.
    @inline(__always)
    public mutating func process(_ packet: CapturedPacket) {
        if packet.time > clock {
            clock = packet.time
            expire()
            if clock > earlyWaits.due { endDueWaits() }
            if clock >= statisticsDue { reportStatistics() }
        }
        if shedLevel == .connections {
            counters.shed(packet)
            return
        }
        counters.packets &+= 1
        counters.bytes &+= UInt64(packet.wireLength)
        if packet.bytes.count < packet.wireLength { counters.cutPackets &+= 1 }
        var decoded = DecodedPacket()
        let bytes = packet.bytes.bytes
        let outcome = LinkDecoder.decode(
            bytes, wireLength: packet.wireLength, from: 0, layer: .link(packet.linkType), into: &decoded)
        follow(bytes, outcome, Place(time: packet.time), &decoded)
    }

    /// Moves the packet clock on without a packet, so that on a silent network connections still end.
    public mutating func advance(to time: Timestamp) {
        guard clock != .distantPast, time > clock else { return }
        clock = time
        expire(most: .max)
        endDueWaits(most: .max)
        if clock >= statisticsDue { reportStatistics() }
    }

    /// Ends every connection, as at the end of a file.
    public mutating func finish() {
        for list in 0..<FlowLists.count {
            while case let number = lists.first(list), number != FlowTable.none { close(number) }
        }
        settledClock = clock
        writeStatistics()
    }

    /// As ``finish()``, but only until a batch is full: what a million connections leave need not be held at once.
    /// - Returns: whether all have ended. Before it is called again, the batch must be taken.
    public mutating func finishSome() -> Bool {
        for list in 0..<FlowLists.count {
            while case let number = lists.first(list), number != FlowTable.none {
                if isBatchFull { return false }
                close(number)
            }
        }
        settledClock = clock
        writeStatistics()
        return true
    }

    /// The records since the last call, with the promise up to when no more will come.
    ///
    /// A record can come late by as long as a silent connection is kept: the end of a TCP connection without FIN or RST
    /// is told ``FlowSettings/tcpTimeout`` after its last packet.
    public mutating func takeBatch() -> RecordBatch {
        var batch = RecordBatch()
        swap(&batch, &sink.batch)
        batch.watermark = settledClock == .distantPast ? settledClock : settledClock - settings.longestDelay
        return batch
    }

    /// As ``takeBatch()``, in batches that can travel: a scan that ends may leave as many records as the table has
    /// flows.
    public mutating func takeBatches() -> [RecordBatch] {
        takeBatch().parts(records: Self.mostRecords, weight: Self.mostWeight)
    }
}
