import Shared
import Testing

@testable import Sensor

/// Connections over UDP of which the first datagrams are nobody's.
@Suite struct LateProbeTests {
    /// What is told of a connection whose datagrams are others' up to a number, then a few that are recognised
    /// together.
    private static func records(others: Int, then count: Int) -> [RecordView] {
        var talk = PacketScript()
        for _ in 0..<others { talk.datagram(.originator, "no") }
        for _ in 0..<count { talk.datagram(.originator, "D") }
        return talk.end()
    }

    /// They are looked at again each time that their number has doubled, as many as are held to decide by several.
    @Test(arguments: [(128, true), (256, true), (1024, true), (134, false), (200, false), (500, false)])
    func aConnectionIsLookedAtAgain(number: Int, isSeen: Bool) throws {
        let records = Self.records(others: number - 1, then: 4)
        let conn = try #require(records.of("conn").first)
        #expect(conn[Records.conn.service] == (isSeen ? ["series"] : nil))
    }

    /// However many there are, chance has few tries, and nothing waits between them.
    @Test func fewAreLookedAt() throws {
        var talk = PacketScript()
        var seen = 0
        for _ in 0..<5000 {
            talk.datagram(.originator, "D!")
            let held = try #require(talk.engine.analyses.first??.held)
            if !held.pieces.isEmpty { seen += 1 }
        }
        // Of 64, and of 8 each at 128, 256, 512, 1024, 2048 and 4096; the eighth of each is forgotten with the others.
        #expect(seen == (64 + 6 * 8) * 7 / 8)
        #expect(talk.end().of("conn").first?[Records.conn.service] == nil)
    }

    /// RFC 3948 section 2.2: four zeros, where the index of ESP is not zero, mark a message of IKE. One without
    /// payloads (RFC 7296 section 3.1) asks whether the other end is alive.
    @Test func theMarkerOfIKEIsSeenBehindOthers() throws {
        let message = Wire.join(
            Wire.hex("00000000 0102030405060708 1112131415161718 00 20 25 08 00000005 0000001c"))
        var talk = PacketScript(analyzers: AnalyzerRegistry.all)
        for number in 0..<200 {
            let datagram =
                number == 180
                ? message
                : Wire.join(Wire.hex("c1234567 000000"), [UInt8(number)], [UInt8](repeating: 0x5A, count: 57))
            talk.send(PacketBytes.ipv4(17, PacketBytes.udp(from: 4500, to: 4500, datagram)))
        }
        let records = talk.end()
        #expect(records.of("ipsec").map { $0[Records.ipsec.exchangeType] } == [37])
        #expect(records.of("conn").first?[Records.conn.service] == ["ipsec"])
    }

    /// RFC 4303 section 2: index, number, whole words; reserved indices, another port, numbers that stand still and
    /// pieces of words are others'.
    @Test(arguments: [
        (4500, "c1234567", 1, 56, true), (4500, "80600001", 3, 32, true), (4500, "48111111", 1, 56, true),
        (4500, "c1234567", 0, 56, false), (4500, "c1234567", 100, 56, false), (4500, "000000ff", 1, 56, false),
        (4500, "c1234567", 1, 55, false), (4501, "c1234567", 1, 56, false),
    ])
    func theMiddleOfESPIsNamed(port: Int, index: String, step: UInt8, length: Int, isKnown: Bool) throws {
        var talk = PacketScript(analyzers: AnalyzerRegistry.all)
        for number in 0..<4 as Range<UInt8> {
            let datagram = Wire.join(
                Wire.hex(index), [0, 0, 1, 5 &+ number &* step], [UInt8](repeating: 0x5A, count: length))
            talk.send(PacketBytes.ipv4(17, PacketBytes.udp(from: port, to: port, datagram)))
            talk.send(PacketBytes.ipv4(17, PacketBytes.udp(from: port, to: port, [0xFF])))
        }
        #expect(talk.end().of("conn").first?[Records.conn.service] == (isKnown ? ["ipsec"] : nil))
    }

    /// OpenVPN, "Data channel packets": opcode 9 and key, the peer in three bytes, a number that counts.
    @Test(arguments: [(0x48, 1, true), (0x4A, 3, true), (0x48, 0, false), (0x48, 100, false), (0x38, 1, false)])
    func theMiddleOfAnOpenVPNIsNamed(first: UInt8, step: UInt8, isKnown: Bool) throws {
        var talk = PacketScript(analyzers: [OpenVPNAnalyzer.self])
        for number in 0..<4 as Range<UInt8> {
            let datagram = Wire.join(
                [first, 0, 0, 7, 0, 0, 1, 5 &+ number &* step], [UInt8](repeating: 0x5A, count: 40))
            talk.send(PacketBytes.ipv4(17, PacketBytes.udp(from: 40_000, to: 1194, datagram)))
        }
        #expect(talk.end().of("conn").first?[Records.conn.service] == (isKnown ? ["openvpn"] : nil))
    }
}
