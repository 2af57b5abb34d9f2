import Shared
import Testing

@testable import Sensor

@Suite struct COTPAnalyzerTests {
    private static let request = Wire.hex("03000016 11 e0 0000 0007 00 c1020100 c2020102 c0010a")

    @Test func aRequestWithBothSelectorsIsRecognised() {
        #expect(COTPAnalyzer.probe(Self.request.span.bytes, from: .originator) == .match)
    }

    /// A remote desktop's request: a cookie, or a negotiation, and no selectors.
    @Test(arguments: [
        "0300002f 2a e0 0000 0000 00 436f6f6b69653a206d737473686173683d61646d696e0d0a 0100080003000000",
        "03000013 0e e0 0000 0000 00 0100080003000000", "0300000b 06 e0 0000 0000 00",
    ]) func aRemoteDesktopIsNotRecognised(hex: String) {
        let bytes = Wire.hex(hex)
        #expect(COTPAnalyzer.probe(bytes.span.bytes, from: .originator) == .noMatch)
    }

    @Test func dataIsRecognisedByWhatItHolds() {
        let s7 = Wire.hex("0300000702f000 03000019 02f080 32010000 0200 0008 0000 f0000001000101e0")
        #expect(COTPAnalyzer.probe(s7.span.bytes, from: .originator) == .match)
        let desktop = Wire.hex("03000019 02f080 7f65820100 0401010401010101ff3019020122")
        #expect(COTPAnalyzer.probe(desktop.span.bytes, from: .originator) == .noMatch)
    }

    @Test func theNewerProtocolIsTold() throws {
        var harness = AnalyzerHarness(COTPAnalyzer.self, responderPort: 102)
        harness.feed(
            Wire.hex("0300001d 02f080 7201 000e 31 0000 04ca 0000 0001 00000120 36 72010000"), from: .originator)
        let plus = Records.s7commPlus
        let record = try #require(harness.records(S7CommPlusRecord.kind).first)
        #expect(record[plus.version] == 1)
        #expect(record[plus.opcodeName] == "Request")
        #expect(record[plus.functionCode] == "0x04ca")
        #expect(record[plus.functionName] == "Create Object")
        #expect(harness.sink.foundServices.map { "\($0)" } == ["s7comm-plus"])
    }

    @Test func aStopOfTheControllerIsTold() throws {
        var harness = AnalyzerHarness(COTPAnalyzer.self, responderPort: 102)
        harness.feed(
            Wire.hex("03000021 02f080 32010000 0500 0010 0000 290000000000 09 505f50524f4752414d"), from: .originator)
        let record = try #require(harness.records(S7CommRecord.kind).first)
        #expect(record[Records.s7comm.functionName] == "PLC Stop")
    }
}
