internal import Shared

/// Opens messages that a SASL layer only signs: GSS-API's wrap tokens of Kerberos (RFC 4121 section 4.2.6.2) and
/// NTLM's signatures (MS-NLMP 2.2.2.9).
enum SASLWrapping {
    /// The messages inside; empty when they are encrypted.
    static func content(_ wrapped: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        if wrapped.starts(with: [0x01, 0x00, 0x00, 0x00]) { return plain(wrapped.dropFirst(16)) }
        guard wrapped.starts(with: [0x05, 0x04]) else { return [] }
        var header = ByteReader(wrapped.dropFirst(2))
        guard let flags = try? header.byte(), flags & 2 == 0, (try? header.byte()) != nil,
            let extra = try? header.be(UInt16.self), let rotation = try? header.be(UInt16.self)
        else { return [] }
        let body = wrapped.dropFirst(16)
        // The checksum stands behind the message, unless the sender has rotated it to the front.
        if rotation == 0 { return plain(body.dropLast(Int(extra))) }
        return rotation == extra ? plain(body.dropFirst(Int(extra))) : []
    }

    /// The same of a wrapped message whose end is missing.
    static func beginning(_ wrapped: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let place = content(wrapped.span.bytes, of: Int(UInt32.max))
        let bytes = wrapped.dropFirst(place?.lowerBound ?? wrapped.count)
        var reader = DERReader(bytes)
        return (try? reader.nextBeginning()).map(isMessage) ?? false ? bytes : []
    }

    /// Whether bytes are the head of a wrapped message: Kerberos' with three bits of flags and a filler, or NTLM's
    /// first version, which is known only where it signs a message that can be read.
    static func isToken(_ head: RawSpan) -> Bool {
        guard head.byteCount > 16, let mark: UInt32 = try? head.readBE(at: 0) else { return false }
        if mark == 0x0100_0000 { return (try? head.byte(at: 16)) == DERTag.sequence }
        return mark >> 16 == 0x0504 && mark & 0xF8FF == 0x00FF
    }

    /// The greatest length that three bytes, in which both sides tell theirs, can have (RFC 4752 section 3.1).
    static let longest = 0xFF_FFFF

    /// Whether a long wrapped message may begin so, of which there may be little yet.
    static func mayBegin(_ head: RawSpan, of length: Int) -> Bool {
        guard length <= longest else { return false }
        guard head.byteCount > 16 else { return true }
        return (try? head.readBE(at: 0, as: UInt32.self)) == 0x0100_0000 || isToken(head)
    }

    /// Where the message lies in a wrapped one of `length` bytes that begins so; nil where it is encrypted, and as long
    /// as that cannot be told.
    static func content(_ head: RawSpan, of length: Int) -> Range<Int>? {
        guard head.byteCount > 16, length > 16, !isOpaque(head), let mark: UInt32 = try? head.readBE(at: 0),
            let extra: UInt16 = try? head.readBE(at: 4), let rotation: UInt16 = try? head.readBE(at: 6)
        else { return nil }
        if mark == 0x0100_0000 { return 16..<length }
        let (start, end) = rotation == 0 ? (16, length - Int(extra)) : (16 + Int(extra), length)
        return rotation == 0 || rotation == extra ? start..<Swift.max(start, end) : nil
    }

    /// Whether nothing can be read of a message that begins so. False as long as that cannot be told.
    static func isOpaque(_ head: RawSpan) -> Bool {
        guard head.byteCount > 16, let mark: UInt32 = try? head.readBE(at: 0) else { return false }
        if mark == 0x0100_0000 { return (try? head.byte(at: 16)) != DERTag.sequence }
        // Kerberos seals or signs by a bit of the third byte.
        return mark >> 16 != 0x0504 || mark & 0x0200 != 0
    }

    /// What can be read: messages and nothing else. One in 256 of NTLM's sealed ones begins like it by chance.
    private static func plain(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var reader = DERReader(bytes)
        while !reader.isEmpty {
            guard let element = try? reader.next(), isMessage(element) else { return [] }
        }
        return bytes
    }

    /// LDAPMessage begins with its number (RFC 4511 section 4.1.1).
    private static func isMessage(_ element: DERElement) -> Bool {
        element.tag == DERTag.sequence && element.content.first == DERTag.integer
    }
}
