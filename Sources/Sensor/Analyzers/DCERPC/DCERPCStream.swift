internal import Shared

/// Cuts one side of a stream into PDUs of connection-oriented DCE/RPC (C706 chapter 12): of calls only their heads
/// are mostly kept, of binds all.
struct DCERPCStream: BytesHolding, Sendable {
    /// The PDU at hand, as much of it as is wanted.
    private(set) var pdu: [UInt8] = []
    private var toSkip = 0

    var heldBytes: Int { pdu.capacity }

    static let headerLength = 16
    /// Head of a request or response: common header, allocation hint, context, operation.
    private static let callLength = 24
    /// Memory that a stream keeps between PDUs.
    private static let keptCapacity = 512

    /// Takes bytes off the front of `payload`.
    /// - Parameter isWhole: calls are wanted to their ends, too.
    /// - Returns: whether ``pdu`` is complete enough; it stays until it is consumed.
    /// - Throws: ``DecodeError`` for what cannot be a header.
    mutating func next(_ payload: RawSpan, at offset: inout Int, isWhole: Bool) throws(DecodeError) -> Bool {
        while offset < payload.byteCount {
            if toSkip > 0 {
                let count = min(toSkip, payload.byteCount - offset)
                toSkip -= count
                offset += count
                continue
            }
            let wanted = try wantedLength(isWhole)
            let count = min(wanted - pdu.count, payload.byteCount - offset)
            payload.extracting(offset..<(offset + count)).withUnsafeBytes { pdu.append(contentsOf: $0) }
            offset += count
            guard pdu.count >= Self.headerLength, try wantedLength(isWhole) == pdu.count else { continue }
            return true
        }
        return false
    }

    /// Ends the PDU at hand. Its memory serves the next.
    mutating func consume() {
        toSkip = DCERPCHeader.fragmentLength(pdu) - pdu.count
        pdu.removeAll(keepingCapacity: pdu.capacity <= Self.keptCapacity)
    }

    /// Passes over lost bytes, and ends the PDU at hand.
    /// - Returns: false when they are not all of one PDU whose length is known; the next bytes begin anew then.
    mutating func lose(_ byteCount: Int) -> Bool {
        // What was no header says nothing of a length.
        if pdu.count >= Self.headerLength, pdu[0] == 5, pdu[1] <= 1 {
            toSkip = max(DCERPCHeader.fragmentLength(pdu) - pdu.count, 0)
        }
        let isWithin = byteCount <= toSkip
        toSkip = isWithin ? toSkip - byteCount : 0
        pdu.removeAll(keepingCapacity: pdu.capacity <= Self.keptCapacity)
        return isWithin
    }

    /// Bytes that the PDU at hand needs to be looked at.
    private func wantedLength(_ isWhole: Bool) throws(DecodeError) -> Int {
        guard pdu.count >= Self.headerLength else { return Self.headerLength }
        guard pdu[0] == 5, pdu[1] <= 1 else { throw .invalid(.version) }
        let length = DCERPCHeader.fragmentLength(pdu)
        guard length >= Self.headerLength else { throw .invalid(.length) }
        let isCall = pdu[2] == 0 || pdu[2] == 2 || pdu[2] == 3
        // More than their heads may be there already, which was wanted before.
        return isCall && !isWhole ? min(length, max(Self.callLength, pdu.count)) : length
    }
}

/// The common header of PDUs (C706 section 12.6.3.1).
enum DCERPCHeader {
    /// Whether integers are little-endian: high half of the first byte of the data representation.
    static func isLittleEndian(_ pdu: [UInt8]) -> Bool { pdu.count > 4 && pdu[4] & 0xF0 == 0x10 }

    static func fragmentLength(_ pdu: [UInt8]) -> Int { number16(pdu, at: 8) }

    static func number16(_ pdu: [UInt8], at offset: Int) -> Int {
        guard offset + 1 < pdu.count else { return 0 }
        let (first, second) = (Int(pdu[offset]), Int(pdu[offset + 1]))
        return isLittleEndian(pdu) ? first | second << 8 : first << 8 | second
    }

    static func number32(_ pdu: [UInt8], at offset: Int) -> UInt32 {
        let (first, second) = (UInt32(number16(pdu, at: offset)), UInt32(number16(pdu, at: offset + 2)))
        return isLittleEndian(pdu) ? first | second << 16 : first << 16 | second
    }
}
