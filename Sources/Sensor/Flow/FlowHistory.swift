/// Zeek's `history`: a letter an event, upper case from the originator. Kept in place, without allocation.
struct FlowHistory {
    /// Sixteen letters that come once a side, `^`, and the repeating ones at powers of ten.
    private static let capacity = 40
    private var letters = [40 of UInt8](repeating: 0)
    private var used: UInt8 = 0
    var count: Int { Int(used) }

    /// Letters that are noted once for each side; the raw value is a bit of ``FlowEndpoint/noted``.
    struct Once {
        let bit: UInt16
        let letter: UInt8
        static let syn = Once(bit: 1, letter: 0x53)
        static let synAck = Once(bit: 2, letter: 0x48)
        static let ack = Once(bit: 4, letter: 0x41)
        static let data = Once(bit: 8, letter: 0x44)
        static let fin = Once(bit: 16, letter: 0x46)
        static let reset = Once(bit: 32, letter: 0x52)
        static let multiple = Once(bit: 64, letter: 0x51)
        static let inconsistent = Once(bit: 128, letter: 0x49)
    }

    mutating func append(_ letter: Unicode.Scalar) { append(UInt8(truncatingIfNeeded: letter.value)) }

    mutating func append(_ letter: UInt8) {
        guard count < Self.capacity else { return }
        letters[count] = letter
        used += 1
    }

    @inline(__always)
    mutating func note(_ event: Once, _ side: Side, _ endpoint: inout FlowEndpoint) {
        guard endpoint.noted & event.bit == 0 else { return }
        endpoint.noted |= event.bit
        append(side == .originator ? event.letter : event.letter | 0x20)
    }

    /// Notes a control segment; one with the same number again is a retransmission and not noted.
    @inline(__always)
    mutating func noteControl(_ event: Once, _ side: Side, _ endpoint: inout FlowEndpoint, at position: Int64) {
        let isRepeatable = event.bit & (Once.syn.bit | Once.synAck.bit | Once.fin.bit | Once.reset.bit) != 0
        let number = UInt32(truncatingIfNeeded: position)
        let isKnown = endpoint.noted & event.bit != 0
        if isKnown, !isRepeatable || endpoint.lastControl == number { return }
        endpoint.noted |= event.bit
        endpoint.lastControl = number
        append(side == .originator ? event.letter : event.letter | 0x20)
    }

    /// Notes an event that repeats: the first, the tenth, the hundredth, ... time.
    mutating func noteRepeated<Count: FixedWidthInteger>(
        _ letter: Unicode.Scalar, _ side: Side, times: inout Count
    ) {
        guard times < .max else { return }
        times += 1
        var scale: Count = 1
        while scale < times, scale <= .max / 10 { scale *= 10 }
        guard times == scale else { return }
        append(UInt8(truncatingIfNeeded: letter.value) | (side == .originator ? 0 : 0x20))
    }

    mutating func flipCase() {
        for index in 0..<count where letters[index] != 0x5E { letters[index] ^= 0x20 }
    }

    var text: String {
        String(unsafeUninitializedCapacity: count) { buffer in
            for index in 0..<count { buffer[index] = letters[index] }
            return count
        }
    }
}
