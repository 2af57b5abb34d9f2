import Shared
import Testing

@testable import Sensor

@Suite struct PostgreSQLAnalyzerTests {
    /// A message: type, length, content (PostgreSQL documentation, "Message Formats").
    private static func message(_ type: String, _ content: String) -> [UInt8] {
        let count = UInt32(content.utf8.count + 4)
        return Array(type.utf8) + (0..<4).map { UInt8(count >> (24 - 8 * $0) & 0xFF) } + Array(content.utf8)
    }

    private static let sslRequest = Wire.hex("0000 0008 04D2 162F")
    private static let startup = message("", "\0\u{3}\0\0user\0bob\0database\0shop\0\0")

    @Test func whatFollowsAnAgreedRequestForTLSIsHandedOver() {
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        harness.feed(Self.sslRequest, from: .originator)
        harness.feed("S", from: .responder)
        #expect(harness.progress.last == .handOver)
        let found = harness.records(PostgreSQLRecord.kind)
        #expect(found.map { $0[Records.postgresql.backendArg] } == ["S"])
        #expect(found.first?[Records.postgresql.success] == true)
    }

    private static let refused = message("E", "SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed\0\0")

    /// "SASL Authentication", MD5 and clear text, of a login whose beginning was not seen.
    @Test(arguments: ["\0\0\0\u{A}SCRAM-SHA-256\0\0", "\0\0\0\u{5}salt", "\0\0\0\u{3}"])
    func refusedLoginsAreToldInTheMiddle(question: String) {
        let asked = Self.message("R", question)
        #expect(PostgreSQLAnalyzer.probe(asked.span.bytes, from: .responder) == .match)
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        harness.feed(asked, from: .responder)
        harness.feed(Self.message("p", "S3cretPw\0"), from: .originator)
        harness.feed(Self.refused, from: .responder)
        harness.finish()
        let found = harness.records(PostgreSQLRecord.kind)
        #expect(found.map { $0[Records.postgresql.success] } == [false])
        #expect(found.map { $0[Records.postgresql.backend] } == ["auth_request,error"])
        #expect(found.allSatisfy { $0[Records.postgresql.backendArg]?.contains("Code=28P01") == true })
        #expect(found.allSatisfy { $0[Records.postgresql.backendArg]?.contains("S3cret") == false })
    }

    @Test func whatOnlyLooksLikeALoginIsNone() {
        let bad = [
            Self.message("R", "\0\0\0\u{A}PLAIN\0\0"), Self.message("R", "\0\0\0\u{5}sal"),
            Self.message("R", "\0\0\0\u{3}x"),
            Self.message("E", "SERROR\0C28P01\0\0"), Array(Self.refused.dropLast()),
            Self.refused + [0],
        ]
        for bytes in bad { #expect(PostgreSQLAnalyzer.probe(bytes.span.bytes, from: .responder) == .noMatch) }
        #expect(PostgreSQLAnalyzer.probe(Self.refused.span.bytes, from: .responder) == .match)
    }

    @Test func preparedQueriesAreToldAndPasswordsAreNot() {
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        harness.feed(Self.startup, from: .originator)
        harness.feed(Self.message("R", "\0\0\0\0") + Self.message("Z", "I"), from: .responder)
        harness.feed(Self.message("P", "s1\0SELECT $1\0\0\0") + Self.message("S", ""), from: .originator)
        harness.feed(Self.message("D", "\0\0") + Self.message("C", "SELECT 1\0"), from: .responder)
        harness.feed(Self.message("Z", "I"), from: .responder)
        harness.feed(Self.message("Q", "ALTER USER bob PASSWORD 'secret'\0"), from: .originator)
        harness.feed(Self.message("E", "SERROR\0C42501\0\0") + Self.message("Z", "I"), from: .responder)
        harness.finish()
        let record = Records.postgresql
        let found = harness.records(PostgreSQLRecord.kind)
        #expect(found.map { $0[record.frontend] } == ["startup", "parse", "simple_query"])
        #expect(found.map { $0[record.frontendArg] } == [nil, "SELECT $1", "ALTER <hidden>"])
        #expect(found.map { $0[record.success] } == [true, true, false])
        #expect(found.map { $0[record.rows] } == [nil, 1, nil])
        #expect(found.last?[record.backendArg] == "SeverityLocalized=ERROR,Code=42501")
        #expect(found.allSatisfy { $0[record.user] == "bob" && $0[record.database] == "shop" })
    }

    /// "Extended Query": what was prepared is executed by its name, as often as is liked.
    @Test func whatWasPreparedIsToldWhenItIsExecuted() {
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        harness.feed(Self.startup, from: .originator)
        harness.feed(Self.message("R", "\0\0\0\0") + Self.message("Z", "I"), from: .responder)
        let sync = Self.message("S", "")
        let bind = Self.message("B", "\0s1\0\0\0\0\0\0\0") + Self.message("E", "\0\0\0\0\0")
        let row =
            Self.message("1", "") + Self.message("D", "\0\0") + Self.message("C", "SELECT 1\0") + Self.message("Z", "I")
        // The first time together with the query, then twice before an answer, then unknown.
        harness.feed(Self.message("P", "s1\0SELECT $1\0\0\0") + bind + sync, from: .originator)
        harness.feed(row, from: .responder)
        harness.feed(bind + bind + sync, from: .originator)
        harness.feed(Array(row.dropFirst(5)), from: .responder)
        harness.feed(Self.message("B", "\0other\0\0\0\0\0\0\0") + sync, from: .originator)
        harness.feed(Self.message("Z", "I"), from: .responder)
        harness.finish()
        let record = Records.postgresql
        let found = harness.records(PostgreSQLRecord.kind).dropFirst()
        #expect(found.map { $0[record.frontend] } == ["parse", "execute", "execute"])
        #expect(found.map { $0[record.frontendArg] } == ["SELECT $1", "SELECT $1", "other"])
        #expect(found.map { $0[record.rows] } == [1, 1, 0])
        #expect(found.allSatisfy { $0[record.success] == true })
    }

    /// After the startup.
    private static func started() -> AnalyzerHarness {
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        harness.feed(startup, from: .originator)
        harness.feed(message("R", "\0\0\0\0") + message("Z", "I"), from: .responder)
        return harness
    }

    private static func prepare(_ harness: inout AnalyzerHarness, _ name: String) {
        harness.feed(message("P", "\(name)\0SELECT \(name)\0\0\0") + message("S", ""), from: .originator)
        harness.feed(message("1", "") + message("Z", "I"), from: .responder)
    }

    private static func execute(_ harness: inout AnalyzerHarness, _ name: String) {
        harness.feed(message("B", "\0\(name)\0\0\0\0\0\0\0") + message("S", ""), from: .originator)
        harness.feed(message("Z", "I"), from: .responder)
    }

    /// A few bytes each, whose records show long texts: statements in turn are told up to the server's next answer,
    /// each once and sixteen more.
    @Test func executionsInTurnAreBounded() {
        var harness = Self.started()
        for name in ["a", "b"] { Self.prepare(&harness, name) }
        for _ in 0..<2 {
            for _ in 0..<100 {
                harness.feed(Self.message("B", "\0a\0") + Self.message("B", "\0b\0"), from: .originator)
            }
            harness.feed(Self.message("Z", "I"), from: .responder)
        }
        harness.finish()
        let executions = harness.records(PostgreSQLRecord.kind).dropFirst(3)
        let shown = executions.map { $0[Records.postgresql.frontendArg] }
        #expect(shown == (0..<36).map { $0 % 2 == 0 ? "SELECT a" : "SELECT b" })
    }

    /// However many repetitions stand in front of it.
    @Test func theFirstExecutionIsAlwaysTold() {
        var harness = Self.started()
        for number in 0..<40 { Self.prepare(&harness, "s\(number)") }
        for _ in 0..<20 {
            harness.feed(Self.message("B", "\0s0\0") + Self.message("B", "\0s1\0"), from: .originator)
        }
        for number in 2..<40 { harness.feed(Self.message("B", "\0s\(number)\0"), from: .originator) }
        harness.finish()
        let shown = harness.records(PostgreSQLRecord.kind).map { $0[Records.postgresql.frontendArg] }
        #expect(shown.suffix(38) == (2..<40).map { "SELECT s\($0)" })
        #expect(shown.count == 41 + 40 + 16)
    }

    /// Sends these, all together or each by itself, with the server's answers to them, and tells what the last
    /// execution shows.
    private static func shown(_ talk: [([UInt8], [UInt8])], isPipelined: Bool) -> String? {
        var harness = started()
        if isPipelined {
            harness.feed(talk.flatMap { $0.0 }, from: .originator)
            harness.feed(talk.flatMap { $0.1 }, from: .responder)
        } else {
            for (request, answer) in talk {
                harness.feed(request, from: .originator)
                harness.feed(answer, from: .responder)
            }
        }
        harness.finish()
        let found = harness.records(PostgreSQLRecord.kind)
        return found.last { $0[Records.postgresql.frontend] == "execute" }?[Records.postgresql.frontendArg]
    }

    private static func parse(_ name: String, _ text: String) -> [UInt8] { message("P", "\(name)\0\(text)\0\0\0") }
    private static func bind(_ name: String) -> [UInt8] { message("B", "\0\(name)\0\0\0\0\0\0\0") }
    private static let sync = message("S", "")
    private static let ready = message("Z", "I")
    private static let refusal = message("E", "SERROR\0C42P05\0\0") + ready
    private static let executed = message("2", "") + message("C", "SELECT 1\0") + ready
    private static let prepared = (parse("s", "DROP a") + sync, message("1", "") + ready)

    /// What PostgreSQL 15 does: it refuses a name that stands for another statement, and passes over what is behind an
    /// error; what is not taken changes nothing.
    @Test(arguments: [false, true]) func whatIsRefusedChangesNoStatement(isPipelined: Bool) {
        let execution = (Self.bind("s") + Self.sync, Self.executed)
        let other = Self.parse("s", "SELECT 1")
        let refused = (other + Self.sync, Self.refusal)
        #expect(Self.shown([Self.prepared, refused, execution], isPipelined: isPipelined) == "DROP a")
        let behind = (Self.parse("z", "SELEC") + Self.message("C", "Ss\0") + other + Self.sync, Self.refusal)
        let shown = Self.shown([Self.prepared, behind, execution], isPipelined: isPipelined)
        // Together, it is not known whether the name was freed.
        #expect(shown == (isPipelined ? "s" : "DROP a"))
        let wrong = (other + Self.sync, Self.refusal)
        #expect(Self.shown([wrong, Self.prepared, execution], isPipelined: false) == "DROP a")
    }

    /// A name may be freed by Close, and by DEALLOCATE.
    @Test(arguments: [false, true]) func aFreeNameStandsForTheNextStatement(isPipelined: Bool) {
        let next = (Self.parse("s", "SELECT 1") + Self.bind("s") + Self.sync, Self.message("1", "") + Self.executed)
        let execution = (Self.bind("s") + Self.sync, Self.executed)
        let closing = (Self.message("C", "Ss\0") + Self.sync, Self.message("3", "") + Self.ready)
        let freeing = (Self.message("Q", "deallocate s\0"), Self.message("C", "DEALLOCATE\0") + Self.ready)
        for freed in [closing, freeing] {
            let shown = Self.shown([Self.prepared, freed, next, execution], isPipelined: isPipelined)
            #expect(shown == (isPipelined ? "s" : "SELECT 1"))
            let gone = Self.shown([Self.prepared, freed, (execution.0, Self.refusal)], isPipelined: false)
            #expect(gone == "s")
        }
    }

    /// "COPY Operations": Sync has no answer while data are copied, and shifts none.
    @Test func copyingShiftsNoAnswers() {
        let copy = (Self.bind("") + Self.message("E", "\0\0\0\0\0") + Self.sync, Self.message("G", "\0\0\0"))
        let data = (
            Self.message("d", "1\n") + Self.message("c", "") + Self.sync, Self.message("C", "COPY 1\0") + Self.ready
        )
        let refused = (Self.parse("s", "SELECT 1") + Self.sync, Self.refusal)
        let execution = (Self.bind("s") + Self.sync, Self.executed)
        #expect(Self.shown([copy, data, refused, Self.prepared, execution], isPipelined: false) == "DROP a")
        // Nobody has asked for data: what the server took of this is not known.
        let unasked = (Self.sync + Self.message("c", ""), Self.ready)
        #expect(Self.shown([Self.prepared, unasked, execution], isPipelined: true) == "s")
    }

    /// What waits for answers is bounded; beyond that, names alone are told.
    @Test(arguments: [(100, "SELECT 99"), (300, "s99")]) func statementsThatWaitAreBounded(count: Int, shown: String) {
        var harness = Self.started()
        for number in 0..<count { harness.feed(Self.parse("s\(number)", "SELECT \(number)"), from: .originator) }
        harness.feed(Self.sync + Self.bind("s99"), from: .originator)
        harness.finish()
        #expect(harness.analyzer.heldBytes < 256 << 10)
        #expect(harness.records(PostgreSQLRecord.kind).last?[Records.postgresql.frontendArg] == shown)
    }

    /// Behind a loss no texts are kept, and none are counted as kept.
    @Test func textsBehindALossTakeNoRoom() {
        var statements = PostgreSQLStatements()
        statements.lose()
        for _ in 0..<100 { statements.prepare("s", text: String(repeating: "x", count: 1000)) }
        #expect(statements.heldBytes == 0)
    }

    /// "Close": the name of a statement that is closed stands for nothing; that of a portal is another.
    @Test(arguments: [("S", "a"), ("P", "SELECT a")]) func whatIsClosedIsForgotten(kind: String, shown: String) {
        var harness = Self.started()
        Self.prepare(&harness, "a")
        harness.feed(Self.message("C", kind + "a\0"), from: .originator)
        Self.execute(&harness, "a")
        #expect(harness.records(PostgreSQLRecord.kind).last?[Records.postgresql.frontendArg] == shown)
    }

    /// Of more statements than are kept, the oldest are known by their names alone.
    @Test func theOldestStatementMakesRoom() {
        var harness = Self.started()
        for number in 0...64 { Self.prepare(&harness, "s\(number)") }
        for name in ["s0", "s1", "s64"] { Self.execute(&harness, name) }
        let shown = harness.records(PostgreSQLRecord.kind).suffix(3).map { $0[Records.postgresql.frontendArg] }
        #expect(shown == ["s0", "SELECT s1", "SELECT s64"])
    }

    /// "CancelRequest", on a connection of its own.
    @Test func aRequestToCancelIsTold() {
        let bytes = Wire.hex("0000 0010 04D2 162E 0000 1234 8899 AABB")
        #expect(PostgreSQLAnalyzer.probe(bytes.span.bytes, from: .originator) == .match)
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        harness.feed(bytes, from: .originator)
        harness.finish()
        #expect(harness.records(PostgreSQLRecord.kind).map { $0[Records.postgresql.frontend] } == ["cancel_request"])
    }

    @Test func aStartupMayComeInPieces() {
        #expect(PostgreSQLAnalyzer.probe(Self.startup.span.bytes, from: .originator) == .match)
        let piece = Array(Self.startup.prefix(20))
        #expect(PostgreSQLAnalyzer.probe(piece.span.bytes, from: .originator) == .needMore)
        #expect(PostgreSQLAnalyzer.probe(piece.span.bytes, from: .responder) == .noMatch)
        let longer = Self.startup + [0]
        #expect(PostgreSQLAnalyzer.probe(longer.span.bytes, from: .originator) == .noMatch)
    }

    @Test func lengthsThatCannotBeEndTheAnalyzer() {
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        harness.feed(Self.startup, from: .originator)
        harness.feed(Wire.hex("51 00000003"), from: .originator)
        #expect(harness.failure == .invalid(.length))
    }

    @Test(arguments: [
        "0000 0008 04D2 162F 00", "0000 0010 0003 0000 7573 6572 6162 6300", "GET / HTTP/1.1", "0000 0010 04D2 162E",
    ])
    func otherBeginningsAreRefused(text: String) {
        let bytes = Wire.hex(text)
        #expect(
            PostgreSQLAnalyzer.probe(bytes.span.bytes, from: .originator) != .match
                || bytes.starts(with: Self.sslRequest))
    }
}
