internal import Shared

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How often each byte value occurs at the beginning of a file.
final class ByteHistogram {
    /// Bytes that are counted: enough to tell encrypted from plain (the estimate is within 0.02 bits), and a bound on
    /// the work that a large file makes.
    static let limit = 16_384
    private var counts = [UInt32](repeating: 0, count: 256)
    private var seen = 0

    func update(_ bytes: RawSpan) {
        guard seen < Self.limit else { return }
        let taken = bytes.extracting(first: Self.limit - seen)
        seen += taken.byteCount
        taken.withUnsafeBytes { buffer in
            counts.withUnsafeMutableBufferPointer { counts in
                for byte in buffer { counts[Int(byte)] &+= 1 }
            }
        }
    }

    /// Shannon entropy in bits a byte: 0 for one value only, 8 for all alike.
    var entropy: Double {
        let total = Double(seen)
        guard total > 0 else { return 0 }
        return counts.reduce(0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * log2(share)
        }
    }
}
