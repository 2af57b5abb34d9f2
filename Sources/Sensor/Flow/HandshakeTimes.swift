import Shared

/// Round trips of a TCP handshake, seen from the sensor between both ends (RFC 9293 §3.5).
///
/// A SYN or SYN-ACK that is sent again makes its answer ambiguous (Karn's algorithm, RFC 6298 §3): then nothing is
/// told.
struct HandshakeTimes {
    private enum Stage: UInt32 { case begun, answered, over }

    /// Microseconds of a round trip, below the two bits of the stage.
    private static let limit: UInt32 = 1 << 30 - 1
    /// From SYN to SYN-ACK, in microseconds; 0 when not known.
    private(set) var responderMicros: UInt32 = 0
    private var originatorMicrosAndStage: UInt32 = 0

    private var stage: Stage {
        @inline(__always) get { Stage(rawValue: originatorMicrosAndStage >> 30) ?? .over }
        set { originatorMicrosAndStage = originatorMicrosAndStage & Self.limit | newValue.rawValue << 30 }
    }

    /// From SYN-ACK to the ACK, in microseconds; 0 when not known.
    private(set) var originatorMicros: UInt32 {
        get { originatorMicrosAndStage & Self.limit }
        set { originatorMicrosAndStage = min(newValue, Self.limit) | stage.rawValue << 30 }
    }

    /// Whether packets may still belong to it.
    var isOpen: Bool { stage != .over }

    /// Takes a segment of a connection that began at `start`.
    /// - Parameter isFirst: whether its sender sent nothing before.
    mutating func take(_ flags: TCPFlags, _ side: Side, isFirst: Bool, at time: Timestamp, start: Timestamp) {
        let isSYN = flags.contains(.syn), isACK = flags.contains(.ack)
        switch (stage, side) {
        case (.begun, .originator) where isSYN && !isACK && isFirst: return
        case (.begun, .responder) where isSYN && isACK && isFirst:
            responderMicros = Self.micros(time - start)
            stage = responderMicros > 0 ? .answered : .over
        case (.answered, .originator) where isACK && !isSYN:
            let both = Self.micros(time - start)
            originatorMicros = both > responderMicros ? both - responderMicros : 0
            stage = .over
        default: stage = .over
        }
    }

    private static func micros(_ interval: Interval) -> UInt32 {
        UInt32(clamping: interval.nanoseconds / 1000)
    }
}
