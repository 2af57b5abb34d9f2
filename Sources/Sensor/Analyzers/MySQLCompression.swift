internal import Shared

/// One side of a connection to MySQL that is compressed (dev.mysql.com, "Compressed Packet"): seven bytes of header,
/// and packets in zlib's form or, where that would not be shorter, as they are.
struct MySQLCompression: BytesHolding {
    private static let headerSize = 7

    private var header: [UInt8] = []
    /// The number of the last unit.
    private var number: UInt8?
    /// Bytes of the content that are still to come.
    private var left = 0
    /// Bytes that are still to come out of it, where it is compressed.
    private var unfolding = 0
    private var inflater: ContentInflater?
    /// More comes out of the content than may: its rest is passed over.
    private var isGivenUp = false

    init() {}

    var heldBytes: Int { header.capacity + (inflater?.heldBytes ?? 0) }

    /// Takes bytes of the wire and hands on those of packets.
    /// - Parameters:
    ///   - begin: is told each unit's number, and whether it goes on from the last one's; after 255 comes 0.
    ///   - lose: is told how many bytes do not come out because they are too many; none where all did.
    mutating func append(
        _ bytes: RawSpan, _ allowance: UnfoldingAllowance, at now: Timestamp,
        begin: (UInt8, Bool) throws(DecodeError) -> Void, output: (RawSpan) throws(DecodeError) -> Void,
        lose: (Int) throws(DecodeError) -> Void
    ) throws(DecodeError) {
        var rest = bytes
        while rest.byteCount > 0 {
            if left == 0 {
                header.append(try rest.byte(at: 0))
                rest = rest.extracting(droppingFirst: 1)
                if header.count == Self.headerSize {
                    try begin(header[3], number.map { $0 &+ 1 == header[3] } ?? false)
                    try beginUnit(allowance)
                }
                continue
            }
            let piece = rest.extracting(first: left)
            rest = rest.extracting(droppingFirst: piece.byteCount)
            left -= piece.byteCount
            if let inflater {
                try unfold(piece, inflater, at: now, output: output)
                if inflater.isGivenUp {
                    try lose(unfolding)
                    (self.inflater, isGivenUp) = (nil, true)
                } else if left == 0 {
                    guard unfolding == 0 else { throw .invalid(.length) }
                    self.inflater = nil
                }
            } else if !isGivenUp {
                try output(piece)
            }
        }
    }

    /// Reads a header: length, number, and length of what is compressed or 0.
    private mutating func beginUnit(_ allowance: UnfoldingAllowance) throws(DecodeError) {
        left = Int(header[0]) | Int(header[1]) << 8 | Int(header[2]) << 16
        guard left > 0 else { throw .invalid(.length) }
        unfolding = Int(header[4]) | Int(header[5]) << 8 | Int(header[6]) << 16
        inflater = unfolding == 0 ? nil : ContentInflater(allowance)
        isGivenUp = false
        number = header[3]
        header.removeAll(keepingCapacity: true)
    }

    /// What comes out is as long as the header says, or the packets in it cannot be told apart.
    private mutating func unfold(
        _ piece: RawSpan, _ inflater: ContentInflater, at now: Timestamp,
        output: (RawSpan) throws(DecodeError) -> Void
    ) throws(DecodeError) {
        var failure: DecodeError?
        var rest = unfolding
        inflater.append(piece, at: now) { unfolded in
            guard failure == nil else { return }
            rest -= unfolded.byteCount
            guard rest >= 0 else { return failure = .invalid(.length) }
            do throws(DecodeError) { try output(unfolded) } catch { failure = error }
        }
        if let failure { throw failure }
        unfolding = rest
    }
}
