import Shared
import Testing

@testable import Sensor

@Suite struct FragmentTableTests {
    private func fragment(_ offset: Int, _ bytes: [UInt8], more: Bool, id: UInt32 = 1) -> DecodedPacket {
        var packet = DecodedPacket()
        packet.source = IPAddress(v4: 1)
        packet.destination = IPAddress(v4: 2)
        packet.ipProtocol = 17
        packet.isFragment = true
        packet.fragmentOffset = offset
        packet.moreFragments = more
        packet.fragmentID = id
        packet.payloadLength = bytes.count
        packet.payloadCaptured = bytes.count
        packet.ipLength = bytes.count + 20
        return packet
    }

    private func add(
        _ table: inout FragmentTable, _ offset: Int, _ bytes: [UInt8], more: Bool, at seconds: Int64 = 0
    ) -> FragmentTable.Outcome {
        table.add(
            bytes.span.bytes, fragment(offset, bytes, more: more), Timestamp(nanoseconds: 0) + .seconds(seconds))
    }

    @Test func fragmentsInAnyOrderMakeThePacket() {
        var table = FragmentTable(limitBytes: 1 << 20)
        guard case .waiting = add(&table, 16, [5, 6], more: false),
            case .waiting = add(&table, 0, [UInt8](repeating: 1, count: 8), more: true),
            case .complete(let bytes, let packet) = add(&table, 8, [UInt8](repeating: 2, count: 8), more: true)
        else {
            Issue.record("not complete")
            return
        }
        #expect(bytes == [UInt8](repeating: 1, count: 8) + [UInt8](repeating: 2, count: 8) + [5, 6])
        #expect(packet.ipLength == 38)
        #expect(!packet.isFragment)
    }

    @Test func whereFragmentsOverlapTheFirstStay() {
        var table = FragmentTable(limitBytes: 1 << 20)
        _ = add(&table, 0, [UInt8](repeating: 1, count: 16), more: true)
        guard case .complete(let bytes, _) = add(&table, 8, [UInt8](repeating: 9, count: 12), more: false) else {
            Issue.record("not complete")
            return
        }
        #expect(bytes == [UInt8](repeating: 1, count: 16) + [9, 9, 9, 9])
    }

    /// Time went back, by more than a packet may wait.
    @Test func whatWasSeenAheadOfTimeIsForgotten() {
        var table = FragmentTable(limitBytes: 1 << 20)
        _ = add(&table, 0, [UInt8](repeating: 1, count: 8), more: true, at: 3600)
        guard case .waiting = add(&table, 8, [2], more: false) else {
            Issue.record("joined with a fragment of an hour later")
            return
        }
    }

    @Test func whatIsNotCompleteInTimeIsForgotten() {
        var table = FragmentTable(limitBytes: 1 << 20)
        _ = add(&table, 0, [UInt8](repeating: 1, count: 8), more: true)
        guard case .waiting = add(&table, 8, [2], more: false, at: 31) else {
            Issue.record("joined with a fragment of half a minute before")
            return
        }
    }

    @Test func piecesBeyondTheEndAreRefused() {
        var table = FragmentTable(limitBytes: 1 << 20)
        _ = add(&table, 8, [1], more: false)
        guard case .refused = add(&table, 16, [1], more: true) else {
            Issue.record("accepted")
            return
        }
    }
}
