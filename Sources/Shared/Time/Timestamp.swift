/// A moment in event time: nanoseconds since 1970-01-01T00:00:00Z, signed.
///
/// Comes from the capture or the imported log, never from the system clock.
public struct Timestamp: Hashable, Comparable, Codable, Sendable {
    /// Nanoseconds since the Unix epoch.
    public var nanoseconds: Int64

    public static let nanosecondsPerSecond: Int64 = 1_000_000_000
    public static let distantPast = Timestamp(nanoseconds: .min)
    public static let distantFuture = Timestamp(nanoseconds: .max)

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// - Parameter seconds: seconds since the epoch; what does not fit into 64 bits is clamped.
    public init(seconds: Double) {
        let scaled = (seconds * 1e9).rounded()
        if scaled >= 9.2e18 {
            nanoseconds = .max
        } else if scaled <= -9.2e18 || scaled.isNaN {
            nanoseconds = .min
        } else {
            nanoseconds = Int64(scaled)
        }
    }

    /// Seconds since the epoch. Exact to about 0.2 µs in this century.
    public var seconds: Double { Double(nanoseconds) / 1e9 }

    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }

    /// Saturates at the ends of the range instead of trapping: timestamps come from hostile input.
    public func advanced(by interval: Interval) -> Timestamp {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(interval.nanoseconds)
        return overflow ? (interval.nanoseconds > 0 ? .distantFuture : .distantPast) : Timestamp(nanoseconds: sum)
    }

    public static func + (a: Timestamp, b: Interval) -> Timestamp { a.advanced(by: b) }
    public static func - (a: Timestamp, b: Interval) -> Timestamp {
        a.advanced(by: Interval(nanoseconds: b.nanoseconds == .min ? .max : -b.nanoseconds))
    }
    /// Time from `b` to `a`, saturating.
    public static func - (a: Timestamp, b: Timestamp) -> Interval {
        let (difference, overflow) = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
        return Interval(nanoseconds: overflow ? (a > b ? .max : .min) : difference)
    }
}

/// A length of time in nanoseconds, signed.
public struct Interval: Hashable, Comparable, Codable, Sendable {
    public var nanoseconds: Int64

    public static let zero = Interval(nanoseconds: 0)

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    public init(seconds: Double) { nanoseconds = Timestamp(seconds: seconds).nanoseconds }

    public static func seconds(_ count: Int64) -> Interval {
        Interval(nanoseconds: count.multipliedReportingOverflow(by: Timestamp.nanosecondsPerSecond).partialValue)
    }
    public static func milliseconds(_ count: Int64) -> Interval { Interval(nanoseconds: count &* 1_000_000) }
    public static func minutes(_ count: Int64) -> Interval { .seconds(count * 60) }
    public static func hours(_ count: Int64) -> Interval { .seconds(count * 3600) }
    public static func days(_ count: Int64) -> Interval { .seconds(count * 86_400) }

    public var seconds: Double { Double(nanoseconds) / 1e9 }

    public static func < (a: Interval, b: Interval) -> Bool { a.nanoseconds < b.nanoseconds }
}
