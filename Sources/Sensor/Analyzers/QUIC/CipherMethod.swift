internal import COpenSSL

/// A cipher, looked up once: what `EVP_aes_128_gcm()` and its like name is searched among the providers at each use.
///
/// `@unchecked Sendable`: libcrypto counts the uses of a fetched method atomically and never changes it.
struct CipherMethod: @unchecked Sendable {
    /// Nil where libcrypto refuses the cipher.
    let pointer: OpaquePointer?

    private init(_ name: String) { pointer = EVP_CIPHER_fetch(nil, name, nil) }

    static let aes128ECB = CipherMethod("AES-128-ECB")
    static let aes128GCM = CipherMethod("AES-128-GCM")
}
