@testable import Sensor
import Shared

/// IP fragments of a few packets, in any order and overlap, whose bytes follow from their place.
///
/// Input: five bytes a fragment: packet and whether more follow, offset in units of eight (2), length, time. What is
/// put together must hold at every place what belongs there.
struct FragmentsTarget: FuzzTarget {
    let name = "fragments"

    func run(_ input: UnsafeRawBufferPointer) {
        var table = FragmentTable(limitBytes: 1 << 16)
        var time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
        var offset = 0
        while offset + 5 <= input.count {
            let packet = input[offset] & 7
            let start = (Int(input[offset + 1] & 0x1F) << 8 | Int(input[offset + 2])) * 8
            let length = Int(input[offset + 3]) * 8 + Int(input[offset] >> 4)
            time = time + .milliseconds(Int64(input[offset + 4]) * 40)
            var described = DecodedPacket()
            described.isFragment = true
            described.fragmentID = UInt32(packet)
            described.fragmentOffset = start
            described.moreFragments = input[offset] & 8 != 0
            described.payloadLength = length
            described.payloadCaptured = length
            described.payloadOffset = 3
            let bytes = [0, 0, 0] + (0..<length).map { Self.byte(packet, start + $0) }
            check(table.add(bytes.span.bytes, described, time), packet)
            offset += 5
        }
    }

    private func check(_ outcome: FragmentTable.Outcome, _ packet: UInt8) {
        guard case .complete(let payload, let described) = outcome else { return }
        precondition(described.payloadLength == payload.count && !described.isFragment, "a wrong length")
        for (place, byte) in payload.enumerated() {
            precondition(byte == Self.byte(packet, place), "a byte that belongs elsewhere, at \(place)")
        }
    }

    private static func byte(_ packet: UInt8, _ place: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (place &+ Int(packet) &* 7919) &* 2_654_435_761 >> 13)
    }

    func seeds(of fixture: Fixture) -> [[UInt8]] {
        guard fixture.path.contains("dns") else { return [] }
        return [
            [0x08, 0, 0, 185, 0, 0x08, 0, 185, 185, 0, 0x00, 1, 114, 20, 0],
            [0x71, 1, 114, 20, 0, 0x09, 0, 0, 200, 1, 0x09, 0, 185, 185, 1],
        ]
    }
}
