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
    fileprivate static func value(of byte: UInt8) -> UInt32 {
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

/// Base64 that comes in pieces, with whatever stands in between: what is none of its characters is passed over, and
/// padding is the end (RFC 2045 §6.8).
struct Base64Stream {
    private var bits: UInt32 = 0
    /// Those in ``bits`` that make no byte yet: 6, 4 and 2 behind one, two and three characters of a group.
    private var bitCount = 0
    /// Signs of padding behind the last character: a group that lacks one lacks two bits, one that lacks two four.
    private var padCount = 0

    /// The group has its padding. What follows is passed over, as other readers and Zeek do.
    private var isOver: Bool { bitCount > 0 && bitCount < 6 && padCount * 2 >= bitCount }

    /// One character of a group came, and no more: it stands for no byte.
    var hasRest: Bool { bitCount == 6 }

    /// The bytes that end in `text`.
    mutating func decode(_ text: RawSpan) -> [UInt8] {
        guard !isOver else { return [] }
        // A variable of its own stays in registers.
        var state = self
        defer { self = state }
        return text.withUnsafeBytes { bytes in
            [UInt8](unsafeUninitializedCapacity: bytes.count / 4 * 3 + 3) { out, length in
                var count = 0
                for byte in bytes {
                    guard let whole = state.take(byte) else {
                        if state.isOver { break }
                        continue
                    }
                    out[count] = whole
                    count += 1
                }
                length = count
            }
        }
    }

    /// The byte that ends in this character, if one does.
    private mutating func take(_ character: UInt8) -> UInt8? {
        let value = Base64.value(of: character)
        guard value < 64 else {
            if character == 0x3D { padCount += 1 }
            return nil
        }
        padCount = 0
        bits = bits << 6 | value
        bitCount += 6
        guard bitCount >= 8 else { return nil }
        bitCount -= 8
        return UInt8(truncatingIfNeeded: bits >> UInt32(bitCount))
    }
}
