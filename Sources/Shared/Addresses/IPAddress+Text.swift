extension IPAddress: CustomStringConvertible, LosslessStringConvertible {
    /// Dotted quad, or the canonical form of RFC 5952.
    public var description: String { isIPv4 ? Self.dotted(v4) : compressed }

    private static func dotted(_ v4: UInt32) -> String {
        String(unsafeUninitializedCapacity: 16) { IPAddress(v4: v4).spell(into: UnsafeMutableRawBufferPointer($0)) }
    }

    private func group(_ index: Int) -> UInt64 {
        (index < 4 ? high >> UInt64(48 - index * 16) : low >> UInt64(112 - index * 16)) & 0xFFFF
    }

    private var compressed: String {
        var best = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || group(index) != 0 {
            if index - start > max(best.count, 1) { best = start..<index }
            start = index + 1
        }
        func joined(_ range: Range<Int>) -> String {
            range.map { String(group($0), radix: 16) }.joined(separator: ":")
        }
        return best.isEmpty ? joined(0..<8) : joined(0..<best.lowerBound) + "::" + joined(best.upperBound..<8)
    }

    /// Reads dotted quads and every RFC 4291 §2.2 form of IPv6; a zone (`%eth0`) is not accepted.
    public init?(_ text: String) {
        var copy = text
        let parsed: IPAddress? = copy.withUTF8 { IPAddress(parsing: UnsafeRawBufferPointer($0)) }
        guard let parsed else { return nil }
        self = parsed
    }

    /// Reads the text in `bytes` (ASCII).
    public init?(parsing bytes: UnsafeRawBufferPointer) {
        if bytes.contains(0x3A) {
            guard let parsed = Self.parseV6(bytes) else { return nil }
            self = parsed
        } else {
            guard let v4 = Self.parseV4(bytes[...]) else { return nil }
            self.init(v4: v4)
        }
    }

    private static func parseV4(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt32? {
        var value: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var dots = 0
        for byte in bytes {
            if byte == 0x2E {
                guard digits > 0, dots < 3 else { return nil }
                (value, part, digits, dots) = (value << 8 | part, 0, 0, dots + 1)
            } else {
                guard byte >= 0x30, byte <= 0x39, digits < 3 else { return nil }
                part = part * 10 + UInt32(byte - 0x30)
                digits += 1
                guard part < 256 else { return nil }
            }
        }
        return digits > 0 && dots == 3 ? value << 8 | part : nil
    }

    private static func parseV6(_ bytes: UnsafeRawBufferPointer) -> IPAddress? {
        guard bytes.count <= 45 else { return nil }  // INET6_ADDRSTRLEN - 1
        var groups: [UInt16] = []
        var gap: Int?
        var index = 0
        if bytes.count >= 2, bytes[0] == 0x3A {
            guard bytes[1] == 0x3A else { return nil }
            (gap, index) = (0, 2)
        }
        while index < bytes.count {
            let end = bytes[index...].firstIndex(of: 0x3A) ?? bytes.count
            let part = bytes[index..<end]
            if part.contains(0x2E) {
                guard end == bytes.count, groups.count <= 6, let v4 = parseV4(part) else { return nil }
                groups += [UInt16(v4 >> 16), UInt16(v4 & 0xFFFF)]
                break
            }
            guard (1...4).contains(part.count), groups.count < 8,
                let value = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
            else { return nil }
            groups.append(value)
            index = end + 1
            if end == bytes.count - 1 { return nil }
            if index < bytes.count, bytes[index] == 0x3A {
                guard gap == nil else { return nil }
                (gap, index) = (groups.count, index + 1)
            }
        }
        if let gap {
            guard groups.count < 8 else { return nil }
            groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        }
        guard groups.count == 8 else { return nil }
        let words = groups.map(UInt64.init)
        return IPAddress(
            high: words[0] << 48 | words[1] << 32 | words[2] << 16 | words[3],
            low: words[4] << 48 | words[5] << 32 | words[6] << 16 | words[7])
    }
}
