import Shared
import Testing

@testable import Sensor

/// Passwords in statements, in what they are executed with, and in what servers repeat of them.
@Suite struct SecretQueriesTests {
    private static func holdsPassword(_ harness: AnalyzerHarness) -> Bool {
        harness.sink.batch.strings.strings.contains { $0.contains("hunter2") }
    }

    @Test(arguments: [
        "SELECT * FROM users WHERE passwd='hunter2'", "select 1 from u where PWD = 'hunter2'",
        "CREATE CREDENTIAL [x] WITH IDENTITY='a', SECRET='hunter2'", "EXEC sp_setapprole 'r', 'hunter2'",
        "EXEC sp_addlinkedsrvlogin 'S','false',NULL,'sa','hunter2'", "exec sp_addapprole 'a', 'hunter2'",
        "SELECT * FROM OPENROWSET('SQLNCLI','s';'sa';'hunter2','select 1')", "EXEC sp_password 'a', 'hunter2', 'b'",
        "SELECT * FROM OPENDATASOURCE('x', 'User ID=sa;hunter2').a.b.c", "SELECT pgp_sym_encrypt('a', 'hunter2')",
        "SELECT crypt('hunter2', gen_salt('bf'))", "SELECT aws_s3.f('b', access_key => 'hunter2')",
        "SELECT dblink_connect('host=h user=u pass=hunter2')", "UPDATE wp SET user_pass = 'hunter2'",
        "CREATE USER b IDENTIFIED BY 'hunter2'", "EXEC sp_addlogin 'a', 'hunter2'", "SET @client_secret='hunter2'",
    ])
    func statementsWithPasswordsAreHidden(statement: String) {
        let shown = QueryText.shown(statement)
        #expect(!shown.contains("hunter2"))
        #expect(shown.hasSuffix(" <hidden>"))
        #expect(shown.split(separator: " ").first == statement.split(separator: " ").first)
        #expect(QueryText.isHidden(shown))
    }

    @Test(arguments: [
        "SELECT name FROM secretaries", "UPDATE t SET bypass=1", "SELECT passenger FROM boarding", "SHOW VARIABLES",
        "SELECT compass = 1", "EXEC sp_addrole 'a'", "SELECT access FROM keys", "SELECT encrypted FROM t", "SELECT p",
        "SELECT pass", "drop table secrets",
    ])
    func otherStatementsAreShown(statement: String) {
        #expect(QueryText.shown(statement) == statement)
        #expect(!QueryText.isHidden(statement))
    }

    // MARK: MySQL (dev.mysql.com, "ERR_Packet")

    private static func packet(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
        [UInt8(body.count & 255), UInt8(body.count >> 8), 0, number] + body
    }

    private static func error(_ number: UInt16, _ text: String) -> [UInt8] {
        packet(1, [0xFF, UInt8(number & 255), UInt8(number >> 8)] + Array(text.utf8))
    }

    /// The server repeats where it did not understand a statement, which may be too far behind to be shown.
    @Test(arguments: [
        ("CREATE USER bob@ '%' IDENTIFIED BY 'hunter2'", "#42000", "error 1064 (42000)"),
        ("CREATE USER bob@ '%' IDENTIFIED BY 'hunter2'", "", "error 1064"),
        ("select 1 /*\(String(repeating: " ", count: 1100))*/; create user", "#42000", "error 1064 (42000)"),
    ])
    func syntaxErrorsOfMySQLRepeatNoPasswords(statement: String, state: String, shown: String) {
        var harness = AnalyzerHarness(MySQLAnalyzer.self)
        harness.feed(Self.packet(0, [3] + Array(statement.utf8)), from: .originator)
        harness.feed(Self.error(1064, state + "use near ''%' IDENTIFIED BY 'hunter2'' at line 1"), from: .responder)
        let found = harness.records(MySQLRecord.kind)
        #expect(found.map { $0[Records.mysql.response] } == [shown])
        #expect(found.map { $0[Records.mysql.success] } == [false])
        #expect(!Self.holdsPassword(harness))
    }

    @Test func otherErrorsOfMySQLAreTold() {
        var harness = AnalyzerHarness(MySQLAnalyzer.self)
        harness.feed(Self.packet(0, [3] + Array("select 1 from secretaries".utf8)), from: .originator)
        harness.feed(Self.error(1064, "#42000use near 'x' at line 1"), from: .responder)
        harness.feed(Self.packet(0, [17] + Array("pwd".utf8) + [0, 0, 0]), from: .originator)
        harness.feed(Self.error(1045, "#28000Access denied for user 'pwd' (using password: YES)"), from: .responder)
        let found = harness.records(MySQLRecord.kind)
        #expect(found.map { $0[Records.mysql.arg] } == ["select 1 from secretaries", "pwd"])
        #expect(
            found.map { $0[Records.mysql.response] } == [
                "use near 'x' at line 1", "Access denied for user 'pwd' (using password: YES)",
            ])
    }

    // MARK: PostgreSQL ("Error and Notice Message Fields")

    private static func message(_ type: String, _ content: String) -> [UInt8] {
        let count = UInt32(content.utf8.count + 4)
        return Array(type.utf8) + (0..<4).map { UInt8(count >> (24 - 8 * $0) & 0xFF) } + Array(content.utf8)
    }

    @Test(arguments: [
        (
            "ALTER USER bob PASSWORD hunter2", "C42601\0Msyntax error at or near \"hunter2\"\0P25\0",
            "Code=42601,Message=<hidden>,Position=25"
        ),
        (
            "SELECT setpw('bob')", "C42704\0Mno role\0WSQL statement \"ALTER USER bob PASSWORD 'hunter2'\"\0Fuser.c\0",
            "Code=42704,Message=no role,Where=<hidden>,File=user.c"
        ),
        (
            "SELECT f()", "C42601\0qALTER USER bob PASSWORD 'hunter2'\0DKey (pwd)=(hunter2)\0",
            "Code=42601,InternalQuery=<hidden>,Detail=<hidden>"
        ),
    ])
    func errorsOfPostgreSQLRepeatNoPasswords(statement: String, fields: String, shown: String) {
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        harness.feed(Self.message("Q", statement + "\0"), from: .originator)
        harness.feed(Self.message("E", fields + "\0") + Self.message("Z", "I"), from: .responder)
        let found = harness.records(PostgreSQLRecord.kind)
        #expect(found.map { $0[Records.postgresql.backendArg] } == [shown])
        #expect(found.map { $0[Records.postgresql.success] } == [false])
        #expect(!Self.holdsPassword(harness))
    }

    /// Whichever of the statements up to a Sync an error is told with.
    @Test func errorsBesideAHiddenStatementRepeatNoPasswords() {
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        let statements =
            Self.message("P", "\0ALTER ROLE bob PASSWORD hunter2\0\0\0") + Self.message("B", "\0\0")
            + Self.message("P", "\0select 1\0\0\0") + Self.message("B", "\0\0") + Self.message("S", "")
        harness.feed(statements, from: .originator)
        let error = Self.message("E", "C42601\0Msyntax error at or near \"hunter2\"\0\0")
        harness.feed(error + Self.message("Z", "I"), from: .responder)
        harness.feed(Self.message("Q", "select 2\0"), from: .originator)
        harness.feed(Self.message("E", "C42601\0Mno such thing\0\0") + Self.message("Z", "I"), from: .responder)
        #expect(!Self.holdsPassword(harness))
        #expect(
            harness.records(PostgreSQLRecord.kind).last?[Records.postgresql.backendArg]
                == "Code=42601,Message=no such thing")
    }

    /// An answer in the middle of another's rows is told with the command behind its own.
    @Test func errorsOfMySQLBehindAHiddenStatementRepeatNoPasswords() {
        var harness = AnalyzerHarness(MySQLAnalyzer.self)
        harness.feed(Self.packet(0, [3] + Array("select 1".utf8)), from: .originator)
        harness.feed(Self.packet(1, [1]), from: .responder)
        harness.feed(Self.packet(0, [3] + Array("ALTER USER a IDENTIFIED BY 'hunter2'".utf8)), from: .originator)
        harness.feed(Self.packet(2, [3, 0x64]), from: .responder)
        harness.feed(Self.packet(0, [3] + Array("update third".utf8)), from: .originator)
        harness.feed(Self.error(1064, "#42000near 'hunter2' at line 1"), from: .responder)
        #expect(!Self.holdsPassword(harness))
        for _ in 0..<9 {
            harness.feed(Self.packet(0, [3] + Array("select x".utf8)), from: .originator)
            harness.feed(Self.error(1054, "#42S22Unknown column"), from: .responder)
        }
        #expect(harness.records(MySQLRecord.kind).last?[Records.mysql.response] == "Unknown column")
    }

    /// A refused login is about a password, and has none.
    @Test func refusedLoginsOfPostgreSQLAreTold() {
        var harness = AnalyzerHarness(PostgreSQLAnalyzer.self)
        harness.feed(Self.message("", "\0\u{3}\0\0user\0bob\0\0"), from: .originator)
        let refusal = "C28P01\0Mpassword authentication failed for user \"bob\"\0\0"
        harness.feed(Self.message("E", refusal), from: .responder)
        #expect(
            harness.records(PostgreSQLRecord.kind).map { $0[Records.postgresql.backendArg] } == [
                "Code=28P01,Message=password authentication failed for user \"bob\""
            ])
    }

    // MARK: SQL Server ([MS-TDS] section 2.2.6.6)

    private static func wide(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }

    /// An nvarchar parameter: a name, no flags, its type with limit and collation, and its value.
    private static func parameter(_ name: String, _ value: String) -> [UInt8] {
        let text = wide(value)
        return Wire.join(
            [UInt8(name.utf16.count)], wide(name), [0, 0xE7, 0x40, 0x1F, 9, 4, 0xD0, 0, 0x34],
            [UInt8(text.count & 255), UInt8(text.count >> 8)], text)
    }

    private static func call(_ procedure: [UInt8], _ parameters: [UInt8]...) -> [UInt8] {
        let headers = Wire.hex("16000000 12000000 0200 0000000000000000 01000000")
        let body = Wire.join(headers, procedure, [0, 0], parameters.flatMap { $0 })
        let count = body.count + 8
        return [3, 1, UInt8(count >> 8), UInt8(count & 255), 0, 0, 1, 0] + body
    }

    private static func parameters(_ calls: [[UInt8]]) -> [[String]?] {
        var harness = AnalyzerHarness(TDSAnalyzer.self)
        for call in calls { harness.feed(call, from: .originator) }
        #expect(!holdsPassword(harness))
        return harness.records(TDSRPCRecord.kind).map { $0[Records.tdsRPC.parameters] }
    }

    /// 0xFFFF and the number of a procedure: 10 is Sp_ExecuteSql.
    private static func number(_ procedure: UInt8) -> [UInt8] { [0xFF, 0xFF, procedure, 0] }

    @Test func whatAHiddenStatementIsExecutedWithIsHidden() {
        let shown = Self.parameters([
            Self.call(
                Self.number(10), Self.parameter("", "UPDATE users SET password=@P0 WHERE id=@P1"),
                Self.parameter("", "@P0 nvarchar(4000)"), Self.parameter("@P0", "hunter2")),
            Self.call(Self.number(10), Self.parameter("", "SELECT @P0"), Self.parameter("@P0", "a")),
        ])
        #expect(shown == [["=UPDATE <hidden>", "=<hidden>", "@P0=<hidden>"], ["=SELECT @P0", "@P0=a"]])
    }

    /// By their number: 13 is Sp_PrepExec, 12 is Sp_Execute.
    @Test func laterExecutionsOfAHiddenStatementAreHidden() {
        let execution = Self.call(Self.number(12), Self.parameter("", "hunter2"))
        let preparation = Self.call(Self.number(13), Self.parameter("", "UPDATE users SET pwd=@P0"))
        #expect(Self.parameters([preparation, execution]) == [["=UPDATE <hidden>"], ["=<hidden>"]])
        let harmless = Self.call(Self.number(12), Self.parameter("", "a"))
        #expect(Self.parameters([harmless, preparation]) == [["=a"], ["=UPDATE <hidden>"]])
    }

    @Test func whatProceduresOfLoginsAreCalledWithIsHidden() {
        for name in ["sp_addlogin", "sp_password", "sp_setapprole"] {
            let procedure = [UInt8(name.utf16.count), 0] + Self.wide(name)
            let call = Self.call(procedure, Self.parameter("", "eve"), Self.parameter("", "hunter2"))
            #expect(Self.parameters([call]) == [["=<hidden>", "=<hidden>"]])
        }
    }

    /// Section 2.2.7.10: an error's number, state, class, and its text of 16-bit units.
    @Test(arguments: [
        ("ALTER LOGIN sa WITH PASSWORD = hunter2", "102"), ("select hunter", "102: Incorrect syntax near 'hunter'."),
    ])
    func errorsOfSQLServerRepeatNoPasswords(statement: String, shown: String) {
        let text = "Incorrect syntax near '\(statement.split(separator: " ").last ?? "")'."
        let content = Wire.join(
            [102, 0, 0, 0, 1, 15, UInt8(text.utf16.count), 0], Self.wide(text), [0, 0, 1, 0, 0, 0])
        func packet(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
            [type, 1, 0, UInt8(body.count + 8), 0, 0, 1, 0] + body
        }
        var harness = AnalyzerHarness(TDSAnalyzer.self)
        let headers = Wire.hex("16000000 12000000 0200 0000000000000000 01000000")
        harness.feed(packet(1, headers + Self.wide(statement)), from: .originator)
        harness.feed(packet(4, [0xAA, UInt8(content.count), 0] + content), from: .responder)
        #expect(harness.records(TDSRecord.kind).last?[Records.tds.error] == shown)
        #expect(!Self.holdsPassword(harness))
    }
}
