public import Shared

/// Slows down guessing: each source address and each account name has a small budget of failures that refills.
public actor SignInLimiter {
    /// Failures that may come at once.
    public static let burst = 8.0
    /// Time in which one failure is forgiven.
    public static let refill = Interval.seconds(60)
    /// Keys remembered; beyond it the oldest are dropped, so that a flood of names cannot fill the memory.
    public static let keyLimit = 10_000

    private struct Bucket {
        var failures: Double
        var updated: Timestamp
    }

    private var buckets: [String: Bucket] = [:]

    public init() {}

    /// Whether a try may be made now. Does not count it.
    /// - Parameters:
    ///   - keys: what the try is counted for, such as `address:192.0.2.7` and `name:admin`.
    ///   - now: the wall clock.
    public func allows(_ keys: [String], now: Timestamp) -> Bool {
        keys.allSatisfy { failures($0, now: now) < Self.burst }
    }

    /// Counts a failure.
    public func failed(_ keys: [String], now: Timestamp) {
        for key in keys { buckets[key] = Bucket(failures: failures(key, now: now) + 1, updated: now) }
        if buckets.count > Self.keyLimit { forgetOldest() }
    }

    /// A right password clears what stood against the account.
    public func succeeded(_ keys: [String]) {
        for key in keys { buckets[key] = nil }
    }

    private func failures(_ key: String, now: Timestamp) -> Double {
        guard let bucket = buckets[key] else { return 0 }
        let elapsed = max(0, (now - bucket.updated).seconds)
        return max(0, bucket.failures - elapsed / Self.refill.seconds)
    }

    private func forgetOldest() {
        let oldest = buckets.sorted { $0.value.updated < $1.value.updated }.prefix(buckets.count / 2)
        for (key, _) in oldest { buckets[key] = nil }
    }
}
