import Shared

/// How a connection's conversation began: sizes, senders and times of its first packets with payload.
struct FlowBeginning {
    /// Packets noted; encrypted protocols have shown themselves by then.
    static let capacity: UInt8 = 8

    private var last = Timestamp.distantPast
    private var sizes = [8 of UInt16](repeating: 0)
    /// Microseconds from each packet to the next.
    private var gaps = [7 of UInt32](repeating: 0)
    /// A bit a packet: set when the responder sent it.
    private var responderSent: UInt8 = 0
    private(set) var count: UInt8 = 0

    mutating func note(_ byteCount: Int, _ side: Side, at time: Timestamp) {
        guard count < Self.capacity else { return }
        sizes[Int(count)] = UInt16(clamping: byteCount)
        if count > 0 { gaps[Int(count) - 1] = UInt32(clamping: (time - last).nanoseconds / 1000) }
        if side == .responder { responderSent |= 1 << count }
        last = time
        count += 1
    }

    /// Payload bytes of each packet.
    var sizeList: [UInt64] { (0..<Int(count)).map { UInt64(sizes[$0]) } }
    /// Nanoseconds between the packets, one fewer than they are.
    var gapList: [UInt64] { (0..<max(Int(count) - 1, 0)).map { UInt64(gaps[$0]) * 1000 } }
}

/// The first packet with payload, kept in the flow itself: many connections never have another.
struct FirstPayload {
    private static let responderSent: UInt32 = 1 << 31
    /// Microseconds since the connection began, and in the highest bit whether the responder sent it.
    private var delayAndSide: UInt32 = 0
    private var size: UInt16 = 0

    init() {}

    /// Nil when it came too late to be kept here: about half an hour.
    init?(_ byteCount: Int, _ side: Side, after delay: Interval) {
        let micros = delay.nanoseconds / 1000
        guard micros >= 0, micros < Int64(Self.responderSent) else { return nil }
        delayAndSide = UInt32(micros) | (side == .responder ? Self.responderSent : 0)
        size = UInt16(clamping: byteCount)
    }

    /// Payload bytes; 0 when there was none, or it is not kept here.
    var byteCount: Int { Int(size) }
    var side: Side { delayAndSide & Self.responderSent == 0 ? .originator : .responder }
    /// Since the connection began, in whole microseconds.
    var delay: Interval { Interval(nanoseconds: Int64(delayAndSide & ~Self.responderSent) * 1000) }
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
