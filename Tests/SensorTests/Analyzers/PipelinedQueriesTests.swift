import Shared
import Testing

@testable import Sensor

/// Clients of databases that send the next command before the answer to the last: each has its own outcome.
@Suite struct PipelinedQueriesTests {
    // MARK: MySQL (dev.mysql.com, "MySQL Packets", "COM_STMT_PREPARE Response")

    private static func packet(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
        [UInt8(body.count), 0, 0, number] + body
    }
    private static func query(_ text: String) -> [UInt8] { packet(0, [3] + Array(text.utf8)) }
    private static let fine: [UInt8] = [0, 7, 0, 2, 0, 0, 0]
    private static let refusal: [UInt8] = Wire.hex("ff 7604 23") + Array("42000denied".utf8)
    /// Number 77 with one parameter and no columns.
    private static let prepared: [UInt8] = Wire.hex("00 4d000000 0000 0100 00 0000")
    /// A result of a column and this many rows, with its packets' numbers.
    private static func result(rows: Int) -> [UInt8] {
        var packets = packet(1, [1]) + packet(2, Wire.hex("03646566 00000001 31000c3f 00010000 00088100 0000"))
        var number: UInt8 = 3
        for body in [[0xFE, 0, 0, 2, 0]] + [[UInt8]](repeating: [1, 0x31], count: rows) + [[0xFE, 0, 0, 2, 0]] {
            packets += packet(number, body)
            number &+= 1
        }
        return packets
    }

    private static func told(client: [[UInt8]], server: [[UInt8]]) -> AnalyzerHarness {
        told(talk: client.map { ($0, []) } + server.map { ([], $0) })
    }

    /// What the client sends, and what the server says next, in turns.
    private static func told(talk: [(client: [UInt8], server: [UInt8])]) -> AnalyzerHarness {
        var harness = AnalyzerHarness(MySQLAnalyzer.self)
        harness.feed(query("select 0"), from: .originator)
        harness.feed(packet(1, fine), from: .responder)
        for (client, server) in talk {
            if !client.isEmpty { harness.feed(client, from: .originator) }
            if !server.isEmpty { harness.feed(server, from: .responder) }
        }
        harness.finish()
        return harness
    }

    /// "Sending More Than 16MB": the command goes on in another packet, and the answer has the number behind that.
    @Test func commandsOfSeveralPacketsHaveTheirOwnOutcomes() {
        let insert = [3] + Array("INSERT INTO blobs VALUES ('".utf8)
        let first = [0xFF, 0xFF, 0xFF, 0] + insert + [UInt8](repeating: 0x61, count: 0xFF_FFFF - insert.count)
        let harness = Self.told(talk: [
            (first + Self.packet(1, Array("aa')".utf8)), Self.packet(2, Self.fine)),
            (Self.query("UPDATE t SET x=1"), Self.packet(1, Self.fine)),
            (Self.query("SELECT * FROM nosuch"), Self.packet(1, Self.refusal)),
            (Self.query("DELETE FROM log"), Self.packet(1, Self.fine)),
        ])
        let found = harness.records(MySQLRecord.kind).dropFirst()
        #expect(found.map { $0[Records.mysql.success] } == [true, true, false, true])
        #expect(found.map { $0[Records.mysql.arg]?.prefix(6) } == ["INSERT", "UPDATE", "SELECT", "DELETE"])
    }

    /// MariaDB's clients send what to prepare and its execution together.
    @Test func aStatementAndItsExecutionHaveTheirOwnOutcomes() {
        let harness = Self.told(
            client: [
                Self.packet(0, [22] + Array("SELECT ?".utf8)) + Self.packet(0, [23] + Wire.hex("ffffffff 00 01000000"))
            ],
            server: [
                Self.packet(1, Self.prepared), Self.packet(2, Wire.hex("03646566")),
                Self.packet(3, [0xFE, 0, 0, 2, 0]),
                Self.packet(1, Self.refusal),
            ])
        let found = harness.records(MySQLRecord.kind).dropFirst()
        #expect(found.map { $0[Records.mysql.cmd] } == ["stmt_prepare", "stmt_execute"])
        #expect(found.map { $0[Records.mysql.success] } == [true, false])
        // The number of a prepared statement is none of rows.
        #expect(found.map { $0[Records.mysql.rows] } == [nil, nil])
        #expect(found.map { $0[Records.mysql.response] } == [nil, "denied"])
    }

    /// Numbers go round in a long answer: of its packets none begins another.
    @Test(arguments: [1, 3, 250, 251, 252, 253, 600]) func longAnswersAreOneAnswer(rows: Int) {
        let harness = Self.told(
            client: [Self.query("select 1"), Self.query("delete"), Self.query("drop")],
            server: [Self.result(rows: rows), Self.packet(1, Self.refusal), Self.packet(1, Self.fine)])
        let found = harness.records(MySQLRecord.kind).dropFirst()
        #expect(found.map { $0[Records.mysql.arg] } == ["select 1", "delete", "drop"])
        // An answer that ends just before its numbers begin anew cannot be told from one that goes on.
        let isSure = (rows + 4) % 256 != 0
        #expect(found.map { $0[Records.mysql.success] } == (isSure ? [true, false, true] : [true, true, nil]))
    }

    /// A client may have enough of an answer before it has all come.
    @Test(arguments: [3, 100, 240]) func rowsOfTheLastAnswerAreNoAnswer(rows: Int) {
        let result = Self.result(rows: rows)
        let half = result.count / 2
        let harness = Self.told(
            talk: [
                (Self.query("select 1"), Array(result.prefix(half))),
                (Self.query("delete"), Array(result.dropFirst(half)) + Self.packet(1, Self.refusal)),
                (Self.query("drop"), Self.packet(1, Self.fine)),
            ])
        let found = harness.records(MySQLRecord.kind).dropFirst()
        #expect(found.map { $0[Records.mysql.success] } == [true, false, true])
    }

    /// An answer may end with any number; the next begins with 1.
    @Test(arguments: [251, 252, 253]) func theNextAnswerIsKnownBehindAnyNumber(rows: Int) {
        let harness = Self.told(
            talk: [
                (Self.query("select 1"), Self.result(rows: rows)), (Self.query("drop"), Self.packet(1, Self.refusal)),
            ])
        let found = harness.records(MySQLRecord.kind).dropFirst()
        #expect(found.map { $0[Records.mysql.success] } == [true, false])
    }

    /// COM_STMT_CLOSE and COM_STMT_SEND_LONG_DATA have no answer.
    @Test(arguments: [24, 25] as [UInt8]) func commandsWithoutAnAnswerTakeNone(code: UInt8) {
        let harness = Self.told(
            client: [
                Self.query("a") + Self.packet(0, [code, 77, 0, 0, 0, 0, 0]) + Self.query("b")
            ], server: [Self.packet(1, Self.refusal) + Self.packet(1, Self.fine)])
        let found = harness.records(MySQLRecord.kind).filter { $0[Records.mysql.cmd] == "query" }
        #expect(found.map { $0[Records.mysql.success] } == [true, false, true])
        #expect(harness.records(MySQLRecord.kind).count == 4)
    }

    /// More than wait are told without their answers, and take nobody else's.
    @Test func moreThanWaitTakeNobodysAnswer() {
        let harness = Self.told(
            client: (0..<100).map { Self.query("q\($0)") },
            server: (0..<100).map { Self.packet(1, $0 < 99 ? Self.fine : Self.refusal) })
        let found = harness.records(MySQLRecord.kind).dropFirst()
        #expect(found.map { $0[Records.mysql.arg] } == (0..<100).map { "q\($0)" })
        #expect(found.prefix(36).allSatisfy { $0[Records.mysql.success] == nil })
        #expect(found.dropFirst(36).prefix(63).allSatisfy { $0[Records.mysql.success] == true })
        #expect(found.last?[Records.mysql.success] == false)
    }

    @Test func behindALossNoneOfSeveralIsAnswered() {
        var harness = AnalyzerHarness(MySQLAnalyzer.self)
        for text in ["select 1", "drop"] { harness.feed(Self.query(text), from: .originator) }
        harness.lose(11, from: .responder)
        harness.feed(Self.packet(1, Self.fine), from: .responder)
        harness.feed(Self.query("delete"), from: .originator)
        harness.feed(Self.packet(1, Self.refusal), from: .responder)
        let found = harness.records(MySQLRecord.kind)
        #expect(found.map { $0[Records.mysql.success] } == [nil, nil, false])
    }

    // MARK: PostgreSQL ("Message Flow", "Pipelining")

    private static func message(_ type: String, _ content: String = "") -> [UInt8] {
        let count = UInt32(content.utf8.count + 4)
        return Array(type.utf8) + (0..<4).map { UInt8(count >> (24 - 8 * $0) & 0xFF) } + Array(content.utf8)
    }
    private static let ready = message("Z", "I")
    private static let row = message("D", "\0\u{1}\0\0\0\u{1}a") + message("C", "SELECT 1\0") + ready
    private static let error = message("E", "C42501\0\0") + ready
    private static func prepare(_ text: String) -> [UInt8] {
        message("P", "\0\(text)\0\0\0") + message("B", "\0\0\0\0\0\0\0\0") + message("E", "\0\0\0\0\0")
    }

    /// These from the client, then these from the server.
    private static func outcomes(client: [[UInt8]], server: [[UInt8]]) -> [String] {
        outcomes(talk: client.map { ($0, []) } + server.map { ([], $0) })
    }

    /// What the client sends, and what the server says next, in turns.
    private static func outcomes(talk: [(client: [UInt8], server: [UInt8])]) -> [String] {
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        harness.feed(message("", "\0\u{3}\0\0user\0bob\0\0"), from: .originator)
        harness.feed(message("R", "\0\0\0\0") + ready, from: .responder)
        for (client, server) in talk {
            if !client.isEmpty { harness.feed(client, from: .originator) }
            if !server.isEmpty { harness.feed(server, from: .responder) }
        }
        harness.finish()
        #expect(harness.failure == nil)
        let record = Records.postgresql
        return harness.records(PostgreSQLRecord.kind).dropFirst().map {
            let success = $0[record.success].map { $0 ? "fine" : "refused" } ?? "-"
            return "\($0[record.frontendArg] ?? "") \(success) \($0[record.rows] ?? 0)"
        }
    }

    @Test func queriesInARowHaveTheirOwnOutcomes() {
        let queries = [Self.message("Q", "select 1\0"), Self.message("Q", "drop\0"), Self.message("Q", "select 2\0")]
        let expected = ["select 1 fine 1", "drop refused 0", "select 2 fine 1"]
        #expect(Self.outcomes(client: queries, server: [Self.row, Self.error, Self.row]) == expected)
        let together = [queries.flatMap { $0 }]
        #expect(Self.outcomes(client: together, server: [Self.row + Self.error + Self.row]) == expected)
    }

    /// Each Sync ends what is answered together; one behind nothing has an answer too.
    @Test func statementsUpToEachSyncHaveTheirOwnOutcomes() {
        let sync = Self.message("S")
        let client = Self.prepare("a") + sync + sync + Self.prepare("b") + sync + Self.message("Q", "c\0")
        let taken = Self.message("1") + Self.message("2")
        #expect(
            Self.outcomes(client: [client], server: [taken + Self.row, Self.ready, Self.error, Self.row]) == [
                "a fine 1", "b refused 0", "c fine 1",
            ])
    }

    /// Several statements up to one Sync, as libraries for batches send them: the server tells the end of each, and
    /// passes over what stands behind an error.
    @Test func statementsUpToOneSyncHaveTheirOwnOutcomes() {
        let sync = Self.message("S")
        let taken = Self.message("1") + Self.message("2")
        let row = Self.message("D", "\0\u{1}\0\0\0\u{1}a")
        let client = Self.prepare("insert") + Self.prepare("select") + Self.prepare("delete") + sync
        let inserted = taken + Self.message("n") + Self.message("C", "INSERT 0 1\0")
        let selected = taken + Self.message("T", "\0\0") + row + row + Self.message("C", "SELECT 2\0")
        let deleted = taken + row + Self.message("C", "DELETE 1\0") + Self.ready
        #expect(
            Self.outcomes(client: [client], server: [inserted, selected, deleted]) == [
                "insert fine 0", "select fine 2", "delete fine 1",
            ])
        #expect(
            Self.outcomes(client: [client], server: [inserted, taken + Self.error]) == [
                "insert fine 0", "select refused 0", "delete refused 0",
            ])
        // Answers that come while the client is still asking.
        #expect(
            Self.outcomes(
                talk: [(Array(client.dropLast(sync.count)), inserted + selected), (sync, deleted)]) == [
                    "insert fine 0", "select fine 2", "delete fine 1",
                ])
    }

    /// PortalSuspended and EmptyQueryResponse end an Execute as well; what is prepared and not executed has an end of
    /// its own.
    @Test func eachEndOfAStepIsHeeded() {
        let execute = Self.message("E", "\0\0\0\0\u{1}")
        let client =
            Self.prepare("a") + execute + Self.message("P", "s\0b\0\0\0") + Self.prepare("") + Self.prepare("c")
        let row = Self.message("D", "\0\0")
        let taken = Self.message("1") + Self.message("2")
        let server =
            taken + row + Self.message("s") + row + Self.message("C", "SELECT 1\0") + Self.message("1") + taken
            + Self.message("I") + taken + Self.error
        #expect(
            Self.outcomes(client: [client + Self.message("S")], server: [server]) == [
                "a fine 2", "b fine 0", " fine 0", "c refused 0",
            ])
    }

    /// Executions of one statement that do not wait for each other are told once, and lend their rows to none.
    @Test func repeatedExecutionsInARowAreToldOnce() {
        let sync = Self.message("S")
        let again = Self.message("B", "\0s\0\0\0\0\0\0\0") + Self.message("E", "\0\0\0\0\0") + sync
        let client = Self.message("P", "s\0a\0\0\0") + again + again + again + again + Self.message("Q", "b\0")
        let answers = Self.message("1") + (0..<4).flatMap { _ in Self.message("2") + Self.row } + Self.error
        #expect(Self.outcomes(client: [client], server: [answers]) == ["a fine 1", "b refused 0"])
    }

    /// "COPY Operations": the server passes over the Sync that came before the data.
    /// A client that never sends Sync, and binds what it has not prepared between its statements.
    @Test func stepsOfWhichNothingIsToldAreFew() {
        var requests = PostgreSQLRequests()
        let now = Timestamp(nanoseconds: 0)
        var toldCount = 0
        for _ in 0..<5000 {
            if requests.begin(PostgreSQLAction(time: now)) != nil { toldCount += 1 }
            requests.expect()
            requests.beginUntold()
            requests.expect()
        }
        #expect(toldCount == 5000 - 64)
        // Twice 64 steps, and what bookkeeping is counted with each.
        #expect(requests.heldBytes < 64 * 1024)
        requests.end(isQuery: false)
        // All but the last two were answered: that is done, and what follows is not.
        for _ in 0..<9998 { requests.answer() }
        #expect(requests.takeFailed().count == 64)
    }

    @Test func dataForATableIsAnsweredOnce() {
        let sync = Self.message("S")
        let client = [
            Self.prepare("copy t from stdin") + sync, Self.message("d", "x") + Self.message("c") + sync,
            Self.message("Q", "drop\0"),
        ]
        let server = [
            Self.message("1") + Self.message("2") + Self.message("G", "\0\0\0"),
            Self.message("C", "COPY 1\0") + Self.ready,
            Self.error,
        ]
        #expect(Self.outcomes(client: client, server: server) == ["copy t from stdin fine 0", "drop refused 0"])
    }

    /// More than wait are told without their answers, and take nobody else's.
    @Test func moreQueriesThanWaitTakeNobodysOutcome() {
        var queries = (0..<100).map { Self.message("Q", "q\($0)\0") }
        queries.append(Self.message("Q", "last\0"))
        var answers = [[UInt8]](repeating: Self.row, count: 100)
        answers.append(Self.error)
        let found = Self.outcomes(client: queries, server: answers)
        #expect(found.count == 101)
        #expect(Set(found) == Set((0..<64).map { "q\($0) fine 1" } + (64..<100).map { "q\($0) - 0" } + ["last - 0"]))
    }
}
