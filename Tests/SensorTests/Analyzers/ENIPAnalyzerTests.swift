import Shared
import Testing

@testable import Sensor

@Suite struct ENIPAnalyzerTests {
    @Test func aListOfIdentitiesIsRecognisedInBothDirections() {
        let request = Wire.hex("6300 0000 00000000 00000000 0102030405060708 00000000")
        #expect(ENIPAnalyzer.probe(request.span.bytes, from: .originator) == .match)
        let zeros = [UInt8](repeating: 0, count: 24)
        #expect(ENIPAnalyzer.probe(zeros.span.bytes, from: .originator) == .noMatch)
    }

    @Test func cyclicDataIsRecognisedAndWritesNothing() {
        let data = Wire.hex("0200 0280 0800 0a000100 2a000000 b100 0400 01000000")
        #expect(ENIPAnalyzer.probe(data.span.bytes, from: .responder) == .match)
        var harness = AnalyzerHarness(ENIPAnalyzer.self, transport: .udp, responderPort: 2222)
        harness.feed(data, from: .originator)
        #expect(harness.failure == nil)
        #expect(harness.sink.batch.recordCount == 0)
    }

    /// A connected packet of two services, whose answers say that one attribute does not exist.
    @Test func anAnswerOfSeveralServicesIsToldOneByOne() throws {
        var harness = AnalyzerHarness(ENIPAnalyzer.self, responderPort: 44_818)
        let answer = Wire.hex("8a000000 0200 0600 0a00 8e000000 8e001400")
        harness.feed(
            Wire.hex("7000 2800 01000000 00000000 0000000000000000 00000000 00000000 0000 0200 a100 0400 11223344")
                + Wire.hex("b100 1400 0700") + answer, from: .responder)
        let records = harness.records(CIPRecord.kind)
        try #require(records.count == 3)
        #expect(records[0][Records.cip.service] == "Multiple Service Packet")
        #expect(records.map { $0[Records.cip.sequenceCount] } == [7, 7, 7])
        #expect(records[1][Records.cip.status] == "Success")
        #expect(records[2][Records.cip.status] == "Attribute Not Supported")
    }
}
