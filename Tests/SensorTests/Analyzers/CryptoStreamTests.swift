import Shared
import Testing

@testable import Sensor

/// CRYPTO frames of RFC 9000 section 19.6, as clients and those that hide from us send them.
@Suite struct CryptoStreamTests {
    private static let message = [1, 0, 0, 96] + [UInt8](0..<96)

    /// Offset and length as variable integers of two bytes.
    private static func crypto(_ range: Range<Int>, _ bytes: [UInt8]) -> [UInt8] {
        func integer(_ value: Int) -> [UInt8] { [0x40 | UInt8(value >> 8), UInt8(value & 255)] }
        return [6] + integer(range.lowerBound) + integer(range.count) + bytes
    }

    private static func piece(_ range: Range<Int>) -> [UInt8] { crypto(range, Array(message[range])) }

    @Test func piecesInAnyOrderAreOneMessage() throws {
        var stream = CryptoStream()
        // Browsers shuffle them, and put PING and PADDING between.
        try stream.frames(Self.piece(60..<100) + [1, 0, 1] + Self.piece(10..<30))
        #expect(try stream.nextMessage() == nil)
        try stream.frames(Self.piece(25..<60) + [UInt8](repeating: 1, count: 1000) + Self.piece(0..<10))
        let whole = try #require(try stream.nextMessage())
        #expect(whole.type == 1)
        #expect(Array(whole.body.rest) == [UInt8](0..<96))
    }

    @Test func piecesFarAwayDoNotKeepTheMessageOut() throws {
        var stream = CryptoStream()
        for number in 0..<1000 { try stream.frames(Self.crypto(1000 + number * 8..<1004 + number * 8, [9, 9, 9, 9])) }
        #expect(stream.heldBytes < 64 * 128)
        try stream.frames(Self.piece(50..<100))
        try stream.frames(Self.piece(0..<50))
        #expect(try stream.nextMessage()?.type == 1)
    }

    /// What came first of an offset stays, unless it was shorter.
    @Test func whatIsEmptyOrComesAgainTakesNothingAway() throws {
        var stream = CryptoStream()
        try stream.frames(Self.piece(40..<100))
        try stream.frames(
            Self.crypto(40..<42, [7, 7]) + Self.crypto(0..<0, [])
                + Self.crypto(40..<100, .init(repeating: 7, count: 60)))
        for _ in 0..<100 { try stream.frames(Self.crypto(500..<500, [])) }
        try stream.frames(Self.piece(0..<40))
        let whole = try #require(try stream.nextMessage())
        #expect(Array(whole.body.rest) == [UInt8](0..<96))
    }

    /// An acknowledgement that tells of more than is there.
    @Test(arguments: ["40", "6f000000000000", "410100000100ff"]) func googlesFramesThatLieAreMalformed(frame: String) {
        var stream = CryptoStream()
        #expect(throws: DecodeError.self) { try stream.frames(Wire.hex(frame), isGoogles: true) }
        #expect(stream.heldBytes == 0)
    }
}
