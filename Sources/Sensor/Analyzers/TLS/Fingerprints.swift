/// JA3 of a client hello and JA3S of a server hello: MD5 over decimal numbers, as Salesforce defined them.
enum JA3 {
    static func client(_ hello: ClientHello) -> String? {
        var text: [UInt8] = []
        text.reserveCapacity(512)
        append(hello.legacyVersion.number, to: &text)
        append(hello.ciphers, to: &text)
        append(hello.extensions.map(\.type), to: &text)
        append(hello.groups, to: &text)
        append(hello.pointFormats.map(UInt16.init), to: &text)
        return Digest.md5.text(of: text)
    }

    static func server(_ hello: ServerHello) -> String? {
        let extensions = hello.extensions.map { "\($0.type)" }.joined(separator: "-")
        let text = "\(hello.legacyVersion.number),\(hello.cipher),\(extensions)"
        return Digest.md5.text(of: text.utf8)
    }

    /// A comma, and the numbers with hyphens between.
    private static func append(_ numbers: [UInt16], to text: inout [UInt8]) {
        text.append(0x2C)
        let start = text.count
        for number in numbers where !number.isGrease {
            if text.count > start { text.append(0x2D) }
            append(number, to: &text)
        }
    }

    private static func append(_ number: UInt16, to text: inout [UInt8]) {
        var scale: UInt16 = 10_000
        while scale > 1, scale > number { scale /= 10 }
        while scale > 0 {
            text.append(0x30 + UInt8(number / scale % 10))
            scale /= 10
        }
    }
}

/// JA4 of a client hello (FoxIO, BSD-3-Clause): its shape in clear and two truncated SHA-256.
enum JA4 {
    enum Carrier: String { case tcp = "t", quic = "q", dtls = "d" }

    static func client(_ hello: ClientHello, over carrier: Carrier) -> String? {
        let ciphers = hello.ciphers.filter { !$0.isGrease }
        let extensions = hello.extensions.map(\.type).filter { !$0.isGrease }
        let version = hello.supportedVersions.max().map { TLSVersion(number: $0) } ?? hello.legacyVersion
        let names = extensions.contains(HelloExtension.serverName) ? "d" : "i"
        let shape =
            carrier.rawValue + version.ja4 + names + twoDigits(ciphers.count) + twoDigits(extensions.count)
            + ends(of: hello.alpn.first)
        let hashed = extensions.filter { $0 != HelloExtension.serverName && $0 != HelloExtension.alpn }
        let signatures = hello.signatureAlgorithms.filter { !$0.isGrease }
        guard let first = hash([ciphers.sorted()]), let second = hash([hashed.sorted(), signatures])
        else { return nil }
        return "\(shape)_\(first)_\(second)"
    }

    /// Twelve digits of the SHA-256 of the lists, each joined by commas, and the lists by an underscore.
    private static func hash(_ lists: [[UInt16]]) -> String? {
        guard lists.contains(where: { !$0.isEmpty }) else { return "000000000000" }
        var text: [UInt8] = []
        text.reserveCapacity(512)
        for (index, list) in lists.enumerated() where index == 0 || !list.isEmpty {
            if index > 0 { text.append(0x5F) }
            for (place, number) in list.enumerated() {
                if place > 0 { text.append(0x2C) }
                for shift in [UInt16(12), 8, 4, 0] {
                    let digit = UInt8(number >> shift & 15)
                    text.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
                }
            }
        }
        return Digest.sha256.bytes(of: text).map { Hexadecimal.text(of: $0.prefix(6)) }
    }

    /// First and last character of the first protocol; its first and last hexadecimal digit where
    /// either is not a letter or digit; `00` without a protocol.
    private static func ends(of name: ArraySlice<UInt8>?) -> String {
        guard let name, let first = name.first, let last = name.last else { return "00" }
        if isAlphanumeric(first), isAlphanumeric(last) { return String(decoding: [first, last], as: UTF8.self) }
        return "\(Hexadecimal.text(of: [first]).prefix(1))\(Hexadecimal.text(of: [last]).suffix(1))"
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func twoDigits(_ count: Int) -> String { count < 10 ? "0\(count)" : "\(min(count, 99))" }
}
