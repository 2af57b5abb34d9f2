import Protocol
import Shared
import Testing

@testable import Sensor

/// What an attacker can make the flow stage hold.
@Suite struct FlowLoadTests {
    private static let start = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    @Test func aMillionFlowsTakeLessThanFourHundredMegabytes() {
        var slots = 1024
        while slots < 2_000_000 { slots *= 2 }
        let bytes = 1_000_000 * MemoryLayout<Flow>.stride + slots * MemoryLayout<UInt64>.stride
        #expect(bytes < 400_000_000, "\(MemoryLayout<Flow>.stride) bytes a flow")
    }

    @Test func moreConnectionsThanTheTableHoldsEndTheOldestAndAreCounted() {
        var settings = FlowSettings()
        settings.flowLimit = 1000
        var engine = FlowEngine(settings: settings)
        for number in 0..<5000 {
            let host = [UInt8(10), 1, UInt8(number >> 8), UInt8(number & 255)]
            let packet = PacketBytes.ipv4(
                6, from: host, to: [10, 0, 0, 2],
                PacketBytes.tcp(from: 1000, to: 80, sequence: 1, acknowledgement: 0, flags: 2, []))
            packet.withUnsafeBytes {
                engine.process(CapturedPacket(time: Self.start, linkType: .raw, bytes: $0, wireLength: packet.count))
            }
        }
        #expect(engine.flowCount == 1000)
        #expect(engine.counters.evictedFlows == 4000)
        engine.finish()
        let batch = engine.takeBatch()
        // Each of them was told, those that had to leave early too.
        #expect(batch.table(ConnRecord.kind)?.rowCount == 5000)
    }

    /// A scan that ends leaves more records at once than a batch may have: they travel in several.
    @Test func whatEndsAtOnceTravelsInBatchesThatTheWireTakes() throws {
        var engine = FlowEngine(settings: .forBatches)
        for number in 0..<100_000 {
            let host = [UInt8(10), UInt8(number >> 16), UInt8(number >> 8 & 255), UInt8(number & 255)]
            let packet = PacketBytes.ipv4(
                6, from: [10, 255, 0, 1], to: host,
                PacketBytes.tcp(from: 1000, to: 80, sequence: 1, acknowledgement: 0, flags: 2, []))
            packet.withUnsafeBytes {
                engine.process(CapturedPacket(time: Self.start, linkType: .raw, bytes: $0, wireLength: packet.count))
            }
        }
        engine.finish()
        let batches = engine.takeBatches()
        var count = 0
        for batch in batches {
            let back = try BatchDecoder.decode(try BatchEncoder.encode(batch))
            count += back.batch.table(ConnRecord.kind)?.rowCount ?? 0
        }
        #expect(count == 100_000)
        #expect(batches.dropLast().allSatisfy { $0.watermark == .distantPast })
        #expect(batches.last?.watermark == Self.start - FlowSettings().longestDelay)
    }

    /// At the end of a file, what a large table leaves is handed over piece by piece.
    @Test func whatIsLeftAtTheEndComesInPieces() {
        var engine = FlowEngine(settings: .forBatches)
        for number in 0..<100_000 {
            let packet = PacketBytes.ipv4(
                6, from: [10, UInt8(number >> 16), UInt8(number >> 8 & 255), UInt8(number & 255)], to: [10, 255, 0, 1],
                PacketBytes.tcp(from: 1000, to: 80, sequence: 1, acknowledgement: 0, flags: 2, []))
            packet.withUnsafeBytes {
                engine.process(CapturedPacket(time: Self.start, linkType: .raw, bytes: $0, wireLength: packet.count))
            }
        }
        var counts: [Int] = []
        var isOver = false
        while !isOver {
            isOver = engine.finishSome()
            counts.append(engine.takeBatch().table(ConnRecord.kind)?.rowCount ?? 0)
        }
        #expect(engine.flowCount == 0)
        #expect(counts.reduce(0, +) == 100_000)
        #expect(counts.allSatisfy { $0 <= 40_000 })
    }
}
