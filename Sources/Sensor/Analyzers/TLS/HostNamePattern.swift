/// Whether a host name is what a name in a certificate stands for (RFC 6125 section 6.4), whatever the case of letters.
enum HostNamePattern {
    /// - Parameter pattern: a host name, or one whose first label is `*`.
    static func matches(_ pattern: String, _ name: String) -> Bool {
        // No name of a host is longer (RFC 1035 section 2.3.4).
        guard pattern.utf8.count <= 255, name.utf8.count <= 255 else { return false }
        var (pattern, name) = (pattern, name)
        // Certificates of content networks have hundreds of names: bytes are compared, and nothing is made of them.
        let quick = pattern.withUTF8 { pattern in name.withUTF8 { quickMatch(pattern, $0) } }
        return quick ?? matches(lowercased: pattern.lowercased(), name.lowercased())
    }

    /// Nil where characters beyond ASCII decide.
    private static func quickMatch(_ pattern: UnsafeBufferPointer<UInt8>, _ name: UnsafeBufferPointer<UInt8>) -> Bool? {
        guard pattern.count >= 2, pattern[0] == 0x2A, pattern[1] == 0x2E else {
            return areEqual(pattern[...], name[...])
        }
        guard let dot = name.firstIndex(of: 0x2E) else { return false }
        if dot + 1 < name.count, name[dot + 1] >= 0x80 { return nil }
        if pattern.count > 2, pattern[2] >= 0x80 { return nil }
        return dot == 0 ? false : areEqual(pattern[1...], name[dot...])
    }

    private static func areEqual(
        _ left: Slice<UnsafeBufferPointer<UInt8>>, _ right: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Bool? {
        let common = min(left.count, right.count)
        for index in 0..<common {
            let (first, second) = (left[left.startIndex + index], right[right.startIndex + index])
            if first == second { continue }
            if first | second >= 0x80 { return nil }
            if lower(first) != lower(second) { return false }
        }
        if left.count == right.count { return true }
        let next = left.count > common ? left[left.startIndex + common] : right[right.startIndex + common]
        return next >= 0x80 ? nil : false
    }

    private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static func matches(lowercased pattern: String, _ name: String) -> Bool {
        guard pattern.hasPrefix("*.") else { return pattern == name }
        guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return false }
        return name[dot...] == pattern.dropFirst()
    }
}
