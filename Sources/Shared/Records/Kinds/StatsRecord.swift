/// What a capture worker did in an interval, and what it holds.
public struct StatsRecord: RecordSchema {
    public static let name = "stats"
    public static let meaning = "What a capture worker did since its last such record, and what it holds"

    public let ts = NumberField<Timestamp>(0, "ts", "End of the interval, in the packets' time")
    public let interval = NumberField<Interval>(1, "interval", "Length of the interval", unit: .seconds)
    public let pktsProc = NumberField<UInt64>(2, "pkts_proc", "Packets taken into account", unit: .packets)
    public let bytesRecv = NumberField<UInt64>(3, "bytes_recv", "Bytes of these packets on the wire", unit: .bytes)
    public let pktsLink = NumberField<UInt64>(
        4, "pkts_link", "Packets that the kernel counted for the worker; live only", unit: .packets)
    public let pktsDropped = NumberField<UInt64>(
        5, "pkts_dropped", "Packets that the kernel had to drop; live only", unit: .packets)
    public let pktLag = NumberField<Interval>(
        6, "pkt_lag", "How long after its arrival a packet was looked at, at the end; live only", unit: .seconds)
    public let pktsCut = NumberField<UInt64>(
        7, "pkts_cut", "Packets of which the capture holds only a part", unit: .packets)
    public let pktsSkipped = NumberField<UInt64>(
        8, "pkts_skipped", "Packets that no connection was made of; weird_stats tells why", unit: .packets)
    public let conns = NumberField<UInt64>(9, "conns", "Connections that began", unit: .items)
    public let activeConns = NumberField<UInt64>(10, "active_conns", "Connections open at the end", unit: .items)
    public let evictedConns = NumberField<UInt64>(
        11, "evicted_conns", "Connections ended early because the table was full", unit: .items)
    public let fragments = NumberField<UInt64>(12, "fragments", "IP fragments", unit: .packets)
    public let missedBytes = NumberField<UInt64>(
        13, "missed_bytes", "TCP payload that was acknowledged but never seen", unit: .bytes)
    public let refusedSegments = NumberField<UInt64>(
        14, "refused_segments", "Segments out of order that the budget for reassembly had no room for", unit: .packets)
    public let analyzerErrors = NumberField<UInt64>(
        15, "analyzer_errors", "Connections whose analyzer gave up", unit: .items)
    public let reassemBytes = NumberField<UInt64>(
        16, "reassem_bytes", "Payload out of order that is held at the end", unit: .bytes)
    public let tableBytes = NumberField<UInt64>(
        17, "table_bytes", "Memory of the table of connections", unit: .bytes)
    public let shedLevel = NumberField<UInt64>(
        18, "shed_level", "Load shedding at the end: 0 none, 1 elephants, 2 bulk, 3 payload, 4 connections")
    public let shedPackets = NumberField<UInt64>(
        19, "shed_packets", "Packets that were only counted, to keep up", unit: .packets)
    public let shedSegments = NumberField<UInt64>(
        20, "shed_segments", "Packets whose payload was not analysed, to keep up", unit: .packets)
    public let shedBytes = NumberField<UInt64>(
        21, "shed_bytes", "Payload of these segments", unit: .bytes)

    public init() {}
}

extension Records {
    public static let stats = StatsRecord()
}
