internal import Shared

/// Certificates that a worker has read, by the SHA-256 of their DER form: servers show the same ones again and again,
/// and reading one costs as much as the rest of its handshake.
struct KnownCertificates: Sendable {
    /// A SHA-256.
    private struct Key: Hashable {
        let words: (UInt64, UInt64, UInt64, UInt64)

        static func == (left: Key, right: Key) -> Bool { left.words == right.words }
        /// One word is as good as four of what is a digest already.
        func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
    }

    private var certificates: [Key: Certificate] = [:]
    /// Bytes of the DER forms of what is kept.
    private(set) var byteCount = 0

    var count: Int { certificates.count }

    /// Certificates that are kept; all are forgotten when there are more.
    static let limit = 1024
    /// Bytes of DER that they may come from: what a certificate holds in memory goes with its size.
    static let byteLimit = 4_194_304

    /// The certificate of a DER form.
    /// - Throws: ``DecodeError`` where the structure is not a certificate's.
    mutating func certificate(der: ArraySlice<UInt8>) throws(DecodeError) -> Certificate {
        guard let key = Self.key(of: der) else { return try Certificate(der: der) }
        if let known = certificates[key] { return known }
        let new = try Certificate(der: der)
        guard der.count <= Self.byteLimit else { return new }
        if certificates.count >= Self.limit || byteCount > Self.byteLimit - der.count {
            certificates.removeAll()
            byteCount = 0
        }
        certificates[key] = new
        byteCount += der.count
        return new
    }

    private static func key(of der: ArraySlice<UInt8>) -> Key? {
        der.withUnsafeBytes { bytes -> Key? in
            Digest.sha256.withBytes(of: bytes) { digest -> Key? in
                guard digest.count >= 32 else { return nil }
                func word(_ index: Int) -> UInt64 { digest.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self) }
                return Key(words: (word(0), word(1), word(2), word(3)))
            } ?? nil
        }
    }
}
