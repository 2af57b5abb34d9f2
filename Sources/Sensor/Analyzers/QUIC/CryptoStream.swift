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
    @discardableResult mutating func frames(
        _ payload: [UInt8], isGoogles: Bool = false
    ) throws(DecodeError) -> Bool {
        try isGoogles ? googleFrames(payload) : standardFrames(payload)
    }

    private mutating func standardFrames(_ payload: [UInt8]) throws(DecodeError) -> Bool {
        var reader = ByteReader(payload)
        for _ in 0..<Self.frameLimit {
            while let type = reader.rest.first, type <= 1 { try reader.skip(1) }
            guard !reader.isEmpty else { return false }
            switch try reader.variableInteger() {
            case 2: try Self.skipAcknowledgement(&reader, hasCounts: false)
            case 3: try Self.skipAcknowledgement(&reader, hasCounts: true)
            case 6: try take(&reader)
            case 0x1C: return true
            default: return false
            }
        }
        return false
    }

    /// Reads the frames of Google's last own versions, whose types are bytes: PADDING 0,
    /// CONNECTION_CLOSE 2, PING 7, CRYPTO 8, ACK from 0x40 to 0x7F.
    ///
    /// Source: Google's "QUIC Wire Layout Specification"; CRYPTO is the standard's but for its type.
    private mutating func googleFrames(_ payload: [UInt8]) throws(DecodeError) -> Bool {
        var reader = ByteReader(payload)
        for _ in 0..<Self.frameLimit {
            while let type = reader.rest.first, type == 0 || type == 7 { try reader.skip(1) }
            guard !reader.isEmpty else { return false }
            let type = try reader.byte()
            switch type {
            case 2: return true
            case 8: try take(&reader)
            case 0x40...0x7F: try Self.skipGoogleAcknowledgement(&reader, type)
            default: return false
            }
        }
        return false
    }

    /// Takes a CRYPTO frame behind its type.
    private mutating func take(_ reader: inout ByteReader) throws(DecodeError) {
        let offset = Int(clamping: try reader.variableInteger())
        pieces.add(try reader.take(Int(clamping: try reader.variableInteger())), at: offset, limit: Self.limit)
    }

    /// The type is `01nullmm`: whether there are several ranges, and the widths of the largest number and of ranges.
    private static func skipGoogleAcknowledgement(_ reader: inout ByteReader, _ type: UInt8) throws(DecodeError) {
        let widths = [1, 2, 4, 6]
        let (number, range) = (widths[Int(type >> 2 & 3)], widths[Int(type & 3)])
        // The largest number, and how long ago it came.
        try reader.skip(number + 2)
        let ranges = type & 0x20 == 0 ? 0 : Int(try reader.byte())
        // Each further range has the gap before it.
        try reader.skip(range + ranges * (1 + range))
        let times = Int(try reader.byte())
        // The first time is told in full, the others by what is between.
        if times > 0 { try reader.skip(5 + (times - 1) * 3) }
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
