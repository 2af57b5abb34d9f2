import Shared

/// A value that writes itself to, and reads itself from, a compact form of bytes.
protocol StateCoded: Sendable {
    /// A value before anything was learned.
    init()
    /// Codes every stored property, in a fixed order: the same function writes and reads.
    mutating func code(_ coder: inout StateCoder)
}

/// Writes states to bytes or reads them back: varints, little-endian floats, dictionaries in the order of their keys.
///
/// Bytes that were cut or altered end the reading with ``isBroken``; they never trap.
struct StateCoder {
    private(set) var bytes: [UInt8]
    let isReading: Bool
    private var offset = 0
    private(set) var isBroken = false

    /// A list or text longer than this is taken for damage.
    static let maximumCount = 50_000_000

    /// Begins to write.
    init() {
        bytes = []
        isReading = false
    }

    /// Begins to read.
    init(reading bytes: [UInt8]) {
        self.bytes = bytes
        isReading = true
    }

    /// The bytes of one value.
    static func encode(_ value: inout some StateCoded) -> [UInt8] {
        var coder = StateCoder()
        value.code(&coder)
        return coder.bytes
    }

    private mutating func nextByte() -> UInt8 {
        guard offset < bytes.count else {
            isBroken = true
            return 0
        }
        offset += 1
        return bytes[offset - 1]
    }

    mutating func code(_ value: inout UInt64) {
        if isReading {
            var result: UInt64 = 0
            var shift: UInt64 = 0
            while shift < 64 {
                let byte = nextByte()
                result |= UInt64(byte & 127) << shift
                if byte < 128 { break }
                shift += 7
            }
            value = result
        } else {
            var rest = value
            while rest > 127 {
                bytes.append(UInt8(rest & 127) | 128)
                rest >>= 7
            }
            bytes.append(UInt8(rest))
        }
    }

    /// Zigzag, so that small negative numbers are short.
    mutating func code(_ value: inout Int) {
        var folded = UInt64(bitPattern: Int64(value << 1 ^ value >> 63))
        code(&folded)
        if isReading { value = Int(bitPattern: UInt(folded >> 1)) ^ -Int(bitPattern: UInt(folded & 1)) }
    }

    /// A number of 32 bits whose bits are spread evenly.
    mutating func code(fixed value: inout UInt32) {
        if isReading {
            value = 0
            for shift in 0..<4 { value |= UInt32(nextByte()) << UInt32(shift * 8) }
        } else {
            for shift in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift * 8))) }
        }
    }

    mutating func code(count: Int) -> Int {
        var number = UInt64(count)
        code(&number)
        guard number <= UInt64(Self.maximumCount), !isReading || Int(number) <= bytes.count else {
            isBroken = true
            return 0
        }
        return Int(number)
    }

    mutating func code(_ value: inout String) {
        let length = code(count: value.utf8.count)
        if isReading {
            guard length <= bytes.count - offset else {
                isBroken = true
                return
            }
            value = String(decoding: bytes[offset..<offset + length], as: UTF8.self)
            offset += length
        } else {
            bytes.append(contentsOf: value.utf8)
        }
    }

    mutating func code(_ value: inout some StateCoded) { value.code(&self) }

    mutating func code<Element: StateCoded>(_ list: inout [Element]) {
        let count = code(count: list.count)
        if isReading {
            list = []
            for _ in 0..<count {
                if isBroken { return }
                var element = Element()
                element.code(&self)
                list.append(element)
            }
        } else {
            for index in list.indices { list[index].code(&self) }
        }
    }

    mutating func code<Key: StateCoded & Comparable & Hashable, Element: StateCoded>(
        _ table: inout [Key: Element]
    ) {
        let count = code(count: table.count)
        if isReading {
            table = [:]
            for _ in 0..<count {
                if isBroken { return }
                var key = Key()
                var element = Element()
                key.code(&self)
                element.code(&self)
                table[key] = element
            }
        } else {
            for entry in table.sorted(by: { $0.key < $1.key }) {
                var (key, element) = (entry.key, entry.value)
                key.code(&self)
                element.code(&self)
            }
        }
    }
}

extension UInt64: StateCoded { mutating func code(_ coder: inout StateCoder) { coder.code(&self) } }
extension Int: StateCoded { mutating func code(_ coder: inout StateCoder) { coder.code(&self) } }
extension UInt32: StateCoded { mutating func code(_ coder: inout StateCoder) { coder.code(fixed: &self) } }
extension String: StateCoded { mutating func code(_ coder: inout StateCoder) { coder.code(&self) } }

extension Int32: StateCoded {
    mutating func code(_ coder: inout StateCoder) {
        var wide = Int(self)
        coder.code(&wide)
        self = Int32(truncatingIfNeeded: wide)
    }
}

extension UInt16: StateCoded {
    mutating func code(_ coder: inout StateCoder) {
        var wide = UInt64(self)
        coder.code(&wide)
        self = UInt16(truncatingIfNeeded: wide)
    }
}

extension Bool: StateCoded {
    mutating func code(_ coder: inout StateCoder) {
        var wide: UInt64 = self ? 1 : 0
        coder.code(&wide)
        self = wide != 0
    }
}

extension Float: StateCoded {
    mutating func code(_ coder: inout StateCoder) {
        var bits = bitPattern
        coder.code(fixed: &bits)
        self = Float(bitPattern: bits)
    }
}

extension Double: StateCoded {
    mutating func code(_ coder: inout StateCoder) {
        var low = UInt32(truncatingIfNeeded: bitPattern)
        var high = UInt32(truncatingIfNeeded: bitPattern >> 32)
        coder.code(fixed: &low)
        coder.code(fixed: &high)
        self = Double(bitPattern: UInt64(high) << 32 | UInt64(low))
    }
}

extension Timestamp: StateCoded {
    init() { self.init(nanoseconds: 0) }
    mutating func code(_ coder: inout StateCoder) {
        var wide = Int(nanoseconds)
        coder.code(&wide)
        nanoseconds = Int64(wide)
    }
}

extension IPAddress: StateCoded {
    init() { self.init(high: 0, low: 0) }
    mutating func code(_ coder: inout StateCoder) {
        coder.code(&high)
        coder.code(&low)
    }
}

extension Optional: StateCoded where Wrapped: StateCoded {
    init() { self = nil }
    mutating func code(_ coder: inout StateCoder) {
        var isPresent = self != nil
        coder.code(&isPresent)
        guard isPresent else {
            self = nil
            return
        }
        var wrapped = self ?? Wrapped()
        wrapped.code(&coder)
        self = wrapped
    }
}

extension Dictionary: StateCoded where Key: StateCoded & Comparable, Value: StateCoded {
    mutating func code(_ coder: inout StateCoder) { coder.code(&self) }
}

extension Array: StateCoded where Element: StateCoded {
    mutating func code(_ coder: inout StateCoder) { coder.code(&self) }
}
