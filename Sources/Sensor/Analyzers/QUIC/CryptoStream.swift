internal import Shared

/// One side's CRYPTO frames of the Initial level put in order (RFC 9000 section 19.6).
struct CryptoStream: BytesHolding, Sendable {
    private var bytes: [UInt8] = []
    /// Pieces that came before what precedes them, by offset.
    private var waiting: [Int: [UInt8]] = [:]
    private var taken = 0

    var heldBytes: Int { bytes.capacity + waiting.values.reduce(0) { $0 + $1.capacity } }

    /// Bytes of hellos that are kept; post-quantum key shares bring them to some kilobytes.
    private static let limit = 65_536
    private static let waitingLimit = 64
    /// Frames that are read of one packet, PADDING and PING aside: more do not fit into a datagram of an Ethernet.
    private static let frameLimit = 768

    /// What has come in order so far.
    var beginning: ArraySlice<UInt8> { bytes[...] }

    /// Reads the frames of an opened packet.
    /// - Throws: ``DecodeError`` when a frame is malformed.
    mutating func frames(_ payload: [UInt8]) throws(DecodeError) {
        var reader = ByteReader(payload)
        for _ in 0..<Self.frameLimit {
            while let type = reader.rest.first, type <= 1 { try reader.skip(1) }
            guard !reader.isEmpty else { return }
            switch try reader.variableInteger() {
            case 2: try Self.skipAcknowledgement(&reader, hasCounts: false)
            case 3: try Self.skipAcknowledgement(&reader, hasCounts: true)
            // Google's last versions have a number of their own for it, which the standard forbids here.
            case 6, 8:
                let offset = Int(clamping: try reader.variableInteger())
                add(Array(try reader.take(Int(clamping: try reader.variableInteger()))), at: offset)
            default: return
            }
        }
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

    /// What is nearest to the beginning stays when there is no more room: far pieces must not keep the hello out.
    private mutating func add(_ piece: [UInt8], at offset: Int) {
        guard offset <= Self.limit, offset + piece.count > bytes.count else { return }
        if let other = waiting[offset], other.count >= piece.count { return }
        waiting[offset] = piece
        if waiting.count > Self.waitingLimit, let farthest = waiting.keys.max() { waiting[farthest] = nil }
        while let next = waiting.keys.filter({ $0 <= bytes.count }).min(), let part = waiting.removeValue(forKey: next)
        {
            bytes.append(contentsOf: part.dropFirst(bytes.count - next).prefix(Self.limit - bytes.count))
        }
    }

    /// The next whole handshake message.
    mutating func nextMessage() throws(DecodeError) -> (type: UInt8, body: ByteReader)? {
        var reader = ByteReader(bytes.dropFirst(taken))
        guard reader.count >= 4 else { return nil }
        let type = try reader.byte()
        let length = try reader.be24()
        guard length <= Self.limit else { throw .limit(.length) }
        guard reader.count >= length else { return nil }
        taken += 4 + length
        return (type, ByteReader(Array(try reader.take(length))))
    }
}
