internal import Shared

/// A Name of X.501 as text of RFC 2253, last part first, the way Zeek (through libcrypto) writes it.
enum DistinguishedName {
    /// Parts that are spelled; real names have under ten.
    private static let limit = 64

    /// Of all its values together, ``WireText/limit`` bytes are spelled.
    /// - Parameter content: the RDNSequence's content.
    static func text(_ content: ArraySlice<UInt8>) throws(DecodeError) -> String {
        var parts: [(text: String, set: Int)] = []
        var sequence = DERReader(content)
        var sets = 0
        var left = WireText.limit
        while !sequence.isEmpty, parts.count < limit, left > 0 {
            var set = try sequence.next(DERTag.set).children
            while !set.isEmpty, parts.count < limit, left > 0 {
                var pair = try set.next(DERTag.sequence).children
                let type = try pair.next(DERTag.objectIdentifier).objectIdentifier
                let value = try pair.next()
                parts.append((part(type, value, limit: left), sets))
                left -= value.whole.count
            }
            sets += 1
        }
        var out = ""
        var previous: Int?
        for part in parts.reversed() {
            if let previous { out += previous == part.set ? "+" : "," }
            out += part.text
            previous = part.set
        }
        return out
    }

    /// - Parameter limit: bytes of the value that are spelled.
    private static func part(_ type: String, _ value: DERElement, limit: Int) -> String {
        guard let name = ObjectIdentifierText.shortName(type) else {
            return "\(type)=#\(Hexadecimal.text(of: value.whole.prefix(limit)).uppercased())"
        }
        return "\(name)=\(escaped(scalars(of: value.content.prefix(limit), tag: value.tag)))"
    }

    /// The characters of a string type; Latin-1 for T61String, as libcrypto reads it.
    private static func scalars(of content: ArraySlice<UInt8>, tag: UInt8) -> [UInt8] {
        switch tag {
        case 0x1E: Array(UTF16Text.bigEndian(content).utf8)
        case 0x1C: universal(content)
        case 0x14: content.flatMap { $0 < 0x80 ? [$0] : [0xC0 | $0 >> 6, 0x80 | $0 & 0x3F] }
        default: Array(content)
        }
    }

    /// UniversalString: four bytes a character (X.690 section 8.23.7), U+FFFD for what is none.
    private static func universal(_ content: ArraySlice<UInt8>) -> [UInt8] {
        var text = String.UnicodeScalarView()
        var start = content.startIndex
        while content.endIndex - start >= 4 {
            let value = content[start..<(start + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
            start += 4
        }
        return Array(String(text).utf8)
    }

    /// RFC 2253 section 2.4; control characters and everything past ASCII as `\XX`.
    private static func escaped(_ bytes: [UInt8]) -> String {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            let isEdgeSpace = byte == 0x20 && (index == 0 || index == bytes.count - 1)
            if byte < 0x20 || byte >= 0x7F {
                out += [0x5C, digit(byte >> 4), digit(byte & 15)]
                continue
            }
            let special = ",+\"\\<>;".utf8.contains(byte) || isEdgeSpace || (byte == 0x23 && index == 0)
            if special { out.append(0x5C) }
            out.append(byte)
        }
        return String(decoding: out, as: UTF8.self)
    }
}
