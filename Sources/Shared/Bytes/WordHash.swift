/// A hash of bytes, eight at a time: multiply and fold. Seeded anew in each process, so that nobody on the wire can
/// choose texts that collide; never stored.
struct WordHash: Sendable {
    private static let processSeed = UInt64.random(in: .min ... .max)
    /// A copy in each table: one load, where the process's own is looked up through a check that it was made.
    private let seed = WordHash.processSeed

    @inline(__always)
    func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        // Secrets on both sides: a factor that can be chosen to be 0 would leave nothing of the other.
        let product = (a ^ seed).multipliedFullWidth(by: b ^ seed.byteSwapped ^ 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }

    /// The hash; the last word may overlap the one before.
    @inline(__always)
    func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        var value = UInt64(truncatingIfNeeded: count)
        let tail: UInt64
        if count >= 8 {
            var offset = 0
            while offset + 8 < count {
                value = mix(value, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset += 8
            }
            tail = bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        } else if count >= 4 {
            let first = bytes.loadUnaligned(as: UInt32.self)
            tail = UInt64(first) << 32 | UInt64(bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
        } else if count > 0 {
            tail = UInt64(bytes[0]) | UInt64(bytes[count >> 1]) << 8 | UInt64(bytes[count - 1]) << 16
        } else {
            tail = 0
        }
        return mix(value ^ 0xD6E8_FEB8_6659_FD93, tail)
    }

    /// Whether the bytes are the same; both have the same length.
    @inline(__always)
    static func isEqual(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
        let count = a.count
        guard count >= 8 else {
            for offset in 0..<count where a[offset] != b[offset] { return false }
            return true
        }
        var offset = 0
        while offset + 8 < count {
            if word(a, offset) != word(b, offset) { return false }
            offset += 8
        }
        return word(a, count - 8) == word(b, count - 8)
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }
}
