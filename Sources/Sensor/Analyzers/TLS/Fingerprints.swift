/// JA3 of a client hello and JA3S of a server hello: MD5 over decimal numbers, as Salesforce defined them.
enum JA3 {
    /// Bytes that a number takes, with what divides it from the next.
    private static let numberBytes = 6

    static func client(_ hello: ClientHello) -> String? {
        let (groups, formats) = (hello.groups, hello.pointFormats)
        let count = hello.ciphers.count + hello.extensions.count + groups.count + formats.count
        return digest(room: count + 6) { out in
            out.put(decimal: hello.legacyVersion.number)
            put(hello.ciphers, to: &out)
            put(hello.extensions.types, to: &out)
            put(groups, to: &out)
            put(formats.lazy.map { UInt16($0) }, to: &out)
        }
    }

    static func server(_ hello: ServerHello) -> String? {
        digest(room: hello.extensions.count + 6) { out in
            out.put(decimal: hello.legacyVersion.number)
            out.put(0x2C)
            out.put(decimal: hello.cipher)
            out.put(0x2C)
            for (place, type) in hello.extensions.types.enumerated() {
                if place > 0 { out.put(0x2D) }
                out.put(decimal: type)
            }
        }
    }

    /// - Parameter room: how many numbers `body` may write.
    private static func digest(room: Int, _ body: (inout ASCIIWriter) -> Void) -> String? {
        withUnsafeTemporaryAllocation(byteCount: room * numberBytes, alignment: 1) { memory in
            var out = ASCIIWriter(memory)
            body(&out)
            return Digest.md5.withBytes(of: out.text) { Hexadecimal.text(of: $0) }
        }
    }

    /// A comma, and the numbers with hyphens between.
    private static func put(_ numbers: some Sequence<UInt16>, to out: inout ASCIIWriter) {
        out.put(0x2C)
        var isFirst = true
        for number in numbers where !number.isGrease {
            if !isFirst { out.put(0x2D) }
            isFirst = false
            out.put(decimal: number)
        }
    }
}

/// JA4 of a client hello (FoxIO, BSD-3-Clause): its shape in clear and two truncated SHA-256.
enum JA4 {
    enum Carrier: Sendable { case tcp, quic, dtls }

    static func client(_ hello: ClientHello, over carrier: Carrier) -> String? {
        var ciphers = hello.ciphers.withoutGrease
        var extensions = hello.extensions.types.withoutGrease
        var out: [UInt8] = []
        out.reserveCapacity(40)
        appendShape(hello, carrier, ciphers.count, extensions, to: &out)
        ciphers.sort()
        extensions.removeAll { $0 == HelloExtension.serverName || $0 == HelloExtension.alpn }
        extensions.sort()
        let signatures = hello.signatureAlgorithms.withoutGrease
        let room = numberBytes * (max(ciphers.count, extensions.count + signatures.count) + 1)
        let isDone = withUnsafeTemporaryAllocation(byteCount: room, alignment: 1) { memory -> Bool in
            var text = ASCIIWriter(memory)
            put(ciphers, to: &text)
            guard appendDigest(of: text, to: &out) else { return false }
            text.removeAll()
            put(extensions, to: &text)
            if !signatures.isEmpty {
                text.put(0x5F)
                put(signatures, to: &text)
            }
            return appendDigest(of: text, to: &out)
        }
        return isDone ? String(decoding: out, as: UTF8.self) : nil
    }

    /// Bytes that a number takes, with what divides it from the next.
    private static let numberBytes = 5

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
    private static func put(_ numbers: [UInt16], to text: inout ASCIIWriter) {
        for (place, number) in numbers.enumerated() {
            if place > 0 { text.put(0x2C) }
            text.put(hexadecimal: number)
        }
    }

    /// An underscore and twelve digits of the SHA-256 of the text; zeros where there is none.
    /// - Returns: false where libcrypto refuses the algorithm.
    private static func appendDigest(of text: ASCIIWriter, to out: inout [UInt8]) -> Bool {
        out.append(0x5F)
        if text.isEmpty {
            out.append(contentsOf: repeatElement(0x30, count: 12))
            return true
        }
        let done: Void? = Digest.sha256.withBytes(of: text.text) { digest in
            for byte in digest.prefix(6) {
                out.append(Hexadecimal.digit(byte >> 4))
                out.append(Hexadecimal.digit(byte & 15))
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
