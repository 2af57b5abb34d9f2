internal import COpenSSL

/// Digests of something that is in memory as a whole (a certificate, a fingerprint's text).
enum Digest {
    case md5, sha1, sha256

    /// The digest, nil where libcrypto refuses the algorithm (MD5 in FIPS mode).
    func bytes(of input: some Collection<UInt8>) -> [UInt8]? {
        guard let algorithm = algorithm.pointer else { return nil }
        let data = Array(input)
        var length: UInt32 = 0
        let out = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            let done = EVP_Digest(data, data.count, buffer.baseAddress, &length, algorithm, nil)
            count = done == 1 ? Int(length) : 0
        }
        return out.isEmpty ? nil : out
    }

    /// The digest as lower-case hexadecimal digits.
    func text(of input: some Collection<UInt8>) -> String? { bytes(of: input).map { Hexadecimal.text(of: $0) } }

    private var algorithm: DigestMethod {
        switch self {
        case .md5: .md5
        case .sha1: .sha1
        case .sha256: .sha256
        }
    }
}
