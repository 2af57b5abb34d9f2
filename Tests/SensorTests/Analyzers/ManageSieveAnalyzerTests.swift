import Shared
import Testing

@testable import Sensor

/// ManageSieve (RFC 5804): what belongs to a string is no command (§4, literal-c2s).
@Suite struct ManageSieveAnalyzerTests {
    private static let greeting = "\"IMPLEMENTATION\" \"x\"\r\n\"STARTTLS\"\r\nOK\r\n"
    private static let script = "AUTHENTICATE \"PLAIN\" \"AGFpa28AcHc=\"\r\n# comment\r\n" + "STARTTLS\r\n"
    /// The user "bob", whose password is "pw".
    private static let login = "AUTHENTICATE \"PLAIN\" \"AGJvYgBwdw==\"\r\n"

    private static func greeted() -> AnalyzerHarness {
        var harness = AnalyzerHarness(ManageSieveAnalyzer.self)
        harness.feed(greeting, from: .responder)
        return harness
    }

    /// Logs in, and tells which users are said to have done so.
    private static func users(_ harness: inout AnalyzerHarness) -> [String?] {
        harness.feed("OK\r\n", from: .responder)
        harness.feed(login, from: .originator)
        harness.feed("OK\r\n", from: .responder)
        harness.finish()
        return harness.records(MailLoginRecord.kind).map { $0[Records.mailLogin.user] }
    }

    @Test(arguments: ["+", ""], [1, 7, 1000]) func linesOfScriptsAreNoCommands(mark: String, segment: Int) {
        var harness = Self.greeted()
        let count = Self.script.utf8.count
        let upload = Array("PUTSCRIPT \"a\" {\(count)\(mark)}\r\n\(Self.script)\r\n".utf8)
        for start in stride(from: 0, to: upload.count, by: segment) {
            harness.feed(Array(upload[start..<Swift.min(start + segment, upload.count)]), from: .originator)
        }
        #expect(Self.users(&harness) == ["bob"])
        #expect(!harness.isHandedOver)
    }

    /// The name is a string of this kind as well, and the rest of the command stands behind it.
    @Test func theRestOfACommandIsNone() {
        var harness = Self.greeted()
        harness.feed("PUTSCRIPT {1+}\r\na {\(Self.script.utf8.count)+}\r\n\(Self.script)\r\n", from: .originator)
        harness.feed("HAVESPACE {1+}\r\naSTARTTLS\r\n", from: .originator)
        harness.feed("NOOP {0+}\r\nSTARTTLS\r\n", from: .originator)
        #expect(Self.users(&harness) == ["bob"])
        #expect(!harness.isHandedOver)
    }

    /// A loss within a script, and one that takes its end and the line behind it along.
    @Test(arguments: [40, 2000]) func whatIsLostOfAScriptIsPassedOver(byteCount: Int) {
        var harness = Self.greeted()
        harness.feed("PUTSCRIPT \"a\" {\(Self.script.utf8.count + 40)+}\r\n", from: .originator)
        harness.lose(byteCount, from: .originator)
        if byteCount == 40 { harness.feed(Self.script + "\r\n", from: .originator) }
        #expect(Self.users(&harness) == ["bob"])
        #expect(!harness.isHandedOver)
    }

    /// A length without a plus that the server refuses hides nothing; with one, the string comes all the same.
    @Test(arguments: [("", ["bob"]), ("+", [])]) func whatIsRefusedDoesNotCome(mark: String, users: [String]) {
        var harness = Self.greeted()
        harness.feed("PUTSCRIPT \"a\" {4000000\(mark)}\r\n", from: .originator)
        harness.feed("NO \"too long\"\r\n", from: .responder)
        #expect(Self.users(&harness) == users)
    }

    /// No server takes strings of gigabytes, whatever a client says: with a plus or without, they hide no login.
    @Test(arguments: ["4294967295+", "4294967295", "4194305+"]) func stringsTooLongForServersHideNothing(length: String)
    {
        var harness = Self.greeted()
        harness.feed("NOOP {\(length)}\r\n", from: .originator)
        harness.feed("NO \"literal too large\"\r\n", from: .responder)
        harness.feed(Self.login, from: .originator)
        harness.feed("OK\r\n", from: .responder)
        harness.finish()
        let users = harness.records(MailLoginRecord.kind).map { $0[Records.mailLogin.user] }
        #expect(users == ["bob"])
    }

    /// What only looks like a length hides no command.
    @Test(arguments: ["{}", "{+}", "{4294967296+}", "{99999999999999999999}", "{5+} ", "5}", "{-5}", "}", "{5++}"])
    func otherLinesHideNothing(end: String) {
        var harness = Self.greeted()
        harness.feed("PUTSCRIPT \"a\" \(end)\r\n", from: .originator)
        #expect(Self.users(&harness) == ["bob"])
    }
}
