internal import COpenSSL

/// HKDF with SHA-256 (RFC 5869) and the labels of TLS 1.3 (RFC 8446 section 7.1).
enum HKDF {
    static func extract(salt: [UInt8], input: [UInt8]) -> [UInt8]? { hmac(key: salt, input) }

    /// HKDF-Expand-Label with an empty context.
    static func expand(_ secret: [UInt8], label: String, length: Int) -> [UInt8]? {
        let name = Array("tls13 \(label)".utf8)
        let info = [UInt8(length >> 8), UInt8(length & 0xFF), UInt8(name.count)] + name + [0]
        // One block is enough: nothing here is longer than a digest.
        return hmac(key: secret, info + [1]).map { Array($0.prefix(length)) }
    }

    private static func hmac(key: [UInt8], _ input: [UInt8]) -> [UInt8]? {
        guard let short = key.count > block ? Digest.sha256.bytes(of: key) : key,
            let inner = digest(short, 0x36, input)
        else { return nil }
        return digest(short, 0x5C, inner)
    }

    private static let block = 64

    /// The digest of a block of the padded key and what follows it.
    private static func digest(_ key: [UInt8], _ pad: UInt8, _ input: [UInt8]) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(block + input.count)
        for byte in key { text.append(byte ^ pad) }
        while text.count < block { text.append(pad) }
        text.append(contentsOf: input)
        return Digest.sha256.bytes(of: text)
    }
}
