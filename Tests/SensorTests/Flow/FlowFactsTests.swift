import Shared
import Testing

@testable import Sensor

/// What connections show without being understood. Byte values are those of the protocols' specifications.
@Suite struct FlowFactsTests {
    private static let start = Timestamp(nanoseconds: 1_700_000_000_000_000_000)

    /// A TCP header with options, of 10.0.0.1:1000 to 10.0.0.2:80 or back.
    private static func segment(
        _ flags: UInt8, options: [UInt8] = [], data: [UInt8] = [], back: Bool = false, hopLimit: UInt8 = 64,
        sequence: UInt32 = 1
    ) -> [UInt8] {
        var tcp = PacketBytes.tcp(
            from: back ? 80 : 1000, to: back ? 1000 : 80, sequence: sequence, acknowledgement: 0, flags: flags, [])
        tcp[12] = UInt8((20 + options.count) / 4) << 4
        tcp += options + data
        var packet = PacketBytes.ipv4(
            6, from: [10, 0, 0, back ? 2 : 1], to: [10, 0, 0, back ? 1 : 2], tcp)
        packet[8] = hopLimit
        packet[6] = 0x40
        return packet
    }

    private static func conn(_ packets: [(Int64, [UInt8])]) throws -> RecordView {
        var engine = FlowEngine()
        for (micros, packet) in packets {
            packet.withUnsafeBytes {
                engine.process(
                    CapturedPacket(
                        time: start + Interval(nanoseconds: micros * 1000), linkType: .raw, bytes: $0,
                        wireLength: packet.count))
            }
        }
        engine.finish()
        let batch = engine.takeBatch()
        let index = try #require(batch.tables.firstIndex { $0.kind.name == "conn" })
        #expect(batch.tables[index].rowCount == 1)
        return RecordView(batch: batch, tableIndex: index, row: 0)
    }

    /// MSS 1460, SACK permitted, time stamps, padding, window scale 7: how Linux asks.
    private static let linux: [UInt8] = [
        2, 4, 5, 0xB4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7,
    ]
    /// MSS 1460, padding, window scale 8, padding twice, SACK permitted: how Windows asks.
    private static let windows: [UInt8] = [2, 4, 5, 0xB4, 1, 3, 3, 8, 1, 1, 4, 2]

    @Test func theHandshakeTellsBothRoundTrips() throws {
        let record = try Self.conn([
            (0, Self.segment(2)), (3000, Self.segment(0x12, back: true)), (3400, Self.segment(0x10, sequence: 2)),
        ])
        #expect(record[Records.conn.respRtt] == .milliseconds(3))
        #expect(record[Records.conn.origRtt] == Interval(nanoseconds: 400_000))
    }

    @Test func aSYNSentAgainMakesTheRoundTripUnknown() throws {
        let record = try Self.conn([
            (0, Self.segment(2)), (1_000_000, Self.segment(2)), (1_003_000, Self.segment(0x12, back: true)),
        ])
        #expect(record[Records.conn.respRtt] == nil)
    }

    @Test func theSYNTellsItsSystem() throws {
        let linux = try Self.conn([(0, Self.segment(2, options: Self.linux, hopLimit: 61))])
        #expect(linux[Records.conn.origSyn] == "61:1000:1460:7:MSTNW:D")
        #expect(linux[Records.conn.origOs] == "linux")
        let windows = try Self.conn([(0, Self.segment(2, options: Self.windows, hopLimit: 128))])
        #expect(windows[Records.conn.origSyn] == "128:1000:1460:8:MNWNNS:D")
        #expect(windows[Records.conn.origOs] == "windows")
        #expect(try Self.conn([(0, Self.segment(2))])[Records.conn.origOs] == "scanner")
    }

    @Test func brokenOptionsAreReadAsFarAsTheyGo() throws {
        let record = try Self.conn([(0, Self.segment(2, options: [2, 4, 5, 0xB4, 3, 40, 0, 0]))])
        #expect(record[Records.conn.origSyn] == "64:1000:1460:-:MW:D")
    }

    @Test func sizesSidesAndGapsOfTheFirstPacketsAreTold() throws {
        let record = try Self.conn([
            (0, Self.segment(0x18, data: [1, 2, 3], sequence: 5)),
            (2000, Self.segment(0x18, data: [9], back: true)),
            (2500, Self.segment(0x18, data: [4, 5], sequence: 8)),
        ])
        #expect(record[Records.conn.firstSizes] == [3, 1, 2])
        #expect(record[Records.conn.firstSides] == "oro")
        #expect(record[Records.conn.firstGaps] == [2_000_000, 500_000])
    }

    @Test func onePacketWithPayloadIsToldAlone() throws {
        let record = try Self.conn([(0, Self.segment(2)), (2000, Self.segment(0x18, data: [9, 8], back: true))])
        #expect(record[Records.conn.firstSizes] == [2])
        #expect(record[Records.conn.firstSides] == "r")
        #expect(record[Records.conn.firstGaps] == nil)
    }

    /// The first packet with payload is kept beside the others then: its delay does not fit into the flow.
    @Test(arguments: [2100, 2200] as [Int64])
    func theFirstPayloadMayComeLate(seconds: Int64) throws {
        // Keeping it open until then, the answerer acknowledges nothing new every minute.
        var packets = (0...seconds / 60).map { ($0 * 60_000_000, Self.segment(0x10, back: true)) }
        packets += [
            (seconds * 1_000_000, Self.segment(0x18, data: [1, 2, 3], sequence: 5)),
            (seconds * 1_000_000 + 700, Self.segment(0x18, data: [9], back: true)),
        ]
        let record = try Self.conn(packets)
        #expect(record[Records.conn.firstSizes] == [3, 1])
        #expect(record[Records.conn.firstSides] == "or")
        #expect(record[Records.conn.firstGaps] == [700_000])
    }

    @Test func aHistoryKeepsItsFirstEventsAndExchangesSides() {
        var history = FlowHistory()
        history.append(.flip)
        var times: UInt32 = 0
        var expected = "^"
        for event in [FlowHistory.Event.syn, .synAck, .ack, .data, .fin, .reset, .multiple, .inconsistent] {
            history.append(event, .originator)
            history.append(event, .responder)
        }
        expected += "SsHhAaDdFfRrQqIi"
        for _ in 0..<1000 { history.noteRepeated(.retransmission, .originator, times: &times) }
        expected += "TTTT"  // the first, the 10th, the 100th, the 1000th
        history.append(.gap, .responder)
        history.append(.zeroWindow, .originator)
        expected += "gW"
        #expect(history.text == expected)
        history.flip()
        #expect(history.text == "^^sShHaAdDfFrRqQiIttttGw")
        for _ in 0..<40 { history.append(.data, .originator) }
        #expect(history.text == "^^sShHaAdDfFrRqQiIttttGw" + String(repeating: "D", count: 12))
    }

    /// Its counts stay at their largest value: whoever goes on for ever ends nothing.
    @Test func whatRepeatsForEverIsNotedFiveTimes() {
        var history = FlowHistory()
        var times: UInt16 = 0
        for _ in 0..<70_000 { history.noteRepeated(.zeroWindow, .originator, times: &times) }
        #expect(history.text == "WWWWW")  // the first, the 10th, ... the 10,000th
        #expect(times == UInt16.max)
    }

    /// Bytes of a generator that passes tests of randomness (SplitMix64).
    private static let random: [UInt8] = {
        var state: UInt64 = 42
        return (0..<512).map { _ in
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return UInt8(truncatingIfNeeded: value ^ value >> 31)
        }
    }()

    private static func look(_ bytes: [UInt8]) -> PayloadLook { PayloadLook(bytes.span.bytes) }

    @Test func unknownPayloadIsDescribed() {
        #expect(Self.look(Self.random).kind == .encrypted)
        #expect(Self.look(Self.random).entropy > 7)
        #expect(Self.look(Array("one two three four five six seven eight".utf8)).kind == .printable)
        #expect(Self.look([UInt8](repeating: 0, count: 100)).kind == .zeros)
        let counting = (0..<200).map { UInt8($0 % 7 * 30) }
        #expect(Self.look(counting).kind == .binary)
        #expect(Self.look(Array(Self.random[..<20])).kind == .binary)
        #expect(Self.look([UInt8](repeating: 0x41, count: 64)).entropy == 0)
        #expect(Self.look([UInt8]()).kind == .unknown)
    }

    @Test func equalAddressesInTwoVirtualNetworksAreTwoConnections() {
        func carried(_ network: UInt8) -> [UInt8] {
            let inner = PacketBytes.ethernet(
                0x0800, PacketBytes.ipv4(17, PacketBytes.udp(from: 5000, to: 5001, [1, 2, 3, 4])))
            let vxlan: [UInt8] = [8, 0, 0, 0, 0, 0, network, 0] + inner
            return PacketBytes.ipv4(
                17, from: [192, 0, 2, 1], to: [192, 0, 2, 2], PacketBytes.udp(from: 40000, to: 4789, vxlan))
        }
        var engine = FlowEngine()
        for network in [UInt8(7), 8, 7] {
            let packet = carried(network)
            packet.withUnsafeBytes {
                engine.process(
                    CapturedPacket(time: Self.start, linkType: .raw, bytes: $0, wireLength: packet.count))
            }
        }
        // One outside, and one in each network.
        #expect(engine.flowCount == 3)
    }
}
