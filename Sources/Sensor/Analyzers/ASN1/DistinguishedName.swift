internal import Shared

/// A Name of X.501 as text of RFC 2253, last part first, the way Zeek (through libcrypto) writes it.
enum DistinguishedName {
    /// Parts that are spelled; real names have under ten.
    private static let limit = 64

    /// - Parameter content: the RDNSequence's content.
    static func text(_ content: ArraySlice<UInt8>) throws(DecodeError) -> String {
        var parts: [(text: String, set: Int)] = []
        var sequence = DERReader(content)
        var sets = 0
        while !sequence.isEmpty, parts.count < limit {
            var set = try sequence.next(DERTag.set).children
            while !set.isEmpty, parts.count < limit {
                var pair = try set.next(DERTag.sequence).children
                let type = try pair.next(DERTag.objectIdentifier).objectIdentifier
                parts.append((part(type, try pair.next()), sets))
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

    private static func part(_ type: String, _ value: DERElement) -> String {
        guard let name = ObjectIdentifierText.shortName(type) else {
            return "\(type)=#\(Hexadecimal.text(of: value.whole).uppercased())"
        }
        return "\(name)=\(escaped(scalars(of: value)))"
    }

    /// The characters of a string type; Latin-1 for T61String, as libcrypto reads it.
    private static func scalars(of value: DERElement) -> [UInt8] {
        switch value.tag {
        case 0x1E: Array(UTF16Text.bigEndian(value.content).utf8)
        case 0x14: value.content.flatMap { $0 < 0x80 ? [$0] : [0xC0 | $0 >> 6, 0x80 | $0 & 0x3F] }
        default: Array(value.content)
        }
    }

    /// RFC 2253 section 2.4; control characters and everything past ASCII as `\XX`.
    private static func escaped(_ bytes: [UInt8]) -> String {
        var out = ""
        for (index, byte) in bytes.enumerated() {
            let isEdgeSpace = byte == 0x20 && (index == 0 || index == bytes.count - 1)
            if byte < 0x20 || byte >= 0x7F {
                out += "\\" + Hexadecimal.text(of: [byte]).uppercased()
                continue
            }
            let special = ",+\"\\<>;".utf8.contains(byte) || isEdgeSpace || (byte == 0x23 && index == 0)
            if special { out += "\\" }
            out.unicodeScalars.append(Unicode.Scalar(byte))
        }
        return out
    }
}
