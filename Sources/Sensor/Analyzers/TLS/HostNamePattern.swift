/// Whether a host name is what a name in a certificate stands for, whatever the case of letters: by the rules of
/// libcrypto's `X509_check_host`, which Zeek asks, and which are those of RFC 6125 section 6.4.
enum HostNamePattern {
    private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    /// - Parameter pattern: a host name, or one in whose first label stands a `*` for one or more characters.
    static func matches(_ pattern: String, _ name: String) -> Bool {
        // No name of a host is longer (RFC 1035 section 2.3.4).
        guard pattern.utf8.count <= 255, name.utf8.count <= 255 else { return false }
        var (pattern, name) = (pattern, name)
        // Certificates of content networks have hundreds of names: bytes are compared, and nothing is made of them.
        return pattern.withUTF8 { pattern in name.withUTF8 { matches(pattern[...], $0[...]) } }
    }

    private static func matches(_ pattern: Bytes, _ name: Bytes) -> Bool {
        // A name that begins with a dot stands for all names below it, and no wildcard for it.
        if name.count > 1, name[name.startIndex] == dot {
            return areEqual(pattern.suffix(name.count), name)
        }
        guard let place = pattern.firstIndex(of: star), isWildcard(pattern, place) else {
            return areEqual(pattern, name)
        }
        let (before, behind) = (pattern[..<place], pattern[(place + 1)...])
        guard name.count >= before.count + behind.count, areEqual(before, name.prefix(before.count)),
            areEqual(behind, name.suffix(behind.count))
        else { return false }
        let label = name.dropFirst(before.count).dropLast(behind.count)
        let isWholeLabel = before.isEmpty && behind.first == dot
        if isWholeLabel ? label.isEmpty : beginsEncoded(label) { return false }
        return label.elementsEqual([star]) || label.allSatisfy { isAlphanumeric($0) || $0 == hyphen }
    }

    /// Whether a pattern may stand for several names: its only `*` begins or ends its first label, two labels at least
    /// come behind, and all are labels of a host (RFC 1123 section 2.1), the first none of IDNA (RFC 5890).
    private static func isWildcard(_ pattern: Bytes, _ place: Int) -> Bool {
        let isFirst = place == pattern.startIndex
        let isLast = place + 1 == pattern.endIndex || pattern[place + 1] == dot
        guard isFirst || isLast, !pattern[..<place].contains(dot), !beginsEncoded(pattern[..<place]) else {
            return false
        }
        var dots = 0
        var previous = dot
        for (index, byte) in zip(pattern.indices, pattern) {
            switch byte {
            case star where index != place: return false
            case dot:
                if previous == dot || previous == hyphen { return false }
                dots += 1
            case hyphen: if previous == dot { return false }
            default: guard byte == star || isAlphanumeric(byte) else { return false }
            }
            previous = byte
        }
        return dots >= 2 && previous != dot && previous != hyphen
    }

    /// Whether a label begins as those of IDNA do.
    private static func beginsEncoded(_ label: Bytes) -> Bool {
        label.count >= 4 && zip(label, "xn--".utf8).allSatisfy { $0.lowercasedASCII == $1 }
    }

    private static func areEqual(_ left: Bytes, _ right: Bytes) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte.lowercasedASCII) || (0x30...0x39).contains(byte)
    }

    private static let star = UInt8(ascii: "*")
    private static let dot = UInt8(ascii: ".")
    private static let hyphen = UInt8(ascii: "-")
}
