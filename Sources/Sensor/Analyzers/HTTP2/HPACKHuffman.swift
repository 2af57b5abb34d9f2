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
        /// Where the bytes that they stand for begin in ``Codes/symbols``.
        let offset: Int
    }

    /// What the lengths tell.
    private struct Codes {
        /// Texts are mostly of bytes whose codes are no longer.
        static let shortBits = 8
        /// For each value of the next ``shortBits`` bits: the length of the code that they begin with, and in the lower
        /// half its byte; 0 where that code is longer.
        var short = [UInt16](repeating: 0, count: 1 << shortBits)
        /// The bytes by the length of their codes, and by value where that is equal.
        var symbols: [UInt8] = []
        var rows: [Row] = []

        init() {
            var code: UInt64 = 0
            for length in 1...longest {
                code <<= 1
                let symbols = lengths.indices.filter { lengths[$0] == length }.map { UInt8($0) }
                guard !symbols.isEmpty else { continue }
                let (shift, end) = (UInt64(32 - length), code + UInt64(symbols.count))
                rows.append(
                    Row(length: length, first: code << shift, end: end << shift, offset: self.symbols.count))
                self.symbols += symbols
                for (symbol, code) in zip(symbols, code..<end) where length <= Self.shortBits {
                    let (first, free) = (Int(code) << (Self.shortBits - length), Self.shortBits - length)
                    for window in first..<(first + (1 << free)) { short[window] = UInt16(length << 8) | UInt16(symbol) }
                }
                code = end
            }
        }
    }

    private static let codes = Codes()

    /// Appends the text to `out`.
    /// - Throws: ``DecodeError/invalid(_:)`` for the code of the end inside of a text, and for padding that is not the
    ///   beginning of that code (section 5.2).
    static func decode(_ coded: RawSpan, into out: inout [UInt8]) throws(DecodeError) {
        let codes = codes
        var bits: UInt64 = 0
        var count = 0
        var next = 0
        while true {
            while count <= 32, next < coded.byteCount {
                bits |= UInt64(try coded.byte(at: next)) << UInt64(56 - count)
                (count, next) = (count + 8, next + 1)
            }
            let (length, symbol): (Int, UInt8)
            let short = codes.short[Int(bits >> UInt64(64 - Codes.shortBits))]
            if short != 0, short >> 8 <= count {
                (length, symbol) = (Int(short >> 8), UInt8(truncatingIfNeeded: short))
            } else {
                // What lacks at the end is padded with ones, as the sender does it.
                let window = (bits | (count < 64 ? UInt64.max >> UInt64(count) : 0)) >> 32
                guard let row = codes.rows.first(where: { window < $0.end }), row.length <= count else { break }
                length = row.length
                symbol = codes.symbols[row.offset + Int((window - row.first) >> UInt64(32 - length))]
            }
            out.append(symbol)
            bits <<= UInt64(length)
            count -= length
        }
        guard next == coded.byteCount, count < 8, count == 0 || bits >> UInt64(64 - count) == (1 << count) - 1 else {
            throw .invalid(.encoding)
        }
    }
}
