internal import Shared

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How often each byte value occurs at the beginning of a file.
///
/// It has memory of its own, since it is filled byte by byte, and is used for one file after the other.
struct ByteHistogram: ~Copyable {
    /// Bytes that are counted: enough to tell encrypted from plain (the estimate is within 0.02 bits), and a bound on
    /// the work that a large file makes.
    static let limit = 16_384
    // Two tables, one behind the other, since bytes that repeat would else wait for their own counter.
    private let counts = UnsafeMutablePointer<UInt16>.allocate(capacity: 512)
    private var seen = 0

    init() { counts.initialize(repeating: 0, count: 512) }
    deinit { counts.deallocate() }

    /// Forgets what was counted.
    mutating func reset() {
        counts.update(repeating: 0, count: 512)
        seen = 0
    }

    mutating func update(_ bytes: RawSpan) {
        guard seen < Self.limit else { return }
        let taken = bytes.extracting(first: Self.limit - seen)
        seen += taken.byteCount
        let counts = counts
        taken.withUnsafeBytes { buffer in
            var index = 0
            while index + 1 < buffer.count {
                counts[Int(buffer[index])] &+= 1
                counts[256 + Int(buffer[index + 1])] &+= 1
                index += 2
            }
            if index < buffer.count { counts[Int(buffer[index])] &+= 1 }
        }
    }

    /// Counts are small numbers mostly: these need no logarithm each.
    private static let weights: [Double] = [0] + (1..<1024).map { Double($0) * log2(Double($0)) }

    /// Shannon entropy in bits a byte: 0 for one value only, 8 for all alike.
    var entropy: Double {
        guard seen > 0 else { return 0 }
        // H = log n - (sum of c log c) / n.
        let weights = Self.weights
        var weighted = 0.0
        for value in 0..<256 {
            let count = Int(counts[value]) + Int(counts[256 + value])
            guard count > 1 else { continue }
            weighted += count < weights.count ? weights[count] : Double(count) * log2(Double(count))
        }
        return max(0, log2(Double(seen)) - weighted / Double(seen))
    }
}
