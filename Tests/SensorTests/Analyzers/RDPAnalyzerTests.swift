import Shared
import Testing

@testable import Sensor

/// How connections to remote desktops are recognised ([MS-RDPBCGR] sections 2.2.1.1 and 2.2.1.2).
@Suite struct RDPAnalyzerTests {
    private static let wish = Wire.hex("01 00 0800 0b000000")

    /// A packet of X.224 in its TPKT.
    private static func packet(_ type: UInt8, reference: UInt8 = 0, _ rest: [UInt8]) -> [UInt8] {
        [3, 0, 0, UInt8(11 + rest.count), UInt8(6 + rest.count), type, 0, 0, 0, reference, 0] + rest
    }

    private static func probe(_ bytes: [UInt8], from side: Side = .originator) -> ProbeResult {
        RDPAnalyzer.probe(bytes.span.bytes, from: side)
    }

    /// A token for the balancing of load ends with a line, and the wish for a protection follows.
    @Test(arguments: ["tsv://MS Terminal Services Plugin.1.Collection\r\n", "Cookie: msts=3640205228.15629.0000\r\n"])
    func tokensOfBrokersAreRequests(token: String) {
        let request = Self.packet(0xE0, Array(token.utf8) + Self.wish)
        #expect(Self.probe(request) == .match)
        for length in 4..<request.count { #expect(Self.probe(Array(request[..<length])) == .needMore) }
        var harness = AnalyzerHarness(RDPAnalyzer.self, responderPort: 3389)
        harness.feed(request, from: .originator)
        harness.feed(Self.packet(0xD0, reference: 3, Wire.hex("02 1f 0800 02000000")), from: .responder)
        #expect(harness.failure == nil)
        #expect(harness.isHandedOver)
    }

    @Test(arguments: [
        "tsv://MS Terminal Services Plugin.1.Collection\r\n", "tsv://x\r\n\u{1}\u{0}\u{9}\u{0}\u{B}\u{0}\u{0}\u{0}",
        "tsv://x\n\u{1}\u{0}\u{8}\u{0}\u{B}\u{0}\u{0}\u{0}", "\r\n\u{1}\u{0}\u{8}\u{0}\u{B}\u{0}\u{0}\u{0}",
        "t\u{2}v\r\n\u{1}\u{0}\u{8}\u{0}\u{B}\u{0}\u{0}\u{0}",
    ])
    func otherLinesAreNone(text: String) {
        #expect(Self.probe(Self.packet(0xE0, Array(text.utf8))) == .noMatch)
    }

    /// Where only the server's side was captured: RDP_NEG_RSP and RDP_NEG_FAILURE.
    @Test(arguments: [("02 1f 0800 02000000", "HYBRID"), ("03 00 0800 05000000", nil)] as [(String, String?)])
    func theServersAnswerIsEnough(answer: String, chosen: String?) throws {
        let confirm = Self.packet(0xD0, reference: 3, Wire.hex(answer))
        #expect(Self.probe(confirm, from: .responder) == .match)
        #expect(Self.probe(confirm, from: .originator) == .noMatch)
        for length in 4..<confirm.count {
            #expect(Self.probe(Array(confirm[..<length]), from: .responder) == .needMore)
        }
        #expect(Self.probe(confirm + [3], from: .responder) == .noMatch)
        var harness = AnalyzerHarness(RDPAnalyzer.self, responderPort: 3389)
        harness.feed(confirm, from: .responder)
        harness.finish()
        let record = try #require(harness.records(RDPRecord.kind).first)
        #expect(record[Records.rdp.securityProtocol] == chosen)
        #expect(harness.isHandedOver == (chosen != nil))
    }

    /// A confirm with selectors, as the ISO's transport has it beneath S7comm, and one without anything.
    @Test(arguments: ["c0010ac1020100c2020102", "", "01 00 0800 02000000", "02 00 0900 02000000"])
    func otherConfirmsAreOthers(rest: String) {
        #expect(Self.probe(Self.packet(0xD0, Wire.hex(rest)), from: .responder) == .noMatch)
    }
}
