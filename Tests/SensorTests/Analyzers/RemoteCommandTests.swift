import Shared
import Testing

@testable import Sensor

@Suite struct RemoteCommandTests {
    private static func harness(
        _ type: any ProtocolAnalyzer.Type, from port: UInt16, _ talk: [(Side, String)]
    ) -> AnalyzerHarness {
        var harness = AnalyzerHarness(type, responderPort: 512)
        harness.sink.connection.originatorPort = port
        for (side, text) in talk where !harness.isOver { harness.feed(text, from: side) }
        harness.finish()
        return harness
    }

    @Test(arguments: [
        ("1022\0alice\0root\0ls -l\0", ProbeResult.match, ProbeResult.noMatch),
        ("40113\0alice\0secret\0ls -l\0", .noMatch, .match),
        ("40113\0alice\0secret\0ls -l\0input", .noMatch, .match),
        ("\0alice\0root\0ls -l\0", .match, .noMatch),
        ("0\0alice\0root\0ls -l\0", .match, .noMatch),
        ("1022\0alice\0ro", .needMore, .noMatch),
        ("4011", .needMore, .needMore),
        ("\0alice\0root\0ls -l\0input", .noMatch, .noMatch),
        ("\0alice\0root\0xterm/38400\0", .noMatch, .noMatch),  // rlogin
        ("1022\0\0root\0ls\0", .noMatch, .noMatch),
        ("1022\0alice\0\u{1}\0ls\0", .noMatch, .noMatch),
        ("1022\0alice\0root\0\0", .noMatch, .noMatch),
        ("123456\0alice\0root\0ls\0", .noMatch, .noMatch),
        ("99999\0alice\0root\0ls\0", .noMatch, .noMatch),
        ("GET / HTTP/1.0\r\n", .noMatch, .noMatch),
        ("", .needMore, .needMore),
    ])
    func theOpeningIsTold(text: String, rsh: ProbeResult, rexec: ProbeResult) {
        let bytes = Array(text.utf8)
        #expect(RshAnalyzer.probe(bytes.span.bytes, from: .originator) == rsh)
        #expect(RexecAnalyzer.probe(bytes.span.bytes, from: .originator) == rexec)
        #expect(RshAnalyzer.probe(bytes.span.bytes, from: .responder) == .noMatch)
    }

    /// No field of any record, whatever the port for errors is and however the connection ends.
    @Test(arguments: ["40113", "", "0"], [true, false]) func passwordsOfRexecAreNotTold(port: String, isCut: Bool) {
        let type: any ProtocolAnalyzer.Type = port == "40113" ? RexecAnalyzer.self : RshAnalyzer.self
        let opening: [(Side, String)] = [(.originator, "\(port)\0alice\0hunter2\0uptime\0")]
        let harness = Self.harness(type, from: 40_112, isCut ? opening : opening + [(.responder, "\u{1}no\n")])
        let records = harness.records(LoginRecord.kind)
        #expect(records.map { $0[Records.login.user] } == ["alice"])
        #expect(records.map { $0[Records.login.service] } == ["rexec"])
        #expect(records.map { $0[Records.login.command] } == ["uptime"])
        #expect(records.map { $0[Records.login.success] } == [isCut ? nil : false])
        #expect(!"\(harness.sink.batch)".contains("hunter2"))
        #expect(!"\(harness.analyzer)".contains("hunter2"))
    }

    @Test func aNamedUserOfRshIsTold() {
        let harness = Self.harness(
            RshAnalyzer.self, from: 1021, [(.originator, "\0alice\0root\0id\0"), (.responder, "\0uid=0\n")])
        let records = harness.records(LoginRecord.kind)
        #expect(records.map { $0[Records.login.user] } == ["root"])
        #expect(records.map { $0[Records.login.clientUser] } == ["alice"])
        #expect(records.map { $0[Records.login.success] } == [true])
        #expect(harness.isOver)
    }

    @Test func longCommandsAreCut() {
        let command = String(repeating: "x", count: 20_000)
        let harness = Self.harness(
            RshAnalyzer.self, from: 1021, [(.originator, "1020\0alice\0root\0" + command), (.responder, "\0")])
        let records = harness.records(LoginRecord.kind)
        #expect(records.map { $0[Records.login.command]?.count } == [1024])
    }
}
