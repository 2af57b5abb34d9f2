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
        // With what is noted of connections that send more than one packet with payload.
        let each = MemoryLayout<Flow>.stride + MemoryLayout<FlowBeginning>.stride
        let bytes = 1_000_000 * each + slots * MemoryLayout<UInt64>.stride
        #expect(bytes < 400_000_000, "\(each) bytes a flow")
        // Five lines of a processor's cache.
        #expect(MemoryLayout<Flow>.size == 5 * 64)
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

    /// What times out together ends a few with each packet, so that none waits for all of them.
    @Test func aScanThatTimesOutHoldsNoPacketUp() {
        let scanned = 5000
        var engine = FlowEngine(settings: FlowSettings())
        func send(host: Int, at time: Timestamp) {
            let packet = PacketBytes.ipv4(
                17, from: [10, 255, 0, 1], to: [10, 0, UInt8(host >> 8), UInt8(host & 255)],
                PacketBytes.udp(from: 1000, to: 9, [1]))
            packet.withUnsafeBytes {
                engine.process(CapturedPacket(time: time, linkType: .raw, bytes: $0, wireLength: packet.count))
            }
        }
        for host in 0..<scanned { send(host: host, at: Self.start) }
        #expect(engine.flowCount == scanned)
        var time = Self.start + FlowSettings().udpTimeout + .seconds(1)
        // A new connection to a host whose old one has timed out but is not told yet.
        send(host: scanned - 1, at: time)
        #expect(engine.flowCount == scanned - FlowEngine.endedAtOnce)
        // No promise is given while some that are due are not told.
        #expect(engine.takeBatch().watermark == Self.start - FlowSettings().longestDelay)
        for number in 0..<(scanned / FlowEngine.endedAtOnce + 1) {
            time = time + .milliseconds(1)
            send(host: number, at: time)
        }
        #expect(engine.flowCount == 1 + scanned / FlowEngine.endedAtOnce + 1)
        #expect(engine.takeBatch().watermark == time - FlowSettings().longestDelay)
        engine.finish()
        #expect(engine.counters.flows == UInt64(scanned + 1 + scanned / FlowEngine.endedAtOnce + 1))
        #expect(engine.takeBatch().table(ConnRecord.kind)?.rowCount == 1 + scanned / FlowEngine.endedAtOnce + 1)
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
