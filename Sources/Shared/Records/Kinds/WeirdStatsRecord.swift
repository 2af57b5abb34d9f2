/// How often an irregularity was seen in an interval.
public struct WeirdStatsRecord: RecordSchema {
    public static let name = "weird_stats"
    public static let meaning = "How often an irregularity was seen in an interval, by service and host"

    public let ts = NumberField<Timestamp>(0, "ts", "End of the interval, in the packets' time")
    public let name = TextField(1, "name", "Stable name of what was seen")
    public let numSeen = NumberField<UInt64>(2, "num_seen", "How often, those without a weird record included")
    public let source = TextField(3, "source", "Analyzer that saw it; decode for headers of packets")
    public let host = TextField(4, "host", "Originator of the connections it was seen on", type: .address)

    public init() {}
}

extension Records {
    public static let weirdStats = WeirdStatsRecord()
}
