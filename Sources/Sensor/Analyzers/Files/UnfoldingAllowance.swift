internal import Shared

/// How far compressed content may unfold beyond what is usual: bombs make gigabytes of kilobytes, and each byte that
/// comes out costs more than one that passes by.
///
/// One for all streams of a worker, for whoever can send one bomb can send a thousand. Only what unfolds further than
/// other content does draws on it, so that bombs take nothing away from that.
final class UnfoldingAllowance {
    /// Bytes that come out of one without being counted: texts and logs pack five to twenty to one, deflate packs at
    /// most 1032 to one.
    static let usualRatio = 32
    /// Bytes beyond that which may come out in a second of packet time.
    static let bytesPerSecond = 8 << 20

    private var left = UnfoldingAllowance.bytesPerSecond
    private var since: Timestamp?

    /// Bytes beyond the usual that may come out now.
    func available(at now: Timestamp) -> Int {
        if let since, now < since + .seconds(1) { return left }
        since = now
        left = Self.bytesPerSecond
        return left
    }

    /// Takes bytes that came out beyond the usual.
    func take(_ byteCount: Int) { left -= Swift.min(left, byteCount) }
}
