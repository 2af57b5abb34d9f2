internal import COpenSSL

/// Keys of QUIC's Initial packets, which anyone can derive from the client's first connection identifier
/// (RFC 9001 section 5.2, RFC 9369 section 3.3): AES-128-GCM and, for the header, AES-128-ECB.
struct QUICKeys: Sendable {
    private let header: QUICHeaderKey
    private var payload: QUICPayloadKey?

    /// The secret that both sides' keys come from.
    static func secret(version: QUICVersion, connectionID: ArraySlice<UInt8>) -> [UInt8]? {
        HKDF.extract(salt: version.salt, input: Array(connectionID))
    }

    /// - Parameter isClient: keys of the client's packets, else of the server's.
    init?(version: QUICVersion, secret: [UInt8], isClient: Bool) {
        guard let header = QUICHeaderKey(version: version, secret: secret, isClient: isClient) else { return nil }
        self.header = header
    }

    /// Removes a packet's protection; nil when the keys do not fit. The payload's key is worked out only when the
    /// header may be right: of four that are not, three are known by that.
    mutating func payload(of packet: QUICPacket) -> [UInt8]? {
        guard let plain = packet.unprotected(header) else { return nil }
        if payload == nil { payload = QUICPayloadKey(header) }
        return payload?.open(number: plain.number, header: plain.header, sealed: plain.sealed)
    }
}

/// What takes the protection off the headers of one side's packets (RFC 9001 section 5.4), and what that side's other
/// keys come from.
struct QUICHeaderKey: Sendable {
    private let secret: [UInt8]
    private let prefix: String
    private let key: [UInt8]

    init?(version: QUICVersion, secret initial: [UInt8], isClient: Bool) {
        prefix = version.usesSecondLabels ? "quicv2" : "quic"
        guard let secret = HKDF.expand(initial, label: isClient ? "client in" : "server in", length: 32),
            let key = HKDF.expand(secret, label: prefix + " hp", length: 16)
        else { return nil }
        (self.secret, self.key) = (secret, key)
    }

    /// Another key of the side.
    func expand(_ label: String, length: Int) -> [UInt8]? {
        HKDF.expand(secret, label: "\(prefix) \(label)", length: length)
    }

    /// The mask of a header from a sample of 16 bytes (RFC 9001 section 5.4.3).
    func mask(sample: ArraySlice<UInt8>) -> [UInt8]? {
        guard sample.count == 16, let cipher = CipherMethod.aes128ECB.pointer, let context = EVP_CIPHER_CTX_new() else {
            return nil
        }
        defer { EVP_CIPHER_CTX_free(context) }
        var out = [UInt8](repeating: 0, count: 32)
        var length: Int32 = 0
        guard EVP_EncryptInit_ex(context, cipher, nil, key, nil) == 1,
            EVP_EncryptUpdate(context, &out, &length, Array(sample), 16) == 1
        else { return nil }
        return Array(out.prefix(5))
    }
}

/// What opens the payloads of one side's packets.
struct QUICPayloadKey: Sendable {
    private let key: [UInt8]
    private let iv: [UInt8]

    init?(_ header: QUICHeaderKey) {
        guard let key = header.expand("key", length: 16), let iv = header.expand("iv", length: 12) else { return nil }
        (self.key, self.iv) = (key, iv)
    }

    /// Opens a packet's payload; nil when the tag does not fit.
    /// - Parameters:
    ///   - header: the whole header without protection, which is authenticated too.
    ///   - sealed: payload and 16 bytes of tag.
    func open(number: UInt64, header: [UInt8], sealed: ArraySlice<UInt8>) -> [UInt8]? {
        guard sealed.count > 16, let cipher = CipherMethod.aes128GCM.pointer, let context = EVP_CIPHER_CTX_new() else {
            return nil
        }
        defer { EVP_CIPHER_CTX_free(context) }
        var nonce = iv
        for index in 0..<8 { nonce[4 + index] ^= UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * index)) }
        let cipherText = Array(sealed.dropLast(16))
        var tag = Array(sealed.suffix(16))
        var out = [UInt8](repeating: 0, count: cipherText.count + 16)
        var length: Int32 = 0
        guard EVP_DecryptInit_ex(context, cipher, nil, key, nonce) == 1,
            EVP_DecryptUpdate(context, nil, &length, header, Int32(header.count)) == 1,
            EVP_DecryptUpdate(context, &out, &length, cipherText, Int32(cipherText.count)) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, &tag) == 1
        else { return nil }
        var finalLength: Int32 = 0
        var rest = [UInt8](repeating: 0, count: 16)
        guard EVP_DecryptFinal_ex(context, &rest, &finalLength) == 1 else { return nil }
        return Array(out.prefix(Int(length)))
    }
}
