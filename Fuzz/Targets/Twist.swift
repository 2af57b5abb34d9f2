@testable import Sensor

/// Changes that a sender may make to what programs say: real conversations, spelled as no program would.
struct Twist {
    var random: SplitMix

    /// What parsers pass over, count by, or end something with.
    private static let fillers: [[UInt8]] = [
        [0x0A], [0x0D], [0x0D, 0x0A], [0], [0x20], [0xFF], [0x28], [0x22], [0x2E], [0x41], [0x30], [0x3A],
        [0x7B, 0x22],
    ]
    /// Around the bounds of fields and of what analyzers keep.
    private static let counts = [1, 2, 3, 4, 8, 16, 63, 64, 65, 127, 128, 129, 255, 256, 1000, 4000]
    private static let pieceLimit = 60_000

    /// - Parameter others: pieces of other conversations, which may be put in.
    mutating func change(
        _ pieces: inout [Conversations.Piece], others: [Conversations.Piece]
    ) {
        for _ in 0..<(1 + below(4)) where !pieces.isEmpty {
            let index = below(pieces.count)
            switch below(8) {
            case 0: pieces.insert(pieces[index], at: below(pieces.count + 1))
            case 1: pieces.remove(at: index)
            case 2: pieces.swapAt(index, below(pieces.count))
            case 3:
                let (side, bytes) = (pieces[index].side, pieces[index].bytes)
                let middle = below(bytes.count + 1)
                pieces[index] = Conversations.Piece(side: side, bytes: Array(bytes[..<middle]))
                pieces.insert(Conversations.Piece(side: side, bytes: Array(bytes[middle...])), at: index + 1)
            default:
                var bytes = pieces[index].bytes
                change(&bytes, others: others)
                let side = below(20) == 0 ? pieces[index].side.other : pieces[index].side
                pieces[index] = Conversations.Piece(side: side, bytes: Array(bytes.prefix(Self.pieceLimit)))
            }
        }
    }

    private mutating func change(_ bytes: inout [UInt8], others: [Conversations.Piece]) {
        let place = place(in: bytes)
        let count = Self.counts[below(Self.counts.count)]
        switch below(7) {
        case 0, 1:
            let filler = Self.fillers[below(Self.fillers.count)]
            bytes.insert(contentsOf: repeatElement(filler, count: count).joined(), at: place)
        case 2: bytes.removeSubrange(place..<min(place + count, bytes.count))
        case 3:
            let part = bytes[place..<min(place + count, bytes.count)]
            bytes.insert(contentsOf: Array(repeatElement(part, count: 1 + below(30)).joined()), at: place)
        case 4: setNumber(in: &bytes, at: place)
        case 5: if !bytes.isEmpty { bytes[below(bytes.count)] = UInt8(below(256)) }
        default:
            guard let other = others.isEmpty ? nil : others[below(others.count)].bytes else { return }
            bytes.insert(contentsOf: other.prefix(below(other.count + 1)), at: place)
        }
    }

    /// The beginning, the end, the beginning of a line, or anywhere.
    private mutating func place(in bytes: [UInt8]) -> Int {
        let anywhere = below(bytes.count + 1)
        switch below(5) {
        case 0: return 0
        case 1: return bytes.count
        case 2: return (bytes[anywhere...].firstIndex(of: 0x0A) ?? anywhere - 1) + 1
        default: return anywhere
        }
    }

    /// A length or number that lies: none, all, the sign, or about as much as there is.
    private mutating func setNumber(in bytes: inout [UInt8], at place: Int) {
        let width = [1, 2, 4, 8][below(4)]
        guard place + width <= bytes.count else { return }
        let numbers: [UInt64] = [
            0, 1, .max, 1 << 63, .max >> 1, UInt64(bytes.count), UInt64(bytes.count - place), UInt64(place) &- 1,
        ]
        let number = numbers[below(numbers.count)]
        let isLittle = below(2) == 0
        for index in 0..<width {
            let shift = UInt64(8 * (isLittle ? index : width - 1 - index))
            bytes[place + index] = UInt8(truncatingIfNeeded: number >> shift)
        }
    }

    mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(max(limit, 1))) }
}
