public import Shared

/// How a sensor is, as it told last.
public struct SensorHealth: Sendable, Equatable, Codable {
    /// The sensor's clock when it wrote this.
    public var at = Timestamp.distantPast
    /// The sensor's clock minus the master's when it arrived; holds the way of the message, too.
    public var clockOffset = Interval.zero
    public var version = ""
    /// Counters since the sensor's program began.
    public var packets: UInt64 = 0
    public var packetBytes: UInt64 = 0
    public var dropped: UInt64 = 0
    public var interfaceDropped: UInt64 = 0
    /// Records lost because the spool was full or torn.
    public var recordsLost: UInt64 = 0
    /// Of one core, since the report before; 1000 is one core.
    public var cpuPermille: UInt32 = 0
    public var memoryBytes: UInt64 = 0
    public var spoolBytes: UInt64 = 0
    public var spoolBatches: UInt64 = 0
    /// Packets of either direction since the report before.
    public var originatorPackets: UInt64 = 0
    public var responderPackets: UInt64 = 0
    public var interfaces: [String] = []

    public init() {}
}
