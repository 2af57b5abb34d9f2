internal import COpenSSL

/// Digests of something that is in memory as a whole (a certificate, a fingerprint's text).
enum Digest {
    case md5, sha1, sha256

    /// Lends the digest to `body`; nil where libcrypto refuses the algorithm (MD5 in FIPS mode).
    func withBytes<Result>(
        of input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        guard let algorithm = algorithm.pointer else { return nil }
        return withUnsafeTemporaryAllocation(byteCount: Int(EVP_MAX_MD_SIZE), alignment: 8) { out -> Result? in
            var length: UInt32 = 0
            let place = out.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard EVP_Digest(input.baseAddress, input.count, place, &length, algorithm, nil) == 1, length > 0,
                Int(length) <= out.count
            else { return nil }
            return body(UnsafeRawBufferPointer(rebasing: out[..<Int(length)]))
        }
    }

    /// The digest, nil where libcrypto refuses the algorithm (MD5 in FIPS mode).
    func bytes(of input: some Collection<UInt8>) -> [UInt8]? { withBytes(of: input) { [UInt8]($0) } }

    /// The digest as lower-case hexadecimal digits.
    func text(of input: some Collection<UInt8>) -> String? { withBytes(of: input) { Hexadecimal.text(of: $0) } }

    private func withBytes<Result>(
        of input: some Collection<UInt8>, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result? {
        let inPlace = input.withContiguousStorageIfAvailable { withBytes(of: UnsafeRawBufferPointer($0), body) }
        if let inPlace { return inPlace }
        return Array(input).withUnsafeBytes { withBytes(of: $0, body) }
    }

    private var algorithm: DigestMethod {
        switch self {
        case .md5: .md5
        case .sha1: .sha1
        case .sha256: .sha256
        }
    }
}
