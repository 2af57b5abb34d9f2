@testable import Sensor
import Shared

/// Whole captures made hostile, through the whole sensor.
enum HostileCaptures {
    /// The first `limit` packets of every capture, cut at every length.
    static func cutEverywhere(_ fixtures: [Fixture], packets limit: Int) {
        var sum: UInt64 = 0
        for fixture in fixtures where fixture.isCapture {
            let packets = fixture.packets.prefix(limit)
            guard let longest = packets.map(\.bytes.count).max() else { continue }
            for length in 0...longest {
                var engine = FlowEngine()
                for packet in packets {
                    engine.process(Array(packet.bytes.prefix(length)), of: packet, at: packet.time)
                }
                engine.finish()
                Promises.hold(&engine, packets: UInt64(packets.count))
                sum += UInt64(packets.count)
            }
        }
        print("cuts: \(sum) packets, every one accounted for")
    }

    /// `packets` packets of all captures in turn, each with one to eight bits flipped, always the same.
    static func flipBits(_ fixtures: [Fixture], packets wanted: UInt64) {
        var random = SplitMix(state: 0x6D65_6E65_6B69)
        let all = fixtures.flatMap(\.packets).filter { !$0.bytes.isEmpty }
        guard !all.isEmpty else { return print("flips: there are no captures") }
        var engine = FlowEngine()
        var sent: UInt64 = 0
        var time = Timestamp(nanoseconds: 1_700_000_000_000_000_000)
        var (flows, records) = (UInt64(0), 0)
        while sent < wanted {
            let packet = all[Int(sent % UInt64(all.count))]
            var bytes = packet.bytes
            for _ in 0..<(1 + random.next() % 8) {
                bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
            }
            time = time + Interval(nanoseconds: 20_000)
            engine.process(bytes, of: packet, at: time)
            sent += 1
            if engine.recordCount > 50_000 {
                let batch = engine.takeBatch()
                flows += UInt64(batch.table(ConnRecord.kind)?.rowCount ?? 0)
                records += batch.recordCount
            }
        }
        engine.finish()
        let counters = engine.counters
        precondition(counters.packets == sent && counters.begun == counters.accounted, "packets are unaccounted for")
        let batch = engine.takeBatch()
        flows += UInt64(batch.table(ConnRecord.kind)?.rowCount ?? 0)
        records += batch.recordCount
        precondition(flows == counters.flows, "connections without a record")
        print("flips: \(sent) packets, \(counters.begun) with those inside, all accounted for; \(records) records")
    }
}

/// The generator of Steele, Lea and Flood (2014): small, and the same on every machine.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
