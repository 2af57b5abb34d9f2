import Foundation
import Glibc
import Logging
import Shared
import Testing

@testable import Master

@Suite(.serialized) struct PrivateClusterTests {
    @Test func aFreshStateDirectoryBecomesAServerThatListensOnItsSocketOnly() async throws {
        try await TestDatabase.with { database, cluster in
            let rows = try await database.query(
                "SELECT current_setting('listen_addresses') AS listen, "
                    + "current_setting('synchronous_commit') AS durable, "
                    + "current_setting('server_encoding') AS encoding, current_database()::text AS name")
            #expect(rows[0].text("listen") == "")
            #expect(rows[0].text("durable") == "on")
            #expect(rows[0].text("encoding") == "UTF8")
            #expect(rows[0].text("name") == "meneki")
            #expect(cluster.files.storedAddress() == cluster.address)
        }
    }

    @Test func everyTypeOfValueComesBackAsItWent() async throws {
        let now = Timestamp(nanoseconds: 1_762_000_000_123_456_000)
        let values: [(SQLValue, String)] = [
            (.bool(true), "boolean"), (.int(-7), "bigint"), (.double(2.5), "double precision"),
            (.text("日本 ' \""), "text"),
            (.bytes([0, 255, 39]), "bytea"), (.time(now), "timestamptz"), (.time(.distantPast), "timestamptz"),
            (.time(.distantFuture), "timestamptz"), (.texts(["a", "", "{x,\"y\"}"]), "text[]"), (.texts([]), "text[]"),
            (.optionalTexts(["a", nil]), "text[]"), (.ints([1, .min, .max]), "bigint[]"),
            (.doubles([0.5]), "double precision[]"),
            (.text(""), "text"), (.bytes([]), "bytea"),
        ]
        try await TestDatabase.with { database, _ in
            for (value, type) in values {
                let rows = try await database.query("SELECT $1::\(type) AS value", [value])
                #expect(rows[0]["value"] == value)
            }
            let null = try await database.query("SELECT $1::text AS value", [.null])
            #expect(null[0].isNull("value"))
            let before = try await database.query(
                "SELECT $1 = '1969-12-31 23:59:59.999999+00'::timestamptz AS ok", [.time(Timestamp(nanoseconds: -1))])
            #expect(before[0].bool("ok"))
        }
    }

    @Test func aServerThatIsKilledIsStartedAgainAndHasWhatWasCommitted() async throws {
        try await TestDatabase.with { database, cluster in
            let watcher = Task { await cluster.watch() }
            defer { watcher.cancel() }
            try await database.run { try $0.script("CREATE TABLE kept (n bigint); INSERT INTO kept VALUES (42)") }
            let victim = try #require(cluster.files.postmaster())
            kill(victim, SIGKILL)
            var found: Int64?
            let deadline = ContinuousClock.now + .seconds(60)
            while found == nil, ContinuousClock.now < deadline {
                do {
                    let rows = try await database.query("SELECT n FROM kept")
                    if cluster.files.postmaster() != victim { found = rows.first?.int("n") }
                } catch {
                    let failure = try #require(error as? DatabaseError)
                    #expect(failure.kind == .connection)
                }
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(found == 42)
            watcher.cancel()
            await watcher.value
        }
    }

    @Test func aServerThatIsStoppedWhileItStartsIsGone() async throws {
        try await TestDatabase.with { _, cluster in
            await cluster.stop()
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let second = PrivateCluster(state: cluster.files.state, logger: logger)
            let start = Task { try await second.start() }
            while cluster.files.postmaster() == nil { try await Task.sleep(for: .milliseconds(1)) }
            let started = try #require(cluster.files.postmaster())
            await second.stop()
            #expect(!ChildProcess.isRunning(started))
            _ = await start.result
            #expect(cluster.files.postmaster() == nil)
        }
    }

    @Test func aMasterThatFindsItsOldServerRunningAdoptsAndStopsIt() async throws {
        try await TestDatabase.with { database, cluster in
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let second = PrivateCluster(state: cluster.files.state, logger: logger)
            let running = try #require(cluster.files.postmaster())
            try await second.start()
            #expect(cluster.files.postmaster() == running)
            await second.stop()
            #expect(cluster.files.postmaster() == nil)
            await #expect(throws: DatabaseError.self) { try await database.query("SELECT 1") }
        }
    }

    @Test func aStateDirectoryWithALongPathGetsAShortSocketPath() {
        let files = ClusterFiles(state: "/tmp/" + String(repeating: "x", count: 120))
        #expect(files.socketDirectory.utf8.count < 40)
        #expect(ClusterFiles(state: "/var/lib/meneki").socketDirectory == "/var/lib/meneki/socket")
    }

    @Test func anUnreachableServerIsNamedWithWhatToDo() async throws {
        let database = Database(address: "host=/nonexistent-socket-directory dbname=x", connections: 1)
        do {
            try await database.query("SELECT 1")
            Issue.record("a connection to nowhere succeeded")
        } catch let error as DatabaseError {
            #expect(error.kind == .connection)
            #expect(error.description.contains("/nonexistent-socket-directory"))
            #expect(error.description.contains("--database"))
        }
    }
}
