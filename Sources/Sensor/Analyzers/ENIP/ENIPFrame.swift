internal import Shared

/// A message of the encapsulation protocol of EtherNet/IP (CIP Networks Library volume 2, chapter 2): a header of 24
/// bytes, little endian, and data, mostly a list of items.
enum ENIPFrame {
    static let headerLength = 24
    /// Items of one message; the specification has no message with more than four.
    static let itemLimit = 8
    /// Data that is carried cyclically over UDP, without a header: a list of two items, the first an address.
    private static let cyclicLength = 18

    /// Whether messages that hold to the specification begin here.
    static func isMessage(_ bytes: RawSpan, from side: Side) -> Bool {
        guard let command = try? bytes.readLE(at: 0, as: UInt16.self), ENIPNames.commands[command] != nil,
            let length = try? Int(bytes.readLE(at: 2, as: UInt16.self)),
            let status = try? bytes.readLE(at: 8, as: UInt32.self), ENIPNames.statuses[status] != nil,
            (try? bytes.readLE(at: 20, as: UInt32.self)) == 0
        else { return false }
        // A request without data is little to go by: it is believed of the side that asks.
        guard length > 0 || side == .originator || command > 0x66 else { return false }
        guard isPlausible(bytes, command, length, status) else { return false }
        let end = headerLength + length
        guard bytes.byteCount > end else { return bytes.byteCount == end }
        guard let next = try? bytes.readLE(at: end, as: UInt16.self) else { return false }
        return ENIPNames.commands[next] != nil
    }

    /// Whether the beginning of such a message is here, as far as it goes: of its command, length and session at least.
    static func mayBegin(_ bytes: RawSpan, from side: Side) -> Bool {
        guard let command = try? bytes.readLE(at: 0, as: UInt16.self),
            let length = try? Int(bytes.readLE(at: 2, as: UInt16.self)),
            let session = try? bytes.readLE(at: 4, as: UInt32.self), bytes.byteCount < headerLength + length
        else { return false }
        let isFitting =
            switch command {
            case 0x65: length == 4
            case 0x66: length == 0 && session != 0 && side == .originator
            case 0x04, 0x63, 0x64: session == 0 && (length >= 2 || length == 0 && side == .originator)
            case 0x6F, 0x70: session != 0 && (length == 0 || length >= 12)
            default: false
            }
        guard isFitting else { return false }
        if let status = try? bytes.readLE(at: 8, as: UInt32.self), ENIPNames.statuses[status] == nil { return false }
        // No options, and the interface of what is asked of objects.
        if let options = try? bytes.readLE(at: 20, as: UInt32.self), options != 0 { return false }
        guard command > 0x66, let interface = try? bytes.readLE(at: 24, as: UInt32.self) else { return true }
        return interface == 0
    }

    /// What each command demands of its data (sections 2-3 and 2-4).
    private static func isPlausible(_ bytes: RawSpan, _ command: UInt16, _ length: Int, _ status: UInt32) -> Bool {
        let session = (try? bytes.readLE(at: 4, as: UInt32.self)) ?? 0
        switch command {
        case 0x65:
            return length == 4 && (try? bytes.readLE(at: 24, as: UInt16.self)) == 1
                && (try? bytes.readLE(at: 26, as: UInt16.self)) == 0
        case 0x66: return length == 0 && session != 0
        case 0x04, 0x63, 0x64: return session == 0 && (length == 0 ? status == 0 : hasItems(bytes, at: 24))
        case 0x6F, 0x70:
            // A refusal has no data.
            if length == 0 { return session != 0 && status != 0 }
            return session != 0 && (try? bytes.readLE(at: 24, as: UInt32.self)) == 0 && hasItems(bytes, at: 30)
        default: return false
        }
    }

    /// A count, and a first item whose type exists and whose length fits.
    private static func hasItems(_ bytes: RawSpan, at offset: Int) -> Bool {
        guard let count = try? bytes.readLE(at: offset, as: UInt16.self), count <= itemLimit else { return false }
        guard count > 0 else { return bytes.byteCount == offset + 2 }
        guard let type = try? bytes.readLE(at: offset + 2, as: UInt16.self),
            let length = try? Int(bytes.readLE(at: offset + 4, as: UInt16.self))
        else { return false }
        return [0x0000, 0x000C, 0x0086, 0x0087, 0x00A1, 0x0100, 0x8002].contains(type)
            && offset + 6 + length <= bytes.byteCount
    }

    /// Whether a datagram carries cyclic data: a sequenced address and connected data that fills the rest.
    static func isCyclic(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= cyclicLength, (try? bytes.readLE(at: 0, as: UInt16.self)) == 2,
            (try? bytes.readLE(at: 2, as: UInt32.self)) == 0x0008_8002,
            (try? bytes.readLE(at: 14, as: UInt16.self)) == 0x00B1,
            let length = try? Int(bytes.readLE(at: 16, as: UInt16.self))
        else { return false }
        return bytes.byteCount == cyclicLength + length
    }
}
