@testable import Sensor
import Shared

/// TCP segments of one connection in any order, overlap, loss and cut, whose bytes follow from their place.
///
/// Input: six bytes a segment: flags and side, sequence (2), length, acknowledgement (2). Whatever comes, the analyzer
/// must be given each side's bytes in order and once, with every hole told.
struct ReassemblyTarget: FuzzTarget {
    let name = "reassembly"

    static let originatorStart: UInt32 = 0xFFFF_F000
    static let responderStart: UInt32 = 0x7FFF_FF00

    func run(_ input: UnsafeRawBufferPointer) {
        var settings = FlowSettings()
        settings.flowLimit = 32
        settings.reassemblyLimitBytes = 1 << 16
        settings.reassemblyLimitPerSideBytes = 1 << 13
        var engine = FlowEngine(settings: settings, analyzers: [OrderWitness.self])
        var time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
        var packets: UInt64 = 0
        func send(_ side: Side, _ flags: UInt8, _ place: Int, _ length: Int, _ acknowledged: Int, cut: Int = 0) {
            let bytes = Self.packet(side, flags, place, length, acknowledged)
            time = time + .milliseconds(1)
            packets += 1
            bytes.withUnsafeBytes {
                engine.process(
                    CapturedPacket(
                        time: time, linkType: .raw, bytes: UnsafeRawBufferPointer(rebasing: $0.dropLast(cut)),
                        wireLength: $0.count))
            }
        }
        send(.originator, 0x02, 0, 0, 0)
        send(.responder, 0x12, 0, 0, 1)
        var offset = 0
        while offset + 6 <= input.count {
            let head = input[offset]
            let place = 1 + (Int(input[offset + 1] & 0x1F) << 8 | Int(input[offset + 2]))
            let acknowledged = 1 + (Int(input[offset + 4] & 0x1F) << 8 | Int(input[offset + 5]))
            // FIN and RST seldom, or little is ever in flight.
            let closing: UInt8 = head >> 5 == 7 ? 0x01 : head >> 5 == 6 ? 0x04 : 0
            let length = Int(input[offset + 3])
            send(
                head & 1 == 0 ? .originator : .responder, closing | (head & 2 == 0 ? 0x10 : 0), place, length,
                acknowledged, cut: head & 4 == 0 ? 0 : min(length, Int(head >> 3 & 3) * 40))
            offset += 6
        }
        engine.finish()
        Promises.hold(&engine, packets: packets)
    }

    /// What stands at `place` of a side's sequence space; data begins at 1.
    static func byte(_ side: Side, _ place: Int) -> UInt8 {
        var mixed = UInt64(place &* 2 &+ Int(side.rawValue)) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 29) &* 0xBF58_476D_1CE4_E5B9
        return UInt8(truncatingIfNeeded: mixed >> 40)
    }

    private static func packet(
        _ side: Side, _ flags: UInt8, _ place: Int, _ length: Int, _ acknowledged: Int
    ) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
        func long(_ value: UInt32) -> [UInt8] { word(Int(value >> 16)) + word(Int(value & 0xFFFF)) }
        let (mine, other) =
            side == .originator ? (originatorStart, responderStart) : (responderStart, originatorStart)
        let hosts: [UInt8] = side == .originator ? [10, 0, 0, 1, 10, 0, 0, 2] : [10, 0, 0, 2, 10, 0, 0, 1]
        let ports = side == .originator ? word(40_000) + word(12_345) : word(12_345) + word(40_000)
        return [0x45, 0] + word(40 + length) + [0, 1, 0, 0, 64, 6, 0, 0] + hosts + ports
            + long(mine &+ UInt32(place)) + long(flags & 0x10 == 0 ? 0 : other &+ UInt32(acknowledged))
            + [0x50, flags, 4, 0, 0, 0, 0, 0] + (0..<length).map { byte(side, place + $0) }
    }

    func seeds(of fixture: Fixture) -> [[UInt8]] {
        guard fixture.path.contains("dns") else { return [] }
        return [
            [0, 0, 0, 100, 0, 0, 0, 0, 200, 100, 0, 0, 0, 0, 50, 200, 0, 0, 1, 0, 0, 90, 1, 44, 1, 0, 90, 90, 1, 44],
            [4, 0, 0, 100, 0, 0, 28, 0, 100, 100, 0, 0, 1, 0, 0, 1, 0, 200, 0xE0, 0, 200, 0, 0, 1, 0xE1, 0, 1, 0, 0, 200],
        ]
    }
}

/// Takes any stream, and stops the process when its bytes are not those of their places.
struct OrderWitness: ProtocolAnalyzer {
    static let service: StaticString = "order"
    /// How far a side's sequence numbers reach in this target.
    private static let span = 1...16_384

    /// Where each side's next byte may stand: behind a hole anywhere in it, as its data may come after all.
    private var places = PerSide(originator: span, responder: span)
    /// What came since that is not one place.
    private var starts = PerSide<[UInt8]>(originator: [], responder: [])

    static func probe(_ payload: RawSpan, from side: Side) -> ProbeResult { .match }

    mutating func consume(
        _ payload: RawSpan, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        let bytes = payload.withUnsafeBytes { Array($0) }
        precondition(!bytes.isEmpty, "a call without bytes")
        guard places[side].count == 1 else {
            find(bytes, side)
            return .wantMore
        }
        let place = places[side].lowerBound
        for (index, byte) in bytes.enumerated() {
            precondition(byte == ReassemblyTarget.byte(side, place + index), "out of order at \(place + index)")
        }
        stand(side, at: place + bytes.count)
        return .wantMore
    }

    /// Bytes lost before the first delivery are not told; where a side goes on is known once eight bytes in a row came.
    private mutating func find(_ bytes: [UInt8], _ side: Side) {
        starts[side] += bytes
        let start = starts[side]
        guard start.count >= 8 else { return }
        let place = places[side].first { place in
            start.indices.allSatisfy { start[$0] == ReassemblyTarget.byte(side, place + $0) }
        }
        guard let place else { preconditionFailure("bytes that stand nowhere in \(places[side])") }
        stand(side, at: place + start.count)
    }

    private mutating func stand(_ side: Side, at place: Int) {
        places[side] = place...place
        starts[side] = []
    }

    mutating func skip(
        _ byteCount: Int, from side: Side, into sink: inout RecordSink
    ) throws(DecodeError) -> Progress {
        precondition(byteCount > 0, "a hole of \(byteCount) bytes")
        let begin = starts[side].count
        places[side] = (places[side].lowerBound + begin)...(places[side].upperBound + begin + byteCount)
        starts[side] = []
        return .wantMore
    }
}
