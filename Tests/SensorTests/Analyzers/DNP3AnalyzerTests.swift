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

    /// IEEE 1815-2012 section 9.2: a header and one block of up to 16 bytes, each with its checksum.
    private static func frame(_ data: [UInt8], from source: UInt8, to station: UInt8) -> [UInt8] {
        let high: UInt8 = station == 0xFF ? 0xFF : 0
        let head = [0x05, 0x64, UInt8(data.count + 5), 0xC4, station, high, source, 0]
        return head + checksum(head) + data + checksum(data)
    }

    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        var value: UInt16 = 0
        for byte in bytes {
            value ^= UInt16(byte)
            for _ in 0..<8 { value = value & 1 != 0 ? (value >> 1) ^ 0xA6BC : value >> 1 }
        }
        return [UInt8(~value & 0xFF), UInt8(~value >> 8)]
    }

    /// A request of one segment (section 8.2), with its number (section 4.2.2.4).
    private static func request(_ function: UInt8, number: UInt8, to station: UInt8 = 4) -> [UInt8] {
        frame([0xC0, 0xC0 | number, function], from: 3, to: station)
    }

    private static func response(_ number: UInt8) -> [UInt8] {
        frame([0xC0, 0xC0 | number, 0x81, 0, 0], from: 4, to: 3)
    }

    private static func exchanges(_ harness: AnalyzerHarness) -> [[String?]] {
        harness.records(DNP3Record.kind).map { [$0[Records.dnp3.fcRequest], $0[Records.dnp3.fcReply]] }
    }

    /// What goes to all stations, or asks for no reply, is never answered (section 4.2.2.5): the next request hides it
    /// no more than its own repetition tells it twice. A confirmation alone is no request.
    @Test(arguments: [1, 10, 1000]) func requestsWithoutAnswersAreTold(size: Int) {
        let requests = Wire.join(
            Self.request(0x0D, number: 1, to: 0xFF), Self.request(0x12, number: 2, to: 0xFF),
            Self.request(0x12, number: 2, to: 0xFF), Self.request(0x12, number: 3, to: 0xFF),
            Self.request(0x12, number: 3), Self.request(0x06, number: 4), Self.request(0x00, number: 5),
            Self.request(0x01, number: 6))
        var harness = AnalyzerHarness(DNP3Analyzer.self, responderPort: 20_000)
        for start in stride(from: 0, to: requests.count, by: size) {
            harness.feed(Array(requests[start..<min(start + size, requests.count)]), from: .originator)
        }
        harness.feed(Self.response(6), from: .responder)
        harness.feed(Self.request(0x0E, number: 7, to: 0xFF), from: .originator)
        harness.finish()
        #expect(
            Self.exchanges(harness) == [
                ["COLD_RESTART", nil], ["STOP_APPL", nil], ["STOP_APPL", nil], ["STOP_APPL", nil],
                ["DIRECT_OPERATE_NR", nil], ["READ", "RESPONSE"], ["WARM_RESTART", nil],
            ])
        #expect(harness.failure == nil)
    }

    /// The master's side alone.
    @Test func aSelectIsNotHiddenByItsOperate() {
        var harness = AnalyzerHarness(DNP3Analyzer.self, responderPort: 20_000)
        harness.feed(Self.select, from: .originator)
        harness.feed(Self.request(0x04, number: 8), from: .originator)
        harness.finish()
        #expect(Self.exchanges(harness) == [["SELECT", nil], ["OPERATE", nil]])
    }
}
