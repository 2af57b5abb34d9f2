/// Writes a fingerprint's text into memory of a size that is known before: nothing grows on the way.
struct ASCIIWriter {
    private let memory: UnsafeMutableRawBufferPointer
    private var count = 0

    init(_ memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

    var text: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }
    var isEmpty: Bool { count == 0 }

    mutating func removeAll() { count = 0 }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        guard count < memory.count else { return }
        memory[count] = byte
        count += 1
    }

    /// Decimal digits. Divisors that the compiler knows are multiplications.
    mutating func put(decimal number: UInt16) {
        if number >= 10_000 { put(0x30 + UInt8(number / 10_000)) }
        if number >= 1000 { put(0x30 + UInt8(number / 1000 % 10)) }
        if number >= 100 { put(0x30 + UInt8(number / 100 % 10)) }
        if number >= 10 { put(0x30 + UInt8(number / 10 % 10)) }
        put(0x30 + UInt8(number % 10))
    }

    /// Four hexadecimal digits.
    mutating func put(hexadecimal number: UInt16) {
        put(Hexadecimal.digit(UInt8(number >> 12)))
        put(Hexadecimal.digit(UInt8(number >> 8 & 15)))
        put(Hexadecimal.digit(UInt8(number >> 4 & 15)))
        put(Hexadecimal.digit(UInt8(number & 15)))
    }
}
