import Shared
import Testing

@testable import Master

@Suite struct SiteMergerTests {
    /// Gives the merger batches as they arrive, in an order drawn from `seed`, each sensor's own order kept.
    static func run(_ scenario: LogScenario, seed: UInt64, restart: Bool = false) -> [String] {
        var dice = Dice(seed)
        var merger = SiteMerger()
        var engine: any SiteEngine = DigestEngine()
        for sensor in scenario.batches.keys { merger.join(sensor) }
        var arrived: [String: Int] = [:]
        while arrived != scenario.batches.mapValues(\.count) {
            let open = scenario.batches.keys.sorted().filter {
                arrived[$0, default: 0] < scenario.batches[$0]?.count ?? 0
            }
            arrived[open.randomElement(using: &dice) ?? "", default: 0] += 1
            while true {
                let unread = Set(arrived.filter { UInt64($0.value) > merger.sensors[$0.key]?.sequence ?? 0 }.keys)
                guard let name = merger.next(unread: unread), let sensor = merger.sensors[name] else { break }
                merger.take(
                    scenario.batches[name]?[Int(sensor.sequence)] ?? RecordBatch(), from: name,
                    sequence: sensor.sequence + 1)
                _ = merger.drain(into: &engine)
                if restart, Int.random(in: 0..<5, using: &dice) == 0 { merger = reborn(merger.position, scenario) }
            }
        }
        #expect(merger.waitingCount == 0)
        return (engine as? DigestEngine)?.lines ?? []
    }

    static func reborn(_ position: SiteMerger.Position, _ scenario: LogScenario) -> SiteMerger {
        let batches = position.sensors.flatMap { name, sensor in
            sensor.waiting.map { held in
                LoggedBatch(
                    sensor: name, sequence: held.sequence,
                    batch: scenario.batches[name]?[Int(held.sequence) - 1] ?? RecordBatch())
            }
        }
        return SiteMerger(position, batches: batches)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func recordsLeaveInOrderOfEventTimeWhateverTheOrderOfArrival(seed: UInt64) {
        let scenario = LogScenario(seed: seed, sensors: ["a", "b", "c"])
        let expected = scenario.expected
        #expect(expected.count == 3600)
        #expect(Self.run(scenario, seed: seed) == expected)
        #expect(Self.run(scenario, seed: seed + 100) == expected)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func aRestartAtAnyMomentNeitherLosesNorDoublesNorReorders(seed: UInt64) {
        let scenario = LogScenario(seed: seed, sensors: ["a", "b", "c"])
        #expect(Self.run(scenario, seed: seed, restart: true) == scenario.expected)
    }

    private static func batch(_ seconds: [Int64], watermark: Timestamp) -> RecordBatch {
        var batch = RecordBatch()
        for second in seconds {
            batch.begin(DNSRecord.kind)
            batch.set(Records.dns.ts, Timestamp(nanoseconds: second * 1_000_000_000))
            batch.set(Records.dns.uid, "\(second)")
            batch.end()
        }
        batch.watermark = watermark
        return batch
    }

    private static func at(_ second: Int64) -> Timestamp { Timestamp(nanoseconds: second * 1_000_000_000) }

    @Test func aRecordBehindItsSensorsPromiseCountsAsSeenAtThePromise() {
        var merger = SiteMerger()
        var engine: any SiteEngine = DigestEngine()
        merger.join("a")
        merger.take(Self.batch([10, 20], watermark: Self.at(15)), from: "a", sequence: 1)
        #expect(merger.drain(into: &engine) == 1)
        merger.take(Self.batch([5], watermark: .distantFuture), from: "a", sequence: 2)
        #expect(merger.drain(into: &engine) == 2)
        #expect((engine as? DigestEngine)?.lines == ["10000000000 10", "15000000000 5", "20000000000 20"])
        #expect((engine as? DigestEngine)?.advanced == Self.at(20 + 7200))
    }

    @Test func aConnectionCountsAsSeenAtItsEnd() {
        var batch = Self.batch([100], watermark: .distantFuture)
        batch.begin(ConnRecord.kind)
        batch.set(Records.conn.ts, Self.at(50))
        batch.set(Records.conn.duration, Interval(seconds: 60))
        batch.set(Records.conn.uid, "long")
        batch.end()
        var merger = SiteMerger()
        var engine: any SiteEngine = DigestEngine()
        merger.join("a")
        merger.take(batch, from: "a", sequence: 1)
        _ = merger.drain(into: &engine)
        #expect((engine as? DigestEngine)?.lines == ["100000000000 100", "110000000000 long"])
    }

    @Test func theFasterSensorWaitsInTheLogAndNotInMemory() {
        var merger = SiteMerger()
        merger.join("fast")
        merger.join("slow")
        merger.take(Self.batch([10], watermark: Self.at(10)), from: "fast", sequence: 1)
        #expect(merger.next(unread: ["fast"]) == nil)
        #expect(merger.next(unread: ["fast", "slow"]) == "slow")
        merger.leave("slow")
        #expect(merger.next(unread: ["fast"]) == "fast")
    }

    @Test func aSensorThatComesBackLateCannotReopenWhatIsClosed() {
        var merger = SiteMerger()
        var engine: any SiteEngine = DigestEngine()
        merger.join("a")
        merger.join("b")
        merger.leave("b")
        merger.take(Self.batch([10, 100], watermark: Self.at(90)), from: "a", sequence: 1)
        _ = merger.drain(into: &engine)
        _ = merger.next(unread: ["b"])
        merger.take(Self.batch([20, 95], watermark: Self.at(95)), from: "b", sequence: 1)
        // A restart here must not take the record of second 20 for one that was learned.
        let position = merger.position
        #expect(position.sensors["b"]?.waiting == [.init(sequence: 1, floor: Self.at(90))])
        _ = merger.drain(into: &engine)
        merger.take(Self.batch([], watermark: .distantFuture), from: "a", sequence: 2)
        merger.take(Self.batch([], watermark: .distantFuture), from: "b", sequence: 2)
        _ = merger.drain(into: &engine)
        #expect(
            (engine as? DigestEngine)?.lines
                == ["10000000000 10", "90000000000 20", "95000000000 95", "100000000000 100"])
    }

    @Test func tooManyWaitingRecordsLeaveOldestFirstAndAreCounted() {
        var merger = SiteMerger()
        var engine: any SiteEngine = DigestEngine()
        merger.join("a")
        let half = SiteMerger.waitingLimit / 2
        for (index, start) in [0, half, 2 * half].enumerated() {
            let seconds = (start..<(start + half)).map(Int64.init)
            merger.take(Self.batch(seconds, watermark: .distantPast), from: "a", sequence: UInt64(index + 1))
            _ = merger.drain(into: &engine)
        }
        #expect(merger.forcedCount > 0)
        #expect(merger.waitingCount <= SiteMerger.waitingLimit)
        #expect((engine as? DigestEngine)?.lines.first == "0 0")
        #expect((engine as? DigestEngine)?.count == merger.forcedCount)
    }
}
