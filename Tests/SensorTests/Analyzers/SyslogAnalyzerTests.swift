import Shared
import Testing

@testable import Sensor

@Suite struct SyslogAnalyzerTests {
    static func told(_ harness: AnalyzerHarness) -> [[String?]] {
        harness.records(SyslogRecord.kind).map {
            [
                $0[Records.syslog.proto], $0[Records.syslog.facility], $0[Records.syslog.severity],
                $0[Records.syslog.message],
            ]
        }
    }

    /// RFC 3164 section 4.3.3: a message without priority is one all the same, where syslog is expected.
    @Test func withoutPriorityTheWholeDatagramIsTheMessage() {
        var harness = AnalyzerHarness(SyslogAnalyzer.self, transport: .udp, responderPort: 514)
        harness.feed("This is not really a syslog message", from: .originator)
        harness.feed("<999>too much", from: .originator)
        #expect(
            Self.told(harness) == [
                ["udp", "UNSPECIFIED", "UNSPECIFIED", "This is not really a syslog message"],
                ["udp", "UNSPECIFIED", "UNSPECIFIED", "<999>too much"],
            ])
        var other = AnalyzerHarness(SyslogAnalyzer.self, transport: .udp, responderPort: 5000)
        other.feed("This is not really a syslog message", from: .originator)
        #expect(Self.told(other).isEmpty)
    }

    /// Datagrams stand alone (RFC 5426 section 3.1): the rest of a message that was cut in two ends nothing.
    @Test func datagramsWithoutPriorityEndNothing() {
        var harness = AnalyzerHarness(SyslogAnalyzer.self, transport: .udp, responderPort: 1514)
        for number in 0..<100 {
            harness.feed("<13>message \(number)", from: .originator)
            harness.feed("  at com.example.Foo(Foo.java:7)", from: .originator)
        }
        #expect(Self.told(harness).map { $0[3] } == (0..<100).map { "message \($0)" })
        #expect(!harness.isOver)
        for _ in 0..<64 { harness.feed("another protocol", from: .originator) }
        #expect(harness.isHandedOver)
    }

    /// What a stream tells that comes in pieces of one size.
    private static func told(stream: [UInt8], inPiecesOf size: Int) -> [[String?]] {
        #expect(SyslogAnalyzer.probe(stream.span.bytes, from: .originator) == .match)
        var harness = AnalyzerHarness(SyslogAnalyzer.self, responderPort: 514)
        for start in stride(from: 0, to: stream.count, by: size) {
            harness.feed(Array(stream[start..<min(start + size, stream.count)]), from: .originator)
        }
        harness.finish()
        return told(harness)
    }

    /// RFC 6587 section 3.4.2: a message ends with its line; the last one may with the connection.
    @Test(arguments: [1, 7, 4096]) func linesOfAStreamAreMessages(size: Int) {
        let text = Array("<13>Oct 11 22:14:15 m su: one \n<14>two\r\n\nno priority\n<15>three".utf8)
        #expect(
            Self.told(stream: text, inPiecesOf: size) == [
                ["tcp", "USER", "NOTICE", "Oct 11 22:14:15 m su: one "], ["tcp", "USER", "INFO", "two"],
                ["tcp", "UNSPECIFIED", "UNSPECIFIED", "no priority"], ["tcp", "USER", "DEBUG", "three"],
            ])
    }

    /// RFC 6587 section 3.4.1: a message has its length in front, and may have lines.
    @Test(arguments: [1, 7, 4096]) func lengthsOfAStreamEndMessages(size: Int) {
        let text = Array("12 <13>one\nmore8 <14>two\n11 <15>endless".utf8)
        #expect(
            Self.told(stream: text, inPiecesOf: size) == [
                ["tcp", "USER", "NOTICE", "one\\x0amore"], ["tcp", "USER", "INFO", "two"],
                ["tcp", "USER", "DEBUG", "endless"],
            ])
    }

    /// RFC 5424 section 6.1: a receiver may cut what is longer than 2048 bytes.
    @Test(arguments: [1, 7, 1400, 8192, 40_000]) func ofAVeryLongLineTheBeginningIsTold(size: Int) {
        let long = String(repeating: "x", count: 20_000)
        for end in ["\n", "\n\n<14>two\n"] {
            let text = Array("<13>one\n<13>\(long)\(end)<15>three\n<13>\(long)".utf8)
            let found = Self.told(stream: text, inPiecesOf: size).map { $0[3] }
            let cut = String(long.prefix(2048))
            #expect(found == (end == "\n" ? ["one", cut, "three", cut] : ["one", cut, "two", "three", cut]))
        }
    }

    @Test func aLineWithoutEndTakesBoundedMemory() {
        var harness = AnalyzerHarness(SyslogAnalyzer.self, responderPort: 514)
        for _ in 0..<1000 {
            harness.feed("<13>" + String(repeating: "x", count: 1000), from: .originator)
            #expect(harness.analyzer.heldBytes < 32 << 10)
        }
        harness.lose(5000, from: .originator)
        harness.feed("the rest\n<13>hidden\n", from: .originator)
        harness.feed("<13>after\n", from: .originator)
        harness.finish()
        #expect(Self.told(harness).count == 2)
        #expect(Self.told(harness).last?[3] == "after")
    }

    @Test(arguments: ["GET / HTTP/1.0\r\n", "12 x", "0 <13>x", "<>x", "<192>x", "12345678 <13>x"])
    func othersAreNotTaken(text: String) {
        let payload = Array(text.utf8)
        #expect(SyslogAnalyzer.probe(payload.span.bytes, from: .originator) == .noMatch)
    }
}
