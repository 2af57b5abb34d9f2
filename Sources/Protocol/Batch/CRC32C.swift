/// CRC-32C (Castagnoli), RFC 3720 appendix B.4: polynomial 0x1EDC6F41 reflected, initial and final complement.
public enum CRC32C {
    /// Eight tables of 256 for eight bytes a step.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
            tables[byte] = value
        }
        for index in 256..<(8 * 256) {
            let before = tables[index - 256]
            tables[index] = before >> 8 ^ tables[Int(before & 255)]
        }
        return tables
    }()

    public static func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { checksum($0) } }

    /// - Parameter seed: the checksum of the bytes before, to go on from it.
    public static func checksum(_ bytes: UnsafeRawBufferPointer, continuing seed: UInt32 = 0) -> UInt32 {
        var crc = ~seed
        tables.withUnsafeBufferPointer { table in
            var offset = 0
            while offset <= bytes.count - 8 {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                crc = step(word ^ UInt64(crc), table)
                offset += 8
            }
            while offset < bytes.count {
                crc = crc >> 8 ^ table[Int((crc ^ UInt32(bytes[offset])) & 255)]
                offset += 1
            }
        }
        return ~crc
    }

    @inline(__always)
    private static func step(_ word: UInt64, _ table: UnsafeBufferPointer<UInt32>) -> UInt32 {
        var crc: UInt32 = 0
        for slice in 0..<8 {
            crc ^= table[(7 - slice) * 256 + Int(word >> UInt64(slice * 8) & 255)]
        }
        return crc
    }
}
