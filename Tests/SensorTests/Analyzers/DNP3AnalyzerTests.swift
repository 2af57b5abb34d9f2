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

    /// A block whose checksum is wrong, and a master of a real capture that began its frames with 05 05.
    @Test(arguments: [
        select.enumerated().map { $0.offset == 12 ? $0.element ^ 1 : $0.element },
        Wire.hex("050511c40400030046a2c2c2143c02063c03063c0406d32f"),
    ])
    func whatIsNoFrameIsPassedOver(bytes: [UInt8]) {
        var harness = AnalyzerHarness(DNP3Analyzer.self, responderPort: 20_000)
        harness.feed(Self.select, from: .originator)
        harness.feed(bytes, from: .originator)
        harness.feed(bytes, from: .originator)
        harness.feed(Self.select, from: .originator)
        harness.feed(Self.answer, from: .responder)
        #expect(harness.failure == nil)
        #expect(harness.records(DNP3ControlRecord.kind).count == 3)
        #expect(harness.records(WeirdRecord.kind).map { $0[Records.weird.name] }.first == "dnp3_bad_frame")
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
