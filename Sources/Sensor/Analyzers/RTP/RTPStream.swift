internal import Shared

/// What was seen of one source of RTP: losses and jitter as a receiver reckons them (RFC 3550 appendices A.1, A.3 and
/// A.8).
struct RTPStream: Sendable {
    /// How far the sequence may jump ahead or back before it is one that began anew (appendix A.1).
    private static let widestGap: UInt16 = 3000
    private static let widestReorder: UInt16 = 100
    /// From when on a clock is told by its ticks, and how far it may be off, as part of it.
    private static let measuredAfter = (packets: UInt64(50), seconds: 1.0, error: 0.05)
    /// Clocks of types that are agreed on: telephony, wide band, music, Opus, video.
    private static let clockRates: [Double] = [8_000, 16_000, 32_000, 44_100, 48_000, 90_000]

    let side: Side
    let source: UInt32
    let start: Timestamp
    private(set) var packets: UInt64 = 0
    private var end: Timestamp
    /// The type that most packets had, and by how many more than others together.
    private var payloadType: UInt8
    private var votes = 0
    // Where the sequence is: its greatest number, and what was expected of it so far.
    private var greatest: UInt16
    private var expected: UInt64 = 1
    private var restart: UInt16?
    /// Packets that came behind a later one, or twice.
    private var late: UInt64 = 0
    private var clockRate: Double?
    private let firstTimestamp: UInt32
    private var lastTimestamp: UInt32
    /// Seconds (section 6.4.1).
    private var jitter = 0.0

    /// What the call's signalling had agreed when it began.
    private let agreement: MediaAgreements.Agreement?

    init(
        _ header: RTPHeader, from side: Side, _ agreement: MediaAgreements.Agreement? = nil, at now: Timestamp
    ) {
        (self.side, source, start, end) = (side, header.source, now, now)
        self.agreement = agreement
        (payloadType, greatest) = (header.payloadType, header.sequence)
        clockRate =
            RTPPayloadType.clockRate(header.payloadType)
            ?? agreement?.format(header.payloadType).map { Double($0.clockRate) }
        (firstTimestamp, lastTimestamp) = (header.timestamp, header.timestamp)
    }

    /// Counts a packet, the first included.
    mutating func take(_ header: RTPHeader, at now: Timestamp) {
        vote(header.payloadType)
        guard packets > 0 else {
            packets = 1
            return
        }
        let step = header.sequence &- greatest
        if step == 0 || step > UInt16.max - Self.widestReorder {
            // What comes late says nothing of the jitter: the time of its sending is not that of its turn.
            (packets, late) = (packets + 1, late + 1)
            return
        }
        if step < Self.widestGap {
            expected += UInt64(step)
        } else if header.sequence == restart {
            expected += 2
            packets += 1
        } else {
            restart = header.sequence &+ 1
            return
        }
        restart = nil
        packets += 1
        greatest = header.sequence
        measure(header.timestamp, at: now)
    }

    private mutating func vote(_ type: UInt8) {
        if type == payloadType {
            votes += 1
        } else if votes > 0 {
            votes -= 1
        } else {
            (payloadType, votes) = (type, 1)
        }
    }

    private mutating func measure(_ timestamp: UInt32, at now: Timestamp) {
        if let clockRate {
            let ticks = Double(Int32(bitPattern: timestamp &- lastTimestamp))
            let difference = abs((now - end).seconds - ticks / clockRate)
            jitter += (difference - jitter) / 16
        } else if packets >= Self.measuredAfter.packets, (now - start).seconds >= Self.measuredAfter.seconds {
            let measured = Double(timestamp &- firstTimestamp) / (now - start).seconds
            clockRate = Self.clockRates.first { abs(measured / $0 - 1) < Self.measuredAfter.error }
        }
        (lastTimestamp, end) = (timestamp, now)
    }

    /// - Parameter late: what was agreed by now, perhaps after it began.
    func write(_ late: MediaAgreements.Agreement? = nil, into sink: inout RecordSink) {
        let agreement = agreement ?? late
        let rtp = Records.rtp
        sink.begin(rtp, at: start)
        sink.batch.set(rtp.isFromOriginator, side == .originator)
        sink.batch.set(rtp.ssrc, UInt64(source))
        sink.batch.set(rtp.payloadType, UInt64(payloadType))
        if RTPPayloadType.names[payloadType] == nil, let format = agreement?.format(payloadType) {
            sink.batch.set(rtp.codec, format.codec)
        } else if RTPPayloadType.isDynamic(payloadType) {
            sink.batch.set(rtp.codec, name: "dynamic")
        } else {
            sink.batch.set(rtp.codec, RTPPayloadType.names, payloadType, otherwise: "unassigned")
        }
        sink.batch.set(rtp.clockRate, clockRate.map { UInt64($0) })
        sink.batch.set(rtp.duration, end - start)
        sink.batch.set(rtp.packets, packets)
        sink.batch.set(rtp.lost, expected > packets ? expected - packets : 0)
        sink.batch.set(rtp.late, self.late)
        // Captures may claim any times.
        let nanoseconds = Int64(min(jitter, 1e6) * 1e9)
        sink.batch.set(rtp.jitter, clockRate == nil ? nil : Interval(nanoseconds: nanoseconds))
        sink.batch.set(rtp.callId, agreement?.call)
        sink.end()
    }
}
