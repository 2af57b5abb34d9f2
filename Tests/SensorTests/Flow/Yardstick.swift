import Glibc

/// How slow this machine is just now: a fixed piece of work, timed again and again between the pieces of a measurement.
///
/// Budgets of time are set for one machine. Others are slower, and so is the same one while its neighbours are busy;
/// the work here is none of the sensor's, so a sensor that becomes slower does not excuse itself.
struct Yardstick {
    #if DEBUG
        /// CPU time of the work on the machine that the budgets were set on, while nothing else ran.
        private static let usualMicroseconds = 110.0
    #else
        private static let usualMicroseconds = 8.0
    #endif
    /// CPU time of a measurement between two pieces of the work.
    private static let intervalMicroseconds = 5_000.0

    private var spent = 0.0
    private var count = 0
    private var next = 0.0
    /// Kept, so that the work is not left out.
    private(set) var outcome: UInt64 = 0

    /// How many times as long as usual the work took, on average; a machine that is faster counts as usual.
    var slowness: Double { count == 0 ? 1 : max(1, spent / Double(count) / Self.usualMicroseconds) }

    /// CPU time of the work, on average.
    var averageMicroseconds: Double { count == 0 ? 0 : spent / Double(count) }

    /// Called often within a measurement, with the CPU time that it has taken: does the work when it is time to.
    mutating func keepUp(with measuredMicroseconds: Double) {
        guard measuredMicroseconds >= next else { return }
        next = measuredMicroseconds + Self.intervalMicroseconds
        let before = Self.threadMicroseconds()
        work()
        spent += Self.threadMicroseconds() - before
        count += 1
    }

    /// What a parser does: goes through bytes, keeps pieces of them, looks them up.
    private mutating func work() {
        var bytes: [UInt8] = []
        for index in 0..<1000 { bytes.append(UInt8(truncatingIfNeeded: index &* 31 &+ index >> 3)) }
        var pieces: [UInt64: [UInt8]] = [:]
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var start = 0
        for (index, byte) in bytes.enumerated() {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
            guard byte < 16 else { continue }
            pieces[hash & 255, default: []] += bytes[start..<index]
            start = index
        }
        outcome &+= hash &+ UInt64(pieces.count)
    }

    /// CPU time of the calling thread.
    static func threadMicroseconds() -> Double {
        var now = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
        return Double(now.tv_sec) * 1e6 + Double(now.tv_nsec) / 1e3
    }
}
