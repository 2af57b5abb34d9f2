import Shared
import Testing

@testable import Sensor

@Suite struct LoadShedderTests {
    /// A ring of 100 MB, filled at 100 MB a second: so many seconds of lag fill as large a share of it.
    private static func levels(_ lags: [Double]) -> [ShedLevel] {
        var shedder = LoadShedder(ringBytes: 100_000_000)
        return lags.map {
            shedder.update(
                lag: Interval(nanoseconds: Int64($0 * 1e9)), bytesPerSecond: 100_000_000, isDrained: false)
        }
    }

    @Test func theFullerTheRingTheMoreIsLeftOutInTheStatedOrder() {
        #expect(Self.levels([0.1, 0.35, 0.55, 0.75, 0.9]) == [.none, .elephants, .bulk, .payload, .connections])
    }

    @Test func aLevelEndsOnlyWhenTheRingIsMuchEmptier() {
        #expect(Self.levels([0.35, 0.25, 0.16, 0.14]) == [.elephants, .elephants, .elephants, .none])
    }

    /// A ring that is full after a pause is emptied with the connections still followed.
    @Test func connectionsGoOnlyWhenPayloadWasNotEnough() {
        #expect(Self.levels([2, 1.8, 1.6, 1.5]) == [.payload, .payload, .payload, .payload])
        #expect(Self.levels([2, 1.8, 1.8, 1.7]) == [.payload, .payload, .connections, .connections])
    }

    @Test func aDrainedRingEndsShedding() {
        var shedder = LoadShedder(ringBytes: 1000)
        #expect(shedder.update(lag: .seconds(1), bytesPerSecond: 1000, isDrained: false) == .payload)
        #expect(shedder.update(lag: .seconds(1), bytesPerSecond: 1000, isDrained: false) == .connections)
        #expect(shedder.update(lag: .seconds(1), bytesPerSecond: 1000, isDrained: true) == .none)
    }

    private static let start = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    /// A hundred segments of 1000 bytes of HTTP from one host, with `level`.
    private static func run(_ level: ShedLevel) -> (counters: FlowCounters, batch: RecordBatch) {
        var engine = FlowEngine()
        engine.shedLevel = level
        for index in 0..<100 {
            let text = index == 0 ? "POST /upload HTTP/1.1\r\nHost: h\r\nContent-Length: 99000\r\n\r\n" : ""
            let data = Array(text.utf8) + [UInt8](repeating: 0x61, count: 1000 - text.utf8.count)
            let packet = PacketBytes.ipv4(
                6, PacketBytes.tcp(from: 1000, to: 80, sequence: UInt32(1 + index * 1000), flags: 0x18, data))
            packet.withUnsafeBytes {
                engine.process(
                    CapturedPacket(
                        time: start + .milliseconds(Int64(index)), linkType: .raw, bytes: $0,
                        wireLength: packet.count))
            }
        }
        engine.finish()
        return (engine.counters, engine.takeBatch())
    }

    @Test func whatIsShedIsCountedExactlyAndTheConnectionStaysWhole() {
        let (bulk, batch) = Self.run(.bulk)
        // The first 65 segments end at or below 64 KiB and one byte; the others are left out.
        #expect(bulk.shedSegments == 35)
        #expect(bulk.shedBytes == 35_000)
        let conn = RecordView(batch: batch, tableIndex: batch.tables.firstIndex { $0.kind.name == "conn" } ?? 0, row: 0)
        #expect(conn[Records.conn.origBytes] == 100_000)
        #expect(conn[Records.conn.missedBytes] == 0)
        #expect(bulk.begun == bulk.accounted)
    }

    @Test func withoutConnectionsPacketsAreStillCounted() {
        let (counters, batch) = Self.run(.connections)
        #expect(counters.packets == 100)
        #expect(counters.shedPackets == 100)
        #expect(counters.begun == counters.accounted)
        #expect(batch.table(ConnRecord.kind) == nil)
        #expect(batch.table(StatsRecord.kind)?.rowCount == 1)
    }
}
