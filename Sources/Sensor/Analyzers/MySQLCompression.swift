internal import Shared

/// One side of a connection to MySQL that is compressed (dev.mysql.com, "Compressed Packet"): seven bytes of header,
/// and packets in zlib's form or, where that would not be shorter, as they are.
struct MySQLCompression: BytesHolding {
    private static let headerSize = 7

    private var header: [UInt8] = []
    /// Bytes of the content that are still to come.
    private var left = 0
    private var inflater: ContentInflater?

    init() {}

    var heldBytes: Int { header.capacity + (inflater?.heldBytes ?? 0) }

    /// Takes bytes of the wire and hands on those of packets.
    mutating func append(
        _ bytes: RawSpan, _ allowance: UnfoldingAllowance, at now: Timestamp,
        output: (RawSpan) throws(DecodeError) -> Void
    ) throws(DecodeError) {
        var rest = bytes
        while rest.byteCount > 0 {
            if left == 0 {
                header.append(try rest.byte(at: 0))
                rest = rest.extracting(droppingFirst: 1)
                if header.count == Self.headerSize { try begin(allowance) }
                continue
            }
            let piece = rest.extracting(first: left)
            rest = rest.extracting(droppingFirst: piece.byteCount)
            left -= piece.byteCount
            if let inflater {
                try Self.unfold(piece, inflater, at: now, output: output)
                if left == 0 { self.inflater = nil }
            } else {
                try output(piece)
            }
        }
    }

    /// Reads a header: length, number, and length of what is compressed or 0.
    private mutating func begin(_ allowance: UnfoldingAllowance) throws(DecodeError) {
        left = Int(header[0]) | Int(header[1]) << 8 | Int(header[2]) << 16
        guard left > 0 else { throw .invalid(.length) }
        inflater = header[4...].allSatisfy { $0 == 0 } ? nil : ContentInflater(allowance)
        header.removeAll(keepingCapacity: true)
    }

    private static func unfold(
        _ piece: RawSpan, _ inflater: ContentInflater, at now: Timestamp,
        output: (RawSpan) throws(DecodeError) -> Void
    ) throws(DecodeError) {
        var failure: DecodeError?
        inflater.append(piece, at: now) { unfolded in
            guard failure == nil else { return }
            do throws(DecodeError) { try output(unfolded) } catch { failure = error }
        }
        if let failure { throw failure }
        if inflater.isGivenUp { throw .limit(.length) }
    }
}
