import Shared
import Testing

@testable import Sensor

/// What every registered analyzer must stand, on every capture in Tests/Fixtures/<its service>.
@Suite struct AnalyzerContractTests {
    /// An analyzer that is registered.
    struct Entry: Sendable, CustomTestStringConvertible {
        let type: any ProtocolAnalyzer.Type
        var testDescription: String { "\(type.service)" }
    }

    static let entries = AnalyzerRegistry.all.map(Entry.init)
    /// Places of one conversation that are cut, split or flipped: all of short ones, evenly spread over long ones.
    static let placeLimit = 300
    /// Bytes of one conversation that are tried: the openings hold all formats.
    static let byteLimit = 12_000

    @Test(arguments: entries) func aFixtureExists(entry: Entry) throws {
        #expect(
            !(try Self.conversations(of: entry)).isEmpty, "Tests/Fixtures/\(entry.type.service) has no capture of it")
    }

    @Test(arguments: entries) func cutAnywhereItEndsInPeace(entry: Entry) throws {
        for conversation in try Self.conversations(of: entry) {
            let whole = Self.recordCount(conversation.pieces, conversation, entry)
            let total = conversation.pieces.reduce(0) { $0 + $1.bytes.count }
            for place in Self.places(total) {
                let cut = Self.recordCount(Self.cut(conversation.pieces, at: place), conversation, entry)
                #expect(cut <= whole + 2, "cut at \(place)")
            }
        }
    }

    @Test(arguments: entries) func splitAnywhereItTellsTheSame(entry: Entry) throws {
        guard entry.type.transports.contains(.tcp) else { return }
        for conversation in try Self.conversations(of: entry) where conversation.transport == .tcp {
            let whole = Self.recordCount(conversation.pieces, conversation, entry)
            let total = conversation.pieces.reduce(0) { $0 + $1.bytes.count }
            for place in Self.places(total) {
                let split = Self.recordCount(Self.split(conversation.pieces, at: place), conversation, entry)
                #expect(split == whole, "split at \(place)")
            }
        }
    }

    @Test(arguments: entries) func flippedBitsAreSurvived(entry: Entry) throws {
        for conversation in try Self.conversations(of: entry) {
            let whole = Self.recordCount(conversation.pieces, conversation, entry)
            let total = conversation.pieces.reduce(0) { $0 + $1.bytes.count }
            for place in Self.places(total) {
                let flipped = Self.flipped(conversation.pieces, at: place, bit: UInt8(place & 7))
                #expect(Self.recordCount(flipped, conversation, entry) <= whole * 2 + 64, "flipped at \(place)")
            }
        }
    }

    @Test(arguments: entries) func reversedAndSwappedBytesAreSurvived(entry: Entry) throws {
        for conversation in try Self.conversations(of: entry) {
            let reversed = conversation.pieces.map { (side: $0.side, bytes: Array($0.bytes.reversed())) }
            let swapped = conversation.pieces.map { (side: $0.side.other, bytes: $0.bytes) }
            let backwards = Array(conversation.pieces.reversed())
            for pieces in [reversed, swapped, backwards] {
                #expect(Self.recordCount(pieces, conversation, entry) <= 4 * conversation.pieces.count + 64)
            }
        }
    }

    @Test(arguments: entries) func holesAreSurvived(entry: Entry) throws {
        for conversation in try Self.conversations(of: entry) {
            for hole in conversation.pieces.indices {
                var harness = Self.harness(entry, conversation)
                for (index, piece) in conversation.pieces.enumerated() {
                    if index == hole {
                        harness.lose(piece.bytes.count, from: piece.side)
                    } else {
                        harness.feed(piece.bytes, from: piece.side)
                    }
                    if harness.isOver { break }
                }
                harness.finish()
                #expect(harness.sink.batch.recordCount <= 4 * conversation.pieces.count + 64)
            }
        }
    }

    @Test(arguments: entries) func noOtherAnalyzerClaimsIt(entry: Entry) throws {
        for conversation in try Self.conversations(of: entry) {
            guard let first = conversation.pieces.first else { continue }
            for other in AnalyzerRegistry.all where other.service.description != entry.type.service.description {
                guard other.transports.contains(conversation.transport == .tcp ? .tcp : .udp) else { continue }
                let answer = other.probe(first.bytes.span.bytes, from: first.side)
                #expect(answer != .match, "\(other.service) claims it")
                #expect(!Self.isRecognised(conversation, by: Entry(type: other)), "\(other.service) claims it")
            }
        }
    }

    // MARK: conversations of the service

    static func conversations(of entry: Entry) throws -> [Conversation] {
        try Fixtures.of(entry.type.service).flatMap { try Fixtures.conversations(in: $0.path) }.filter { conversation in
            guard entry.type.transports.contains(conversation.transport == .tcp ? .tcp : .udp) else { return false }
            // Some are told by the answer.
            return conversation.pieces.prefix(2).contains {
                entry.type.probe($0.bytes.span.bytes, from: $0.side) == .match
            } || isRecognised(conversation, by: entry) || isRecognisedStream(conversation, by: entry)
        }
        .prefix(12).map { $0.limited(to: byteLimit) }
    }

    /// Whether the first datagrams of one side are together what one alone is not.
    private static func isRecognised(_ conversation: Conversation, by entry: Entry) -> Bool {
        guard entry.type.fewestDatagrams > 1, conversation.transport != .tcp else { return false }
        var held = HeldPayload()
        for piece in conversation.pieces.prefix(2 * HeldPayload.maximumDatagrams) {
            held.append(datagram: piece.bytes.span.bytes, from: piece.side, at: .distantPast)
            if entry.type.probe(held, datagramsFrom: piece.side) == .match { return true }
        }
        return false
    }

    /// Whether the first segments of one side are together what one alone is not yet.
    private static func isRecognisedStream(_ conversation: Conversation, by entry: Entry) -> Bool {
        guard conversation.transport == .tcp else { return false }
        var held = PerSide<[UInt8]?>(originator: [], responder: [])
        for piece in conversation.pieces {
            guard let before = held[piece.side] else { continue }
            let bytes = before + piece.bytes
            switch entry.type.probe(bytes.span.bytes, from: piece.side) {
            case .match: return true
            case .needMore: held[piece.side] = bytes
            case .noMatch: held[piece.side] = nil
            }
        }
        return false
    }

    private static func harness(_ entry: Entry, _ conversation: Conversation) -> AnalyzerHarness {
        AnalyzerHarness(entry.type, transport: conversation.transport, responderPort: conversation.responderPort)
    }

    private static func recordCount(
        _ pieces: [(side: Side, bytes: [UInt8])], _ conversation: Conversation, _ entry: Entry
    ) -> Int {
        var harness = harness(entry, conversation)
        for piece in pieces where !harness.isOver { harness.feed(piece.bytes, from: piece.side) }
        harness.finish()
        return harness.sink.batch.recordCount
    }

    private static func places(_ total: Int) -> [Int] {
        Array(stride(from: 0, to: total, by: Swift.max(1, total / placeLimit)))
    }

    private static func cut(
        _ pieces: [(side: Side, bytes: [UInt8])], at place: Int
    ) -> [(side: Side, bytes: [UInt8])] {
        var left = place
        return pieces.compactMap { piece in
            defer { left = Swift.max(0, left - piece.bytes.count) }
            return left == 0 ? nil : (piece.side, Array(piece.bytes.prefix(left)))
        }
    }

    private static func split(
        _ pieces: [(side: Side, bytes: [UInt8])], at place: Int
    ) -> [(side: Side, bytes: [UInt8])] {
        var start = 0
        return pieces.flatMap { piece in
            defer { start += piece.bytes.count }
            let inside = place - start
            guard inside > 0, inside < piece.bytes.count else { return [piece] }
            return [(piece.side, Array(piece.bytes[..<inside])), (piece.side, Array(piece.bytes[inside...]))]
        }
    }

    private static func flipped(
        _ pieces: [(side: Side, bytes: [UInt8])], at place: Int, bit: UInt8
    ) -> [(side: Side, bytes: [UInt8])] {
        var start = 0
        return pieces.map { piece in
            defer { start += piece.bytes.count }
            var bytes = piece.bytes
            if bytes.indices.contains(place - start) { bytes[place - start] ^= 1 << bit }
            return (piece.side, bytes)
        }
    }
}

extension Conversation {
    /// Its first pieces, at most `limit` bytes in sum.
    func limited(to limit: Int) -> Conversation {
        var copy = self
        copy.keep(limit)
        return copy
    }
}
