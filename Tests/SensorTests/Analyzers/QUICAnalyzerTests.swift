import Shared
import Testing

@testable import Sensor

/// QUIC beside the standard's versions: Google's own, and clients that force a negotiation.
@Suite struct QUICAnalyzerTests {
    /// A hello after "QUIC Crypto": tag, number of entries, each entry's tag and end, the values.
    private static func hello(_ server: String) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
        let padding = [UInt8](repeating: 0x2D, count: 600)
        let name = Array(server.utf8)
        let table =
            Array("PAD\0".utf8) + word(600) + Array("SNI\0".utf8) + word(600 + name.count) + Array("VER\0".utf8)
            + word(604 + name.count)
        return Array("CHLO".utf8) + [3, 0, 0, 0] + table + padding + name + Array("Q043".utf8)
    }

    private static let frameHead = Wire.hex("a0 01 04 00")
    private static let hash = [UInt8](repeating: 0x5A, count: 12)

    @Test(arguments: [("Q043", true), ("Q025", true), ("Q046", false)])
    func googlesHelloIsRead(version: String, hasShortHeader: Bool) {
        let id = Wire.hex("de a3 11 22 33 44 55 66")
        let head =
            hasShortHeader
            ? Wire.join([0x0D], id, Array(version.utf8), [1])
            : Wire.join([0xC3], Array(version.utf8), [0x50], id, [0, 0, 0, 1])
        let packet = Wire.join(head, Self.hash, Self.frameHead, Self.hello("www.example.net"))
        #expect(QUICAnalyzer.probe(packet.span.bytes, from: .originator) == .match)
        var harness = AnalyzerHarness(QUICAnalyzer.self, transport: .udp, responderPort: 443)
        harness.feed(packet, from: .originator)
        harness.finish()
        let found = harness.records(QUICRecord.kind)
        #expect(found.map { $0[Records.quic.version] } == [version])
        #expect(found.first?[Records.quic.serverName] == "www.example.net")
        #expect(found.first?[Records.quic.clientInitialDcid] == "dea3112233445566")
    }

    /// A client that names a reserved version, and the list that its server answers with (RFC 9000 §6, §17.2.1).
    @Test func aForcedNegotiationIsQUIC() {
        let client = Wire.join(
            Wire.hex("c3 1a2a3a4a 08 0102030405060708 00 00 44be"), [UInt8](repeating: 0x77, count: 1214))
        let server = Wire.hex("80 00000000 00 08 0102030405060708 00000001 6b3343cf")
        #expect(QUICAnalyzer.probe(client.span.bytes, from: .originator) == .match)
        let short = Array(client.prefix(900))
        #expect(QUICAnalyzer.probe(short.span.bytes, from: .originator) == .noMatch)
        var harness = AnalyzerHarness(QUICAnalyzer.self, transport: .udp, responderPort: 443)
        harness.feed(client, from: .originator)
        harness.feed(server, from: .responder)
        harness.finish()
        let found = harness.records(QUICRecord.kind)
        #expect(found.map { $0[Records.quic.history] } == ["Uu"])
        #expect(found.first?[Records.quic.version] == "unknown-1a2a3a4a")
        #expect(harness.failure == nil)
    }

    /// A table of tags that tells of more than is there, or that goes back.
    @Test(arguments: ["00000100", "ffffffff", "02000000"]) func tablesThatLieAreNoNames(end: String) {
        let name = Array("SNI\0".utf8) + Wire.hex(end)
        let lies = Array("CHLO".utf8) + [2, 0, 0, 0] + Array("PAD\0".utf8) + [3, 0, 0, 0] + name + [1, 2, 3]
        #expect(GoogleHello.serverName(in: lies[...]) == nil)
    }
}
