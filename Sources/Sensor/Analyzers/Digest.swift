internal import COpenSSL

/// Digests of something that is in memory as a whole (a certificate, a fingerprint's text).
enum Digest {
    case md5, sha1, sha256

    /// The digest, nil where libcrypto refuses the algorithm (MD5 in FIPS mode).
    func bytes(of input: some Collection<UInt8>) -> [UInt8]? {
        let data = Array(input)
        var out = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard EVP_Digest(data, data.count, &out, &length, algorithm, nil) == 1 else { return nil }
        return Array(out.prefix(Int(length)))
    }

    /// The digest as lower-case hexadecimal digits.
    func text(of input: some Collection<UInt8>) -> String? { bytes(of: input).map { Hexadecimal.text(of: $0) } }

    private var algorithm: OpaquePointer? {
        switch self {
        case .md5: EVP_md5()
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        }
    }
}
