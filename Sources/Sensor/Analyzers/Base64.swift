internal import Shared

/// Base64 of RFC 4648 §4.
enum Base64 {
    /// The bytes that `text` stands for, or nil where a character does not belong. Missing padding is forgiven.
    static func decode(_ text: RawSpan) -> [UInt8]? {
        text.withUnsafeBytes { bytes -> [UInt8]? in
            var isWhole = true
            let out = [UInt8](unsafeUninitializedCapacity: bytes.count / 4 * 3 + 3) { out, length in
                var (bits, count): (UInt32, Int) = (0, 0)
                for byte in bytes where isWhole {
                    if byte == 0x3D { break }
                    let value = value(of: byte)
                    isWhole = value < 64
                    bits = bits << 6 | value
                    count += 6
                    guard isWhole, count >= 8 else { continue }
                    count -= 8
                    out[length] = UInt8(truncatingIfNeeded: bits >> UInt32(count))
                    length += 1
                }
            }
            return isWhole ? out : nil
        }
    }

    /// With padding; `padded: false` leaves it out.
    static func encode(_ bytes: some Collection<UInt8>, padded: Bool = true) -> String {
        let digits: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        // Four characters for every three bytes that were begun.
        let capacity = (bytes.count + 2) / 3 * 4
        return String(unsafeUninitializedCapacity: capacity) { out in
            var (bits, count, place): (UInt32, Int, Int) = (0, 0, 0)
            func put(_ byte: UInt8) {
                guard place < capacity else { return }
                out[place] = byte
                place += 1
            }
            for byte in bytes {
                bits = bits << 8 | UInt32(byte)
                count += 8
                while count >= 6 {
                    count -= 6
                    put(digits.utf8Start[Int(bits >> UInt32(count) & 63)])
                }
            }
            if count > 0 { put(digits.utf8Start[Int(bits << UInt32(6 - count) & 63)]) }
            while padded, place % 4 != 0 { put(0x3D) }
            return place
        }
    }

    /// 64 for what does not belong.
    private static func value(of byte: UInt8) -> UInt32 {
        switch byte {
        case 0x41...0x5A: UInt32(byte - 0x41)
        case 0x61...0x7A: UInt32(byte - 0x61) + 26
        case 0x30...0x39: UInt32(byte - 0x30) + 52
        case 0x2B: 62
        case 0x2F: 63
        default: 64
        }
    }
}
