internal import COpenSSL

/// A digest algorithm, looked up once: what `EVP_sha256()` and its like name is searched among the providers at each
/// use.
///
/// `@unchecked Sendable`: libcrypto counts the uses of a fetched method atomically and never changes it.
struct DigestMethod: @unchecked Sendable {
    /// Nil where libcrypto refuses the algorithm (MD5 in FIPS mode).
    let pointer: OpaquePointer?

    private init(_ name: String) { pointer = EVP_MD_fetch(nil, name, nil) }

    static let md5 = DigestMethod("MD5")
    static let sha1 = DigestMethod("SHA1")
    static let sha256 = DigestMethod("SHA2-256")
}
