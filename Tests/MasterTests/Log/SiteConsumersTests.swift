import Glibc
import Protocol
import Shared
import Testing

@testable import Master

@Suite(.serialized) struct SiteConsumersTests {
    static let quick: CheckpointSettings = {
        var settings = CheckpointSettings()
        settings.interval = .milliseconds(30)
        settings.idleInterval = .milliseconds(10)
        return settings
    }()

    struct Result: Equatable {
        var digest: String
        var alerts: [String]
        var rows: Int64
        var batches: Int64
    }

    static func consumers(_ database: Database, _ bell: LogBell, _ progress: LogProgress) -> SiteConsumers {
        SiteConsumers(
            database: database, bell: bell, progress: progress, makeEngine: { DigestEngine($1) }, checkpoints: quick,
            logger: .silent)
    }

    static func result(_ database: Database) async throws -> Result {
        let state = try await database.query("SELECT state FROM model_state WHERE site = 's'")
        let alerts = try await database.query(
            "SELECT id, content->'values'->'digest'->'text'->>'_0' AS d FROM alert ORDER BY id")
        let rows = try await database.query(
            "SELECT (SELECT count(*) FROM search.conn) + (SELECT count(*) FROM search.dns) AS n, "
                + "(SELECT count(*) FROM batch) AS batches")
        return Result(
            digest: String(decoding: state.first?.bytes("state") ?? [], as: UTF8.self),
            alerts: alerts.map { $0.text("id") + $0.text("d") }, rows: rows[0].int("n"), batches: rows[0].int("batches")
        )
    }

    static func wanted(_ scenario: LogScenario) -> String {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for line in scenario.expected { for byte in line.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 } }
        return "\(digest) \(scenario.recordCount)"
    }

    @Test func everyRecordIsLearnedInOrderAndFoundInItsTableOnce() async throws {
        let scenario = LogScenario(seed: 7)
        let result = try await TestDatabase.migrated { database, _ in
            let (bell, progress) = (LogBell(), LogProgress())
            let store = LogStore(database: database, bell: bell, progress: progress)
            let running = Task { await Self.consumers(database, bell, progress).run() }
            let batches = try scenario.incoming(site: "s")
            for batch in batches { try await store.commit([batch]) }
            try await store.commit(batches)  // all of them once more
            try await store.waitUntilLearned(SensorIdentity(site: "s", sensor: "a"), through: 40)
            running.cancel()
            await running.value
            #expect(try await store.lastSequence(of: SensorIdentity(site: "s", sensor: "a")) == 40)
            return try await Self.result(database)
        }
        #expect(result.digest == Self.wanted(scenario))
        #expect(result.alerts.count == scenario.recordCount / 50)
        #expect(result.rows == Int64(scenario.recordCount))
        #expect(result.batches == 40)
    }

    @Test func consumersThatAreStoppedAtRandomMomentsEndWithTheSameState() async throws {
        let scenario = LogScenario(seed: 8, batchCount: 120)
        let result = try await TestDatabase.migrated { database, _ in
            var dice = Dice(8)
            var sent = 0
            let batches = try scenario.incoming(site: "s")
            for round in 0..<10 {
                let (bell, progress) = (LogBell(), LogProgress())
                let store = LogStore(database: database, bell: bell, progress: progress)
                let running = Task { await Self.consumers(database, bell, progress).run() }
                let end = round == 9 ? batches.count : min(batches.count, sent + Int.random(in: 1..<20, using: &dice))
                while sent < end {
                    try await store.commit([batches[sent]])
                    sent += 1
                }
                if round == 9 {
                    try await store.waitUntilLearned(SensorIdentity(site: "s", sensor: "a"), through: 120)
                }
                running.cancel()
                await running.value
            }
            return try await Self.result(database)
        }
        #expect(result.digest == Self.wanted(scenario))
        #expect(result.alerts.count == scenario.recordCount / 50)
        #expect(result.rows == Int64(scenario.recordCount))
    }

    @Test func killingPostgreSQLWhileBatchesComeLosesAndDoublesNothing() async throws {
        let scenario = LogScenario(seed: 9, batchCount: 200)
        let result = try await TestDatabase.migrated { database, cluster in
            let (bell, progress) = (LogBell(), LogProgress())
            let store = LogStore(database: database, bell: bell, progress: progress)
            let watching = Task { await cluster.watch() }
            let running = Task { await Self.consumers(database, bell, progress).run() }
            for (index, batch) in try scenario.incoming(site: "s").enumerated() {
                if index % 70 == 35, let victim = cluster.files.postmaster() { kill(victim, SIGKILL) }
                while true {
                    do {
                        try await store.commit([batch])
                        break
                    } catch let error as DatabaseError where error.kind == .connection {
                        try await Task.sleep(for: .milliseconds(50))
                    }
                }
            }
            try await store.waitUntilLearned(SensorIdentity(site: "s", sensor: "a"), through: 200)
            running.cancel()
            watching.cancel()
            await running.value
            await watching.value
            return try await Self.result(database)
        }
        #expect(result.digest == Self.wanted(scenario))
        #expect(result.alerts.count == scenario.recordCount / 50)
        #expect(result.rows == Int64(scenario.recordCount))
        #expect(result.batches == 200)
    }
}
