import Shared
import Testing

@testable import Sensor

@Suite struct NTPAnalyzerTests {
    static func harness() -> AnalyzerHarness {
        AnalyzerHarness(NTPAnalyzer.self, transport: .udp, responderPort: 123)
    }

    /// RFC 5905 section 7.3: a client knows nothing but when it asks. Zeek tells zeros as they are.
    @Test func whatAClientDoesNotKnowIsZero() throws {
        var harness = Self.harness()
        harness.feed(
            Wire.join(Wire.hex("23 00 08 00"), [UInt8](repeating: 0, count: 36), Wire.hex("E8000000 00000000")),
            from: .originator)
        let record = try #require(harness.records(NTPRecord.kind).first)
        let zero = Timestamp(nanoseconds: 0)
        #expect(record[Records.ntp.refId] == "\\x00\\x00\\x00\\x00")
        #expect(record[Records.ntp.refTime] == zero)
        #expect(record[Records.ntp.orgTime] == zero)
        #expect(record[Records.ntp.recTime] == zero)
        // 0xE8000000 seconds since 1900, of which 1970 is 2,208,988,800 (figure 4).
        #expect(record[Records.ntp.xmtTime] == Timestamp(nanoseconds: 1_683_325_312 * 1_000_000_000))
    }

    /// A client that tells nothing of its clock, as draft-ietf-ntp-data-minimization section 4 has it.
    @Test func aClientThatKeepsItsPrecisionIsKnown() throws {
        var harness = Self.harness()
        let message = Wire.join(
            Wire.hex("23 00 06 20"), [UInt8](repeating: 0, count: 36), Wire.hex("7851EFE6 FD45F3C9"))
        let probed = NTPAnalyzer.probe(message.span.bytes, from: .originator)
        #expect(probed == .match)
        harness.feed(message, from: .originator)
        let record = try #require(harness.records(NTPRecord.kind).first)
        #expect(record[Records.ntp.mode] == 3)
        // Two to the power of 32 (RFC 5905 section 7.3).
        #expect(record[Records.ntp.precision] == Interval(nanoseconds: 4_294_967_296 * 1_000_000_000))
    }

    /// RFC 5905 section 7.3: the time between questions is a signed power of two seconds.
    @Test(arguments: [(Int8(-7), true), (-2, true), (0, true), (17, true), (24, true), (-8, false), (25, false)])
    func questionsMayComeOften(poll: Int8, isKnown: Bool) {
        let message = Wire.join(
            [0x23, 0, UInt8(bitPattern: poll), 0xEC], [UInt8](repeating: 0, count: 36), Wire.hex("7851EFE6 FD45F3C9"))
        #expect((NTPAnalyzer.probe(message.span.bytes, from: .originator) == .match) == isKnown)
        guard poll == -2 else { return }
        var harness = Self.harness()
        harness.feed(message, from: .originator)
        #expect(harness.records(NTPRecord.kind).first?[Records.ntp.poll] == .milliseconds(250))
    }

    /// Modes 6 and 7 name the connection, and have no record.
    @Test(arguments: ["16 01 0001 0000 0000 0000 0000", "17 00 03 2a 00 00 00 00"])
    func controlMessagesTellNoTime(text: String) {
        var harness = Self.harness()
        let message = Wire.hex(text)
        #expect(NTPAnalyzer.probe(message.span.bytes, from: .originator) == .match)
        harness.feed(message, from: .originator)
        #expect(harness.failure == nil)
        #expect(!harness.isOver)
        #expect(harness.records(NTPRecord.kind).isEmpty)
    }
}
