import Shared
import Testing

@testable import Sensor

/// Numbers at the ends of their ranges, in the place of those that a conversation had: a count of -1 must not end the
/// sensor, nor a length of 2^64 - 1.
@Suite struct AnalyzerExtremesTests {
    typealias Piece = (side: Side, bytes: [UInt8])

    /// Numbers in text: below zero, none, and around what 32 and 64 bits hold.
    private static let texts = [
        "-1", "-0", "0", "", "-2147483649", "4294967296", "-9223372036854775808", "9223372036854775807",
        "18446744073709551615", "99999999999999999999",
    ]
    /// Numbers in bytes: all ones, the least and the greatest with a sign, in both orders.
    private static let patterns: [[UInt8]] = [
        [0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0x7F, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0x80],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0],
    ]
    /// Numbers of one conversation that are tried, and bytes.
    private static let (textLimit, byteLimit) = (60, 100)

    @Test(arguments: AnalyzerContractTests.entries)
    func numbersInTextOutOfRangeAreSurvived(entry: AnalyzerContractTests.Entry) throws {
        for conversation in try AnalyzerContractTests.conversations(of: entry) {
            for (piece, digits) in Self.numbers(of: conversation.pieces).prefix(Self.textLimit) {
                for text in Self.texts {
                    var pieces = conversation.pieces
                    pieces[piece].bytes.replaceSubrange(digits, with: Array(text.utf8))
                    Self.expectPeace(pieces, conversation, entry)
                }
            }
        }
    }

    @Test(arguments: AnalyzerContractTests.entries)
    func numbersInBytesOutOfRangeAreSurvived(entry: AnalyzerContractTests.Entry) throws {
        for conversation in try AnalyzerContractTests.conversations(of: entry) {
            let places = conversation.pieces.indices.flatMap { piece in
                conversation.pieces[piece].bytes.indices.map { (piece, $0) }
            }
            for (piece, place) in places.prefix(Self.byteLimit) {
                for pattern in Self.patterns {
                    var pieces = conversation.pieces
                    let end = min(place + pattern.count, pieces[piece].bytes.count)
                    pieces[piece].bytes.replaceSubrange(place..<end, with: pattern.prefix(end - place))
                    Self.expectPeace(pieces, conversation, entry)
                }
            }
        }
    }

    /// The runs of decimal digits, each with its piece.
    private static func numbers(of pieces: [Piece]) -> [(Int, Range<Int>)] {
        pieces.indices.flatMap { piece in
            let bytes = pieces[piece].bytes
            let starts = bytes.indices.filter { isDigit(bytes[$0]) && ($0 == 0 || !isDigit(bytes[$0 - 1])) }
            return starts.map { start in
                (piece, start..<(bytes[start...].firstIndex { !isDigit($0) } ?? bytes.endIndex))
            }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func expectPeace(
        _ pieces: [Piece], _ conversation: Conversation, _ entry: AnalyzerContractTests.Entry
    ) {
        var harness = AnalyzerHarness(
            entry.type, transport: conversation.transport, responderPort: conversation.responderPort)
        for piece in pieces where !harness.isOver {
            _ = entry.type.probe(piece.bytes.span.bytes, from: piece.side)
            harness.feed(piece.bytes, from: piece.side)
        }
        harness.finish()
        let total = pieces.reduce(0) { $0 + $1.bytes.count }
        #expect(harness.sink.batch.recordCount <= total + 64)
    }
}
