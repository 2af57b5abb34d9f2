import Shared
import Testing

@testable import Sensor

@Suite struct RTPAnalyzerTests {
    /// A packet of RFC 3550 section 5.1 with one byte of payload.
    static func packet(
        _ sequence: UInt16, time: UInt32, type: UInt8 = 0, source: UInt32 = 0xCAFE_0001, first: UInt8 = 0x80
    ) -> [UInt8] {
        let words = [UInt32(first) << 24 | UInt32(type) << 16 | UInt32(sequence), time, source]
        return words.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) } } + [0x55]
    }

    private static func answer(_ packets: [[UInt8]]) -> ProbeResult {
        var held = HeldPayload()
        for packet in packets {
            guard RTPAnalyzer.probe(packet.span.bytes, from: .originator) == .needMore else { continue }
            held.append(datagram: packet.span.bytes, from: .originator, at: .distantPast)
        }
        return RTPAnalyzer.probe(held, datagramsFrom: .originator)
    }

    @Test func fourPacketsInTheirOrderAreRTP() {
        let packets = (0..<4).map { Self.packet(65_534 &+ $0, time: UInt32.max &- 200 &+ 160 * UInt32($0)) }
        #expect(Self.answer(packets) == .match)
        #expect(Self.answer(Array(packets.prefix(3))) == .needMore)
    }

    /// Both directions of a mirror port show each packet.
    @Test func packetsThatComeTwiceAreRTP() {
        let packets = (0..<4).flatMap { index in
            [[UInt8]](repeating: Self.packet(7 + index, time: 160 * UInt32(index)), count: 2)
        }
        #expect(Self.answer(packets) == .match)
        #expect(Self.answer(Array(packets.prefix(6))) == .needMore)
    }

    @Test func sourcesThatTakeTurnsAreToldApart() {
        let packets = (0..<4).flatMap { index in
            [
                Self.packet(7 + index, time: 160 * UInt32(index)),
                Self.packet(900 + 2 * index, time: 3000 * UInt32(index), type: 96, source: 77),
            ]
        }
        #expect(Self.answer(packets) == .match)
    }

    /// How the headers of eight packets go on.
    struct Series: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var step: UInt16 = 1
        var ticks: UInt32 = 160
        var type: UInt8 = 0
        var source: UInt32 = 0xCAFE_0001
        var sourceStep: UInt32 = 0
        var first: UInt8 = 0x80
        var packets: [[UInt8]] {
            (0..<8).map { index in
                let count = UInt32(index)
                return packet(
                    UInt16(index) * step, time: count * ticks, type: type, source: source + count * sourceStep,
                    first: first)
            }
        }
    }

    /// Headers of other protocols are made of the same parts: flags, a type, counters, an identifier.
    static let others = [
        Series(testDescription: "a time that stands still", ticks: 0),
        Series(testDescription: "a counter for a time", ticks: 1),
        Series(testDescription: "a time that flies", ticks: 1 << 28),
        Series(testDescription: "a number that stands still", step: 0),
        Series(testDescription: "a number that jumps", step: 500),
        Series(testDescription: "a source for each", sourceStep: 1),
        Series(testDescription: "no source", source: 0),
        Series(testDescription: "version 1", first: 0x40),
        Series(testDescription: "sources that are not there", first: 0x8F),
        Series(testDescription: "a type of RTCP", type: 72),
        Series(testDescription: "a type without meaning", type: 30),
        Series(testDescription: "a type without meaning above those of video", type: 24),
    ]

    @Test(arguments: others) func likenessIsNotEnough(series: Series) {
        #expect(Self.answer(series.packets) != .match)
        #expect(Self.answer(Series(testDescription: "RTP").packets) == .match)
    }

    /// RFC 3551 section 3: where 96 to 127 are not enough, types below that have no meaning may be agreed on.
    @Test(arguments: [35, 63, 71, 77, 95, 96, 127]) func typesThatAreAgreedOnAreRTP(type: UInt8) {
        #expect(Self.answer(Series(testDescription: "agreed on", type: type).packets) == .match)
    }

    /// RFC 3550 section 5.1: the packets of a picture have one time. Of speech each has its own.
    @Test(arguments: [(UInt8(96), UInt32(7), true), (26, 7, true), (96, 0, false), (0, 7, false), (14, 7, false)])
    func aLongPictureIsRTP(type: UInt8, time: UInt32, isRTP: Bool) {
        let packets = (0..<8).map { Self.packet(65_532 &+ $0, time: time, type: type) }
        #expect((Self.answer(packets) == .match) == isRTP)
        #expect(Self.answer(Array(packets.prefix(7))) == .needMore)
        var others = packets
        others[3] = Self.packet(65_533, time: time, type: type)
        #expect(Self.answer(others) != .match)
        others[3] = Self.packet(65_535, time: time, type: 97)
        #expect(Self.answer(others) != .match)
    }

    /// A type below 96 has the name that the call has agreed on.
    @Test(arguments: [(UInt8(63), "red"), (45, "dynamic")])
    func lowTypesHaveTheNamesOfTheCall(type: UInt8, codec: String) {
        var harness = Self.harness()
        let format = MediaDescription.Format(payloadType: 63, codec: "red", clockRate: 48_000)
        harness.sink.memories.media.agree(
            .init(formats: [format], call: "c"),
            for: .init(address: harness.sink.connection.responder, port: harness.sink.connection.responderPort))
        for index: UInt16 in 0..<4 {
            harness.feed(Self.packet(index, time: 960 * UInt32(index), type: type), from: .originator)
        }
        harness.finish()
        #expect(harness.records(RTPRecord.kind).map { $0[Records.rtp.codec] } == [codec])
    }

    private static func harness() -> AnalyzerHarness {
        AnalyzerHarness(RTPAnalyzer.self, transport: .udp, responderPort: 6000)
    }

    @Test func lossesAndLatenessAreCounted() throws {
        var harness = Self.harness()
        for number: UInt16 in [65_533, 65_534, 2, 1, 1, 4] {
            harness.feed(Self.packet(number, time: 160 * UInt32(number), type: 8), from: .responder)
        }
        harness.finish()
        let record = try #require(harness.records(RTPRecord.kind).first)
        let rtp = Records.rtp
        #expect(record[rtp.isFromOriginator] == false)
        #expect(record[rtp.ssrc] == 0xCAFE_0001)
        #expect(record[rtp.payloadType] == 8)
        #expect(record[rtp.codec] == "PCMA")
        #expect(record[rtp.clockRate] == 8000)
        #expect(record[rtp.packets] == 6)
        // Of the eight from 65,533 to 4, six came, one of them twice: as RFC 3550 reckons, two lack.
        #expect(record[rtp.lost] == 2)
        #expect(record[rtp.late] == 2)
    }

    /// The harness lets a millisecond pass: 8 ticks of the clock. The fourth comes 16 milliseconds after its turn.
    @Test func jitterIsWhatRFC3550Says() throws {
        var harness = Self.harness()
        for (index, time) in [UInt32(0), 8, 16, 24].enumerated() {
            if index == 3 { harness.sink.now = harness.sink.now + .milliseconds(16) }
            harness.feed(Self.packet(UInt16(index), time: time), from: .originator)
        }
        harness.finish()
        let record = try #require(harness.records(RTPRecord.kind).first)
        #expect(record[Records.rtp.jitter] == .milliseconds(1))
        #expect(record[Records.rtp.duration] == .milliseconds(19))
    }

    @Test(arguments: [(UInt32(48), UInt64(48_000)), (90, 90_000), (61, nil)])
    func aClockThatWasAgreedOnIsMeasured(ticks: UInt32, clock: UInt64?) throws {
        var harness = Self.harness()
        for index: UInt32 in 0..<60 {
            harness.sink.now = harness.sink.now + .milliseconds(19)
            harness.feed(Self.packet(UInt16(index), time: index * 20 * ticks, type: 111), from: .originator)
        }
        harness.finish()
        let record = try #require(harness.records(RTPRecord.kind).first)
        #expect(record[Records.rtp.clockRate] == clock)
        #expect(record[Records.rtp.codec] == "dynamic")
        #expect((record[Records.rtp.jitter] == nil) == (clock == nil))
    }

    @Test func aSequenceThatBeginsAnewIsNoLoss() throws {
        var harness = Self.harness()
        for number: UInt16 in [1, 2, 3, 30_000, 30_001, 30_002] {
            harness.feed(Self.packet(number, time: 160 * UInt32(number)), from: .originator)
        }
        harness.finish()
        let record = try #require(harness.records(RTPRecord.kind).first)
        #expect(record[Records.rtp.packets] == 6)
        #expect(record[Records.rtp.lost] == 0)
    }

    @Test func whatSharesThePortIsToldAsWell() {
        var harness = Self.harness()
        harness.feed(VoiceAnalyzerTests.stunResponse, from: .responder)
        harness.feed([0x81, 201, 0, 7] + [UInt8](repeating: 9, count: 30), from: .originator)
        #expect(harness.sink.foundServices.map(\.description) == ["stun", "rtcp"])
        #expect(harness.records(STUNRecord.kind).count == 1)
        #expect(!harness.isOver)
    }

    @Test func manySourcesTakeBoundedMemory() {
        var harness = Self.harness()
        for source: UInt32 in 1...5000 {
            for number: UInt16 in 0..<4 {
                harness.feed(Self.packet(number, time: 160 * UInt32(number), source: source), from: .originator)
            }
        }
        harness.finish()
        #expect(harness.records(RTPRecord.kind).count == 32)
    }

    @Test func anotherProtocolGetsTheConnection() {
        var harness = Self.harness()
        for _ in 0..<64 { harness.feed([0x45, 1, 2, 3], from: .originator) }
        #expect(harness.isOver)
    }
}
