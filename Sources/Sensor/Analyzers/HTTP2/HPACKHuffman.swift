internal import Shared

/// The Huffman code of header texts (RFC 7541 appendix B). It is canonical: the lengths tell the codes.
enum HPACKHuffman {
    /// Bits of the code of each byte.
    private static let lengths: [UInt8] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28,
        28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15,
        6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22,
        20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23,
        23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22,
        22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26,
        27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27,
        26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
    ]
    private static let longest = 30

    /// The codes of one length: they follow each other.
    private struct Row {
        let length: Int
        /// The first of them, and the first that is none of them any more, at the left end of 32 bits.
        let first, end: UInt64
        /// Where the bytes that they stand for begin in ``symbols``.
        let offset: Int
    }

    /// The bytes by the length of their codes, and by value where that is equal.
    private static let symbols: [UInt8] = (1...longest).flatMap { length in
        lengths.indices.filter { lengths[$0] == length }.map { UInt8($0) }
    }

    private static let rows: [Row] = {
        var rows: [Row] = []
        var (code, offset): (UInt64, Int) = (0, 0)
        for length in 1...longest {
            let count = lengths.count { $0 == length }
            code <<= 1
            guard count > 0 else { continue }
            let shift = UInt64(32 - length)
            let end = code + UInt64(count)
            rows.append(Row(length: length, first: code << shift, end: end << shift, offset: offset))
            (code, offset) = (end, offset + count)
        }
        return rows
    }()

    /// Appends the text to `out`.
    /// - Throws: ``DecodeError/invalid(_:)`` for the code of the end inside of a text, and for padding that is not the
    ///   beginning of that code (section 5.2).
    static func decode(_ coded: RawSpan, into out: inout [UInt8]) throws(DecodeError) {
        var bits: UInt64 = 0
        var count = 0
        var next = 0
        while true {
            while count <= 32, next < coded.byteCount {
                bits |= UInt64(try coded.byte(at: next)) << UInt64(56 - count)
                (count, next) = (count + 8, next + 1)
            }
            // What lacks at the end is padded with ones, as the sender does it.
            let window = (bits | (count < 64 ? UInt64.max >> UInt64(count) : 0)) >> 32
            guard let row = rows.first(where: { window < $0.end }) else { break }
            guard row.length <= count else { break }
            out.append(symbols[row.offset + Int((window - row.first) >> UInt64(32 - row.length))])
            bits <<= UInt64(row.length)
            count -= row.length
        }
        guard next == coded.byteCount, count < 8, count == 0 || bits >> UInt64(64 - count) == (1 << count) - 1 else {
            throw .invalid(.encoding)
        }
    }
}
