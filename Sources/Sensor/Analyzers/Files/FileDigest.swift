internal import COpenSSL
internal import Shared

/// Running MD5, SHA-1 and SHA-256 of one file.
///
/// A class, since the contexts of libcrypto must be freed exactly once; made only for files.
final class FileDigest {
    /// The three digests in hexadecimal.
    struct Result: Equatable, Sendable {
        let md5, sha1, sha256: String
    }

    private let md5 = EVP_MD_CTX_new()
    private let sha1 = EVP_MD_CTX_new()
    private let sha256 = EVP_MD_CTX_new()
    private var isUsable: Bool

    init() {
        isUsable =
            EVP_DigestInit_ex(md5, EVP_md5(), nil) == 1 && EVP_DigestInit_ex(sha1, EVP_sha1(), nil) == 1
            && EVP_DigestInit_ex(sha256, EVP_sha256(), nil) == 1
    }

    deinit {
        EVP_MD_CTX_free(md5)
        EVP_MD_CTX_free(sha1)
        EVP_MD_CTX_free(sha256)
    }

    /// Adds the next bytes of the file.
    func update(_ bytes: RawSpan) {
        guard isUsable else { return }
        bytes.withUnsafeBytes { buffer in
            isUsable =
                EVP_DigestUpdate(md5, buffer.baseAddress, buffer.count) == 1
                && EVP_DigestUpdate(sha1, buffer.baseAddress, buffer.count) == 1
                && EVP_DigestUpdate(sha256, buffer.baseAddress, buffer.count) == 1
        }
    }

    /// The digests; once. Nil when libcrypto refused one of them (a FIPS provider refuses MD5).
    func finish() -> Result? {
        guard isUsable, let md5 = Self.value(of: md5), let sha1 = Self.value(of: sha1),
            let sha256 = Self.value(of: sha256)
        else { return nil }
        isUsable = false
        return Result(md5: md5, sha1: sha1, sha256: sha256)
    }

    private static func value(of context: OpaquePointer?) -> String? {
        var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard EVP_DigestFinal_ex(context, &bytes, &count) == 1 else { return nil }
        return Hexadecimal.text(of: bytes[..<Int(count)])
    }
}
