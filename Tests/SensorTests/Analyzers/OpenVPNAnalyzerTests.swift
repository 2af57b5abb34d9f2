import Shared
import Testing

@testable import Sensor

/// openvpn.net, "OpenVPN Protocol": openings by the digest that `auth` chooses, and data over TCP.
@Suite struct OpenVPNAnalyzerTests {
    private static let time = Wire.hex("65a4b3c0")

    /// A client's opening under `tls-auth`: opcode 7, session, digest, packet 1 and its time, no acknowledgements,
    /// message 0.
    private static func client(digest: Int, number: UInt8 = 1) -> [UInt8] {
        Wire.join(
            [0x38], [UInt8](repeating: 0xA5, count: 8 + digest), [0, 0, 0, number], time, [0], [0, 0, 0, 0])
    }

    /// The server's answer: opcode 8, one acknowledgement of message 0 and the client's session.
    private static func server(digest: Int, number: UInt8 = 1) -> [UInt8] {
        Wire.join(
            [0x40], [UInt8](repeating: 0xC3, count: 8 + digest), [0, 0, 0, number], time, [1], [0, 0, 0, 0],
            [UInt8](repeating: 0xA5, count: 8), [0, 0, 0, 0])
    }

    /// MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512; others are no digest's length.
    @Test(arguments: [
        (16, true), (20, true), (28, true), (32, true), (48, true), (64, true), (15, false), (24, false), (40, false),
    ])
    func openingsAreKnownByTheirDigest(length: Int, isKnown: Bool) {
        for (message, side) in [
            (Self.client(digest: length), Side.originator), (Self.server(digest: length), .responder),
        ] {
            #expect((Self.probe(message, from: side) == .match) == isKnown)
            let led = TLSWire.vector(message, lengthBytes: 2)
            #expect((Self.probe(led, from: side) == .match) == isKnown)
        }
        // Packet 2 opens nothing.
        #expect(Self.probe(Self.client(digest: length, number: 2), from: .originator) != .match)
        #expect(Self.probe(Self.server(digest: length, number: 2), from: .responder) != .match)
    }

    private static func probe(_ bytes: [UInt8], from side: Side) -> ProbeResult {
        OpenVPNAnalyzer.probe(bytes.span.bytes, from: side)
    }

    /// Data of version 2 behind its length: opcode 9 with the key, the peer in three bytes, the packet's number, and
    /// what is encrypted.
    private static func data(_ number: Int, peer: UInt8 = 7, first: UInt8 = 0x48, size: Int = 100) -> [UInt8] {
        TLSWire.vector(
            Wire.join([first, 0, 0, peer], TLSWire.big(number, bytes: 4), [UInt8](repeating: 0x5A, count: size)),
            lengthBytes: 2)
    }

    /// However many bytes of the three messages have come, they are waited for, and nothing is decided before.
    @Test func theMiddleOfAStreamIsNamed() {
        let stream = Self.data(300) + Self.data(301) + Self.data(304)
        #expect(Self.probe(stream, from: .originator) == .match)
        for count in 27..<stream.count - 100 {
            #expect(Self.probe(Array(stream.prefix(count)), from: .originator) == .needMore)
        }
        for size in [100, 1350] {
            let turns = (0..<6).map { number in
                (number & 1 == 0 ? Side.originator : .responder, Self.data(300 + number, size: size))
            }
            #expect(Talk.tcp(port: 1194, isWhole: false, turns).service == ["openvpn"])
        }
    }

    /// Another peer, numbers that stand still, go back or jump, another opcode, lengths that do not fit.
    @Test(arguments: [
        data(300) + data(301, peer: 8) + data(302, peer: 9), data(300) + data(300) + data(300),
        data(300) + data(299) + data(298), data(300) + data(400) + data(500),
        data(300, first: 0x50) + data(301, first: 0x50) + data(302, first: 0x50),
        data(0) + data(1) + data(2), data(300) + [0] + data(301) + data(302),
    ])
    func likenessIsNotEnough(stream: [UInt8]) {
        #expect(Self.probe(stream, from: .originator) == .noMatch)
        #expect(Talk.tcp(port: 1194, isWhole: false, [(.originator, stream)]).service == nil)
    }
}
