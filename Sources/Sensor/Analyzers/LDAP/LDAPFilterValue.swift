internal import Shared

/// The value that a filter compares an attribute with, as Zeek spells it: those that Active Directory's clients send as
/// bytes (MS-ADTS section 6.3.3, MS-DTYP sections 2.3.4 and 2.4.2) become readable.
enum LDAPFilterValue {
    /// - Parameter name: the attribute, in the spelling of Windows.
    static func text(_ bytes: ArraySlice<UInt8>, of name: String) -> String {
        switch name {
        case "NtVer": version(bytes)
        case "DomainGuid": GUIDText.mixedEndian(bytes) ?? "GUID_FORMAT_FAILED"
        case "DomainSid": domain(bytes)
        case "objectSid", "AAC": octets(bytes)
        default: escaped(bytes)
        }
    }

    /// Characters that mean something in a filter are escaped, all but the backslash, which Zeek leaves as it is.
    static func escaped(_ bytes: ArraySlice<UInt8>) -> String {
        let bytes = bytes.prefix(WireText.limit)
        guard bytes.contains(where: isEscaped) else { return bytes.wireText }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + 32)
        for byte in bytes {
            if isEscaped(byte) {
                out += [0x5C, Hexadecimal.digit(byte >> 4), Hexadecimal.digit(byte & 15)]
            } else {
                out.append(byte)
            }
        }
        // Longer by its escapes than a text may be otherwise, but not more than four times.
        return out.withUnsafeBytes { WireText.string(decoding: $0) }
    }

    /// NUL, ESC, both parentheses and the asterisk.
    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte == 0 || byte == 0x1B || (0x28...0x2A).contains(byte)
    }

    /// Four bytes, the lowest first.
    private static func version(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.count == 4 else { return "HEX_FORMAT_FAILED" }
        return Hexadecimal.code(bytes.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }, digits: 8)
    }

    /// The SID of a domain: revision, count, six bytes of authority, four parts of four bytes with the lowest first.
    private static func domain(_ bytes: ArraySlice<UInt8>) -> String {
        var reader = ByteReader(bytes)
        guard bytes.count == 24, let revision = try? reader.byte(), (try? reader.byte()) != nil,
            let authority = try? reader.take(6)
        else { return "SID_FORMAT_FAILED" }
        var out = "S-\(revision)-\(authority.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })"
        while let part = try? reader.le(UInt32.self) { out += "-\(part)" }
        return out
    }

    /// Bytes of an identifier that are spelled: the longest SID has 68.
    private static let octetLimit = 256

    private static func octets(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.prefix(octetLimit).map { Hexadecimal.text(of: CollectionOfOne($0)) }.joined(separator: ":")
    }
}
