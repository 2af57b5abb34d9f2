internal import Shared

/// Puts one side's handshake messages together from their fragments (RFC 6347 section 4.2.3): one message at a time,
/// fragments in order.
struct DTLSFragments: BytesHolding, Sendable {
    private var sequence: UInt16?
    private var received: [UInt8] = []
    var heldBytes: Int { received.capacity }

    /// Bytes of one message that are kept.
    private static let messageLimit = 131_072

    /// Takes one fragment off the reader.
    /// - Returns: the message when this was its last fragment.
    /// - Throws: ``DecodeError`` when the fragment is malformed.
    mutating func take(_ reader: inout ByteReader) throws(DecodeError) -> (type: UInt8, body: ByteReader)? {
        let type = try reader.byte()
        let length = try reader.be24()
        let number: UInt16 = try reader.be()
        let offset = try reader.be24()
        let part = try reader.take(try reader.be24())
        guard length <= Self.messageLimit else { throw .limit(.length) }
        if sequence != number {
            // A retransmission of an earlier message brings nothing new.
            if let sequence, number < sequence { return nil }
            sequence = number
            received = []
        }
        guard offset <= received.count, received.count < length || (length == 0 && received.isEmpty) else { return nil }
        received.append(contentsOf: part.dropFirst(received.count - offset))
        guard received.count >= length else { return nil }
        let body = ByteReader(Array(received.prefix(length)))
        if length == 0 { sequence = number &+ 1 }
        return (type, body)
    }
}
