import Shared
import Testing

@testable import Sensor

@Suite struct DNP3AnalyzerTests {
    /// A master selects output 1, and the outstation answers (frames of a real exchange).
    private static let select = Wire.hex(
        "05641ac40200030040f2c6c7030c0128010001000301640000008fda6400000000005b")
    private static let answer = Wire.hex(
        "05641c44030002004b91fcc78100000c01280100010003016400" + "01a400006400000000005b")

    @Test func commandsAndTheirEchoesAreTold() throws {
        var harness = AnalyzerHarness(DNP3Analyzer.self, responderPort: 20_000)
        harness.feed(Self.select, from: .originator)
        harness.feed(Self.answer, from: .responder)
        let controls = harness.records(DNP3ControlRecord.kind)
        try #require(controls.count == 2)
        let control = Records.dnp3Control
        #expect(controls[0][control.functionCode] == "SELECT")
        #expect(controls[1][control.functionCode] == "RESPONSE")
        for record in controls {
            #expect(record[control.operationType] == "Latch On")
            #expect(record[control.statusCode] == "Success")
            #expect(record[control.indexNumber] == 1)
            #expect(record[control.onTime] == 100)
        }
    }

    @Test func aWrongChecksumOfAHeaderIsNotDNP3() {
        var bytes = Self.select
        #expect(DNP3Analyzer.probe(bytes.span.bytes, from: .originator) == .match)
        bytes[8] ^= 1
        #expect(DNP3Analyzer.probe(bytes.span.bytes, from: .originator) == .noMatch)
    }

    @Test func aWrongChecksumOfABlockEndsTheAnalysis() {
        var harness = AnalyzerHarness(DNP3Analyzer.self, responderPort: 20_000)
        var bytes = Self.select
        bytes[12] ^= 1
        harness.feed(bytes, from: .originator)
        #expect(harness.failure == .invalid(.encoding))
    }

    @Test func afterAHoleTheNextFrameIsFoundAgain() {
        var harness = AnalyzerHarness(DNP3Analyzer.self, responderPort: 20_000)
        harness.feed(Array(Self.select.prefix(20)), from: .originator)
        harness.lose(15, from: .originator)
        harness.feed(Self.select, from: .originator)
        harness.feed(Self.answer, from: .responder)
        #expect(harness.failure == nil)
        #expect(harness.records(DNP3Record.kind).count == 1)
    }
}
