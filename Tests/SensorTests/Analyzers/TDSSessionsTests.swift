import Shared
import Testing

@testable import Sensor

/// SQL Server: what stands in the middle of long answers, and several sessions on one connection.
@Suite struct TDSSessionsTests {
    /// [MS-TDS] section 2.2.3.1: type, status (1 for the last packet), length, process, number and window.
    private static func packet(_ type: UInt8, _ body: [UInt8], status: UInt8 = 1, number: UInt8 = 1) -> [UInt8] {
        let count = body.count + 8
        return [type, status, UInt8(count >> 8), UInt8(count & 0xFF), 0, 0, number, 0] + body
    }

    private static func batch(_ text: String) -> [UInt8] {
        Wire.hex("16000000 12000000 0200 0000000000000000 01000000")
            + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    /// DONE, section 2.2.7.6.
    private static let done: [UInt8] = [0xFD] + [UInt8](repeating: 0, count: 12)
    /// LOGINACK, section 2.2.7.14: its length, the interface and a version, no name.
    private static let accepted: [UInt8] = Wire.hex("ad 0a00 01 74000004 00 10000000") + done

    private static func queries(_ harness: AnalyzerHarness) -> [String?] {
        harness.records(TDSSQLBatchRecord.kind).map { $0[Records.tdsSQLBatch.query] }
    }

    /// Rows have any bytes: in a packet that goes on with an answer, and in one that begins one behind a request.
    @Test(arguments: [20, 21, 22, 23] as [UInt8], [true, false])
    func rowsAreNoTLS(byte: UInt8, isAtItsBeginning: Bool) {
        var harness = AnalyzerHarness(TDSAnalyzer.self, responderPort: 1433)
        harness.feed(Self.packet(1, Self.batch("select 1")), from: .originator)
        let rows = [byte, 3, 3, 0] + [UInt8](repeating: 0x61, count: 600)
        if isAtItsBeginning {
            harness.feed(Self.packet(4, rows), from: .responder)
        } else {
            harness.feed(Self.packet(4, [0x81] + rows, status: 0), from: .responder)
            harness.feed(Self.packet(4, rows, status: 0, number: 2), from: .responder)
            harness.feed(Self.packet(4, rows, number: 3), from: .responder)
        }
        for number in 0..<3 {
            harness.feed(Self.packet(1, Self.batch("select \(number)")), from: .originator)
            harness.feed(Self.packet(4, Self.done), from: .responder)
        }
        harness.finish()
        #expect(Self.queries(harness) == ["select 1", "select 0", "select 1", "select 2"])
        #expect(harness.sink.foundServices.isEmpty)
        #expect(harness.failure == nil)
    }

    // MARK: recognition in the middle

    /// .NET's client sets a bit of the status (0x04) in all packets of a request but the last; sections 2.2.3.1.2 and
    /// 2.2.5.3.
    @Test(arguments: [0, 4, 8, 0x10] as [UInt8]) func aRequestOfSeveralPacketsIsRecognised(status: UInt8) {
        let statement = "select '\(String(repeating: "a", count: 600))'"
        let body = Self.batch(statement)
        let first = Self.packet(1, Array(body.prefix(504)), status: status)
        #expect(TDSAnalyzer.probe(first.span.bytes, from: .originator) == .match)
        var harness = AnalyzerHarness(TDSAnalyzer.self, responderPort: 1433)
        harness.feed(Self.packet(1, Self.batch("select 1")), from: .originator)
        harness.lose(100, from: .originator)
        harness.feed(first, from: .originator)
        harness.feed(Self.packet(1, Array(body.dropFirst(504)), number: 2), from: .originator)
        #expect(Self.queries(harness) == ["select 1", statement])
        #expect(harness.failure == nil)
        let other = Self.packet(1, Array(body.prefix(504)), status: status | 0x20)
        #expect(TDSAnalyzer.probe(other.span.bytes, from: .originator) == .noMatch)
    }

    private static func text(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }

    /// ERROR 18456, section 2.2.7.10: number, state, class, words, server, procedure and line.
    private static func refused(_ words: String) -> [UInt8] {
        let body = Wire.join(
            Wire.hex("18480000 01 0e"), [UInt8(words.utf16.count), 0], text(words), [3], text("srv"),
            Wire.hex("00 01000000"))
        return [0xAA, UInt8(body.count), 0] + body + done
    }

    /// ENVCHANGE 1, section 2.2.7.9: the database.
    private static let changed = Wire.join([0xE3, 0x1B, 0, 1, 6], text("master"), [6], text("master")) + accepted

    /// The server's side alone tells which logins it refused, also in other languages.
    @Test(
        arguments: ["Login failed for user 'sa'.", "ユーザー 'sa' はログインできませんでした。"],
        [Side.responder, .originator])
    func refusedLoginsAreToldByTheServerAlone(words: String, side: Side) {
        let answer = Self.packet(4, Self.refused(words))
        for length in 0..<answer.count {
            let beginning = Array(answer.prefix(length))
            #expect(TDSAnalyzer.probe(beginning.span.bytes, from: side) == .noMatch)
        }
        #expect(TDSAnalyzer.probe(answer.span.bytes, from: side) == .match)
        var harness = AnalyzerHarness(TDSAnalyzer.self, responderPort: 1433)
        harness.feed(answer, from: side)
        harness.finish()
        let found = harness.records(TDSRecord.kind)
        #expect(found.map { $0[Records.tds.success] } == [false])
        #expect(found.map { $0[Records.tds.error] } == ["18456: \(words)"])
        #expect(harness.failure == nil)
    }

    @Test func otherAnswersAreRecognisedByThemselves() {
        // Of a prelogin (section 2.2.6.5): a version and the encryption.
        let prelogin = Wire.hex("00 000b 0006 01 0011 0001 ff 0f0010000000 02")
        for body in [Self.changed, Self.accepted, Self.done, prelogin] {
            let answer = Self.packet(4, body)
            #expect(TDSAnalyzer.probe(answer.span.bytes, from: .responder) == .match)
            // Rows that go on, and others that only begin alike.
            let isGoingOn = Self.packet(4, body, status: 0)
            #expect(TDSAnalyzer.probe(isGoingOn.span.bytes, from: .responder) == .noMatch)
            let isLonger = answer + [0]
            #expect(TDSAnalyzer.probe(isLonger.span.bytes, from: .responder) == .noMatch)
        }
        for body in [
            "aa0c00 18480000 01 0e ff00 00 00 0000", "ad0a00 01 74000004 01 10000000", "fd4000 0000 0000000000000000",
        ] {
            let other = Self.packet(4, Wire.hex(body))
            #expect(TDSAnalyzer.probe(other.span.bytes, from: .responder) == .noMatch)
        }
    }

    // MARK: Session Multiplex Protocol ([MC-SMP] section 2.2.1)

    /// "SMID", flags, session, length with this head, number and window.
    private static func session(_ flags: UInt8, _ session: UInt8, _ content: [UInt8] = []) -> [UInt8] {
        let count = content.count + 16
        return [0x53, flags, session, 0, UInt8(count & 0xFF), UInt8(count >> 8), 0, 0, 1, 0, 0, 0, 4, 0, 0, 0] + content
    }

    /// Two sessions whose long statements come by turns, and one that answers meanwhile; cut at every length.
    @Test(arguments: [1, 7, 300, 5000]) func sessionsShareAConnection(segment: Int) {
        let long = ["a", "b"].map { Self.batch("select '\($0)\(String(repeating: $0, count: 600))'") }
        let client = Wire.join(
            Self.session(1, 0), Self.session(8, 0, Self.packet(1, Self.batch("select 0"))), Self.session(1, 1),
            Self.session(8, 0, Self.packet(1, Array(long[0].prefix(800)), status: 0)),
            Self.session(8, 1, Self.packet(1, Array(long[1].prefix(900)), status: 0)),
            Self.session(8, 2, Self.packet(1, Self.batch("select 2"))), Self.session(2, 0),
            Self.session(8, 1, Self.packet(1, Array(long[1].dropFirst(900)), number: 2)),
            Self.session(8, 0, Self.packet(1, Array(long[0].dropFirst(800)), number: 2)), Self.session(4, 1),
            // The rest of a message whose beginning was not seen.
            Self.session(8, 3, Self.packet(1, Self.batch("select 3"), number: 2)))
        var harness = AnalyzerHarness(TDSAnalyzer.self, responderPort: 1433)
        harness.feed(Self.packet(4, Self.accepted), from: .responder)
        for start in stride(from: 0, to: client.count, by: segment) {
            harness.feed(Array(client[start..<min(start + segment, client.count)]), from: .originator)
        }
        harness.feed(Self.session(8, 0, Self.packet(4, Self.done)), from: .responder)
        harness.finish()
        let expected: [String?] = [
            "select 0", "select 2", "select 'b\(String(repeating: "b", count: 600))'",
            "select 'a\(String(repeating: "a", count: 600))'",
        ]
        #expect(Self.queries(harness) == expected)
        #expect(harness.failure == nil)
        #expect(harness.records(TDSRecord.kind).last?[Records.tds.success] == true)
    }

    /// However many sessions begin a message, few wait.
    @Test func unfinishedSessionsAreBounded() {
        var harness = AnalyzerHarness(TDSAnalyzer.self, responderPort: 1433)
        harness.feed(Self.packet(4, Self.accepted), from: .responder)
        let part = Self.packet(1, Self.batch(String(repeating: "a", count: 10_000)), status: 0)
        for number in 0..<200 as Range<UInt8> { harness.feed(Self.session(8, number, part), from: .originator) }
        #expect(harness.failure == nil)
        #expect(harness.analyzer.heldBytes < 512 << 10)
    }

    /// Behind a loss a session's message is found again.
    @Test func sessionsGoOnBehindALoss() {
        let ask = Self.session(8, 0, Self.packet(1, Self.batch("select 1")))
        var harness = AnalyzerHarness(TDSAnalyzer.self, responderPort: 1433)
        harness.feed(ask, from: .originator)
        harness.lose(500, from: .originator)
        harness.feed([UInt8](repeating: 0x53, count: 100), from: .originator)
        harness.feed(Self.session(2, 0), from: .originator)
        harness.feed(ask, from: .originator)
        #expect(Self.queries(harness) == ["select 1", "select 1"])
        #expect(harness.failure == nil)
    }

    @Test(arguments: ["53 08 0000 0f000000", "53 08 0000 ffff0000", "53 01 0000 11000000", "53 03 0000 10000000"])
    func whatIsNoSessionIsAnError(head: String) {
        var harness = AnalyzerHarness(TDSAnalyzer.self, responderPort: 1433)
        harness.feed(Wire.hex(head), from: .originator)
        #expect(harness.failure == .invalid(.length))
    }
}
