import Shared
import Testing

@testable import Sensor

@Suite struct IEC104AnalyzerTests {
    /// A measured value of station 47, sent periodically.
    private static let report = Wire.hex("6812 0a000400 0d 81 01 00 2f00 0b0000 00004841 00")

    @Test func reportsThatAreAlikeAreSummedUpForFiveMinutes() throws {
        var harness = AnalyzerHarness(IEC104Analyzer.self, responderPort: 2404)
        harness.feed(Self.report + Self.report, from: .responder)
        #expect(harness.records(IEC104Record.kind).isEmpty)
        harness.sink.now = harness.sink.now + .minutes(6)
        harness.feed(Self.report, from: .responder)
        let sum = try #require(harness.records(IEC104Record.kind).first)
        #expect(sum[Records.iec104.asduCount] == 2)
        harness.finish()
        #expect(harness.records(IEC104Record.kind).count == 2)
    }

    @Test func aRefusedCommandIsToldAtOnce() throws {
        var harness = AnalyzerHarness(IEC104Analyzer.self, responderPort: 2404)
        harness.feed(Wire.hex("680e 10000600 2d 01 47 00 2f00 150000 01"), from: .responder)
        let record = try #require(harness.records(IEC104Record.kind).first)
        #expect(record[Records.iec104.asduType] == "C_SC_NA_1")
        #expect(record[Records.iec104.isNegative] == true)
        #expect(record[Records.iec104.command] == "on")
    }

    @Test func aUnitWhoseLengthDoesNotFitItsTypeIsNotRecognised() {
        #expect(IEC104Analyzer.probe(Self.report.span.bytes, from: .responder) == .match)
        let short = Wire.hex("6811 0a000400 0d 81 01 00 2f00 0b0000 00004841")
        #expect(IEC104Analyzer.probe(short.span.bytes, from: .responder) == .noMatch)
    }
}
