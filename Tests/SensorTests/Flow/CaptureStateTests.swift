import Shared
import Testing

@testable import Sensor

/// What a live capture tells of itself in `stats`.
@Suite struct CaptureStateTests {
    private static let start = Timestamp(seconds: 1_700_000_000)

    /// Packets are counted by the kernel until the record is written: the numbers of a second before would be fewer
    /// than those that were looked at since.
    @Test func statisticsTellWhatTheKernelHasCountedWhenTheyAreWritten() throws {
        var engine = FlowEngine()
        engine.captureState = CaptureState()
        var (received, dropped) = (UInt64(0), UInt64(0))
        engine.refreshCapture = { ($0.received, $0.dropped) = (received, dropped) }
        let packet = PacketBytes.ipv4(17, PacketBytes.udp(from: 1, to: 9, [1]))
        func send(at time: Timestamp) {
            received += 1
            packet.withUnsafeBytes {
                engine.process(CapturedPacket(time: time, linkType: .raw, bytes: $0, wireLength: packet.count))
            }
        }
        for second in 0..<10 { send(at: Self.start + .seconds(Int64(second))) }
        (received, dropped) = (received + 3, 3)
        send(at: Self.start + FlowSettings().statisticsInterval)
        for _ in 0..<4 { send(at: Self.start + FlowSettings().statisticsInterval) }
        engine.finish()
        let stats = engine.takeBatch().records(StatsRecord.kind)
        #expect(stats.count == 2)
        let first = try #require(stats.first)
        // The packet that ends the interval has come, and belongs to the next one.
        #expect(first[Records.stats.pktsProc] == 10)
        #expect(first[Records.stats.pktsLink] == 14)
        #expect(first[Records.stats.pktsDropped] == 3)
        #expect(stats.reduce(0) { $0 + ($1[Records.stats.pktsLink] ?? 0) } == 18)
        #expect(stats.reduce(0) { $0 + ($1[Records.stats.pktsProc] ?? 0) } == 15)
    }
}
