internal import Shared

/// Puts one side's handshake messages together from their fragments (RFC 6347 section 4.2.3), in whatever order these
/// come. What comes in one piece is a message at once.
struct DTLSFragments: BytesHolding, Sendable {
    /// A message of the handshake protocol.
    struct Message {
        let type: UInt8
        let body: ByteReader
        /// A message of that number was whole before.
        let isRepeated: Bool
    }

    /// A message of which something is missing.
    private struct Part {
        let number: UInt16
        let length: Int
        var pieces = PiecedBytes()
    }

    private var parts: [Part] = []
    /// A bit for each number of a message that was whole.
    private var whole: UInt64 = 0
    var heldBytes: Int { parts.reduce(0) { $0 + $1.pieces.heldBytes } }

    /// Bytes of one message that are kept.
    private static let messageLimit = 131_072
    /// Messages that are put together at a time; a flight has one or two that are longer than a datagram.
    private static let partLimit = 4

    /// Takes one fragment off the reader.
    /// - Returns: the message when nothing of it is missing any more.
    /// - Throws: ``DecodeError`` when the fragment is malformed.
    mutating func take(_ reader: inout ByteReader) throws(DecodeError) -> Message? {
        let type = try reader.byte()
        let length = try reader.be24()
        let number: UInt16 = try reader.be()
        let offset = try reader.be24()
        let piece = try reader.take(try reader.be24())
        guard length <= Self.messageLimit else { throw .limit(.length) }
        if offset == 0, piece.count == length { return finish(type, piece, number) }
        // A retransmission of an earlier message brings nothing new.
        guard !isWhole(number), offset + piece.count <= length else { return nil }
        let index = part(of: number, length: length)
        parts[index].pieces.add(piece, at: offset, limit: length)
        guard parts[index].pieces.bytes.count == length else { return nil }
        return finish(type, parts[index].pieces.bytes[...], number)
    }

    /// Where the pieces of a message are. The message that began first is given up when there are too many.
    private mutating func part(of number: UInt16, length: Int) -> Int {
        if let index = parts.firstIndex(where: { $0.number == number && $0.length == length }) { return index }
        if parts.count == Self.partLimit { parts.removeFirst() }
        parts.append(Part(number: number, length: length))
        return parts.count - 1
    }

    /// Handshakes have far less messages than are counted.
    private func isWhole(_ number: UInt16) -> Bool { number < 64 && whole & (1 << UInt64(number)) != 0 }

    private mutating func finish(_ type: UInt8, _ body: ArraySlice<UInt8>, _ number: UInt16) -> Message {
        let message = Message(type: type, body: ByteReader(Array(body)), isRepeated: isWhole(number))
        if number < 64 { whole |= 1 << UInt64(number) }
        parts.removeAll { $0.number == number }
        return message
    }
}
