import Shared

/// How a connection's conversation began: sizes, senders and times of its first packets with payload.
struct FlowBeginning {
    /// Packets noted; encrypted protocols have shown themselves by then.
    static let capacity: UInt8 = 8

    private var sizes = [8 of UInt16](repeating: 0)
    /// Microseconds since the packet before.
    private var gaps = [8 of UInt32](repeating: 0)
    private var last = Timestamp.distantPast
    /// A bit a packet: set when the responder sent it.
    private var responderSent: UInt8 = 0
    private(set) var count: UInt8 = 0
    var originatorLook = PayloadLook()
    var responderLook = PayloadLook()

    mutating func note(_ byteCount: Int, _ side: Side, at time: Timestamp) {
        guard count < Self.capacity else { return }
        sizes[Int(count)] = UInt16(clamping: byteCount)
        if count > 0 { gaps[Int(count)] = UInt32(clamping: (time - last).nanoseconds / 1000) }
        if side == .responder { responderSent |= 1 << count }
        last = time
        count += 1
    }

    /// Payload bytes of each packet.
    var sizeList: [UInt64] { (0..<Int(count)).map { UInt64(sizes[$0]) } }
    /// Nanoseconds between the packets, one fewer than they are.
    var gapList: [UInt64] { (0..<Int(count)).dropFirst().map { UInt64(gaps[$0]) * 1000 } }
}

/// Spelled as a letter a packet, `o` from the originator and `r` from the responder.
extension FlowBeginning: SpelledValue {
    static var spelling: Spelling { .sides }
    var spellingKey: (high: UInt64, low: UInt64) { (UInt64(count), UInt64(responderSent)) }

    func spell(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        for index in 0..<Int(count) { buffer[index] = responderSent >> UInt8(index) & 1 == 1 ? 0x72 : 0x6F }
        return Int(count)
    }
}
