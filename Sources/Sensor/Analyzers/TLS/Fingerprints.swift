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
        var text: [UInt8] = []
        text.reserveCapacity(128)
        append(hello.legacyVersion.number, to: &text)
        text.append(0x2C)
        append(hello.cipher, to: &text)
        text.append(0x2C)
        for (place, element) in hello.extensions.enumerated() {
            if place > 0 { text.append(0x2D) }
            append(element.type, to: &text)
        }
        return Digest.md5.text(of: text)
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

    /// Decimal digits. Divisors that the compiler knows are multiplications.
    private static func append(_ number: UInt16, to text: inout [UInt8]) {
        if number >= 10_000 { text.append(0x30 + UInt8(number / 10_000)) }
        if number >= 1000 { text.append(0x30 + UInt8(number / 1000 % 10)) }
        if number >= 100 { text.append(0x30 + UInt8(number / 100 % 10)) }
        if number >= 10 { text.append(0x30 + UInt8(number / 10 % 10)) }
        text.append(0x30 + UInt8(number % 10))
    }
}

/// JA4 of a client hello (FoxIO, BSD-3-Clause): its shape in clear and two truncated SHA-256.
enum JA4 {
    enum Carrier: Sendable { case tcp, quic, dtls }

    static func client(_ hello: ClientHello, over carrier: Carrier) -> String? {
        var ciphers = hello.ciphers.withoutGrease
        var extensions = hello.extensions.map(\.type).withoutGrease
        var out: [UInt8] = []
        out.reserveCapacity(40)
        appendShape(hello, carrier, ciphers.count, extensions, to: &out)
        ciphers.sort()
        extensions.removeAll { $0 == HelloExtension.serverName || $0 == HelloExtension.alpn }
        extensions.sort()
        var text: [UInt8] = []
        text.reserveCapacity(512)
        append(ciphers, to: &text)
        guard appendDigest(of: text, to: &out) else { return nil }
        text.removeAll(keepingCapacity: true)
        append(extensions, to: &text)
        let signatures = hello.signatureAlgorithms.withoutGrease
        if !signatures.isEmpty {
            text.append(0x5F)
            append(signatures, to: &text)
        }
        guard appendDigest(of: text, to: &out) else { return nil }
        return String(decoding: out, as: UTF8.self)
    }

    private static func appendShape(
        _ hello: ClientHello, _ carrier: Carrier, _ cipherCount: Int, _ extensions: [UInt16], to out: inout [UInt8]
    ) {
        let version = hello.supportedVersions.max().map { TLSVersion(number: $0) } ?? hello.legacyVersion
        switch carrier {
        case .tcp: out.append(0x74)
        case .quic: out.append(0x71)
        case .dtls: out.append(0x64)
        }
        out.append(contentsOf: version.ja4.utf8)
        out.append(extensions.contains(HelloExtension.serverName) ? 0x64 : 0x69)
        appendTwoDigits(cipherCount, to: &out)
        appendTwoDigits(extensions.count, to: &out)
        appendEnds(of: hello.alpn.first, to: &out)
    }

    /// Numbers of four hexadecimal digits, joined by commas.
    private static func append(_ numbers: [UInt16], to text: inout [UInt8]) {
        for (place, number) in numbers.enumerated() {
            if place > 0 { text.append(0x2C) }
            text.append(Hexadecimal.digit(UInt8(number >> 12)))
            text.append(Hexadecimal.digit(UInt8(number >> 8 & 15)))
            text.append(Hexadecimal.digit(UInt8(number >> 4 & 15)))
            text.append(Hexadecimal.digit(UInt8(number & 15)))
        }
    }

    /// An underscore and twelve digits of the SHA-256 of the text; zeros where there is none.
    /// - Returns: false where libcrypto refuses the algorithm.
    private static func appendDigest(of text: [UInt8], to out: inout [UInt8]) -> Bool {
        out.append(0x5F)
        if text.isEmpty {
            out.append(contentsOf: repeatElement(0x30, count: 12))
            return true
        }
        let done: Void? = text.withUnsafeBytes { bytes in
            Digest.sha256.withBytes(of: bytes) { digest in
                for byte in digest.prefix(6) {
                    out.append(Hexadecimal.digit(byte >> 4))
                    out.append(Hexadecimal.digit(byte & 15))
                }
            }
        }
        return done != nil
    }

    /// First and last character of the first protocol; its first and last hexadecimal digit where
    /// either is not a letter or digit; `00` without a protocol.
    private static func appendEnds(of name: ArraySlice<UInt8>?, to out: inout [UInt8]) {
        var ends: (UInt8, UInt8) = (0x30, 0x30)
        if let first = name?.first, let last = name?.last {
            let areShown = isAlphanumeric(first) && isAlphanumeric(last)
            ends = areShown ? (first, last) : (Hexadecimal.digit(first >> 4), Hexadecimal.digit(last & 15))
        }
        out.append(ends.0)
        out.append(ends.1)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func appendTwoDigits(_ count: Int, to out: inout [UInt8]) {
        let shown = UInt8(min(count, 99))
        out.append(0x30 + shown / 10)
        out.append(0x30 + shown % 10)
    }
}
