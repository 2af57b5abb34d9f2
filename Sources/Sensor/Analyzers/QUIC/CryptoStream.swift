internal import Shared

/// One side's CRYPTO frames of the Initial level put in order (RFC 9000 section 19.6).
struct CryptoStream: BytesHolding, Sendable {
    private var pieces = PiecedBytes()
    private var taken = 0

    var heldBytes: Int { pieces.heldBytes }

    /// Bytes of hellos that are kept; post-quantum key shares bring them to some kilobytes.
    private static let limit = 65_536
    /// Frames that are read of one packet, PADDING and PING aside: more do not fit into a datagram of an Ethernet.
    private static let frameLimit = 768

    /// What has come in order so far.
    var beginning: ArraySlice<UInt8> { pieces.bytes[...] }

    /// Reads the frames of an opened packet.
    /// - Returns: whether one of them closes the connection.
    /// - Throws: ``DecodeError`` when a frame is malformed.
    @discardableResult mutating func frames(_ payload: [UInt8]) throws(DecodeError) -> Bool {
        var reader = ByteReader(payload)
        for _ in 0..<Self.frameLimit {
            while let type = reader.rest.first, type <= 1 { try reader.skip(1) }
            guard !reader.isEmpty else { return false }
            switch try reader.variableInteger() {
            case 2: try Self.skipAcknowledgement(&reader, hasCounts: false)
            case 3: try Self.skipAcknowledgement(&reader, hasCounts: true)
            // Google's last versions have a number of their own for it, which the standard forbids here.
            case 6, 8:
                let offset = Int(clamping: try reader.variableInteger())
                pieces.add(
                    try reader.take(Int(clamping: try reader.variableInteger())), at: offset, limit: Self.limit)
            case 0x1C: return true
            default: return false
            }
        }
        return false
    }

    private static func skipAcknowledgement(
        _ reader: inout ByteReader, hasCounts: Bool
    ) throws(DecodeError) {
        _ = try reader.variableInteger()
        _ = try reader.variableInteger()
        let ranges = min(try reader.variableInteger(), UInt64(frameLimit))
        for _ in 0..<(2 * ranges + 1) { _ = try reader.variableInteger() }
        guard hasCounts else { return }
        for _ in 0..<3 { _ = try reader.variableInteger() }
    }

    /// The next whole handshake message.
    mutating func nextMessage() throws(DecodeError) -> (type: UInt8, body: ByteReader)? {
        var reader = ByteReader(pieces.bytes.dropFirst(taken))
        guard reader.count >= 4 else { return nil }
        let type = try reader.byte()
        let length = try reader.be24()
        guard length <= Self.limit else { throw .limit(.length) }
        guard reader.count >= length else { return nil }
        taken += 4 + length
        return (type, ByteReader(Array(try reader.take(length))))
    }
}
