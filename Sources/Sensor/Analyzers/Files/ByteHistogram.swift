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

    private static let small: [Double] = [0] + (1..<512).map { Double($0) * log2(Double($0)) }

    private static func weighted(_ count: UInt32) -> Double {
        count < 512 ? small[Int(count)] : Double(count) * log2(Double(count))
    }

    /// Shannon entropy in bits a byte: 0 for one value only, 8 for all alike.
    var entropy: Double {
        guard seen > 0 else { return 0 }
        // H = log n - (sum of c log c) / n, so that counts, small numbers mostly, need no logarithm each.
        let weighted = counts.reduce(0) { $0 + Self.weighted($1) }
        return max(0, log2(Double(seen)) - weighted / Double(seen))
    }
}
