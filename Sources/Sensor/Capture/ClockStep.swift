import Shared

/// Whether the system's clock was set back while packets are captured.
///
/// Both must be behind the packets' clock so far: the packet, since the clock of a network card may be ahead of the
/// system's for good, and the system's clock, since a driver may time a single packet wrongly.
enum ClockStep {
    /// What is captured is out of order by less, and less does not matter.
    private static let tolerance = Interval.seconds(10)

    static func isBehind(_ time: Timestamp, _ clock: Timestamp) -> Bool { time + tolerance < clock }
}
