internal import Shared

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// How often each byte value occurs in a file.
final class ByteHistogram {
    private var counts = [UInt64](repeating: 0, count: 256)

    func update(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { buffer in
            for byte in buffer { counts[Int(byte)] &+= 1 }
        }
    }

    /// Shannon entropy in bits a byte: 0 for one value only, 8 for all alike.
    var entropy: Double {
        let total = Double(counts.reduce(0, &+))
        guard total > 0 else { return 0 }
        return counts.reduce(0) { sum, count in
            guard count > 0 else { return sum }
            let share = Double(count) / total
            return sum - share * log2(share)
        }
    }
}
