internal import COpenSSL
internal import Shared

/// Digests that files can get.
public struct FileDigestAlgorithms: OptionSet, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// What threat intelligence is exchanged by; processors have instructions for it.
    public static let sha256 = FileDigestAlgorithms(rawValue: 1)
    public static let sha1 = FileDigestAlgorithms(rawValue: 2)
    public static let md5 = FileDigestAlgorithms(rawValue: 4)
    public static let all: FileDigestAlgorithms = [.sha256, .sha1, .md5]
}

/// Running digests of one file.
///
/// Never copied: the contexts of libcrypto must be freed exactly once.
struct FileDigest: ~Copyable {
    /// Digests in hexadecimal, nil where not asked for or where libcrypto refuses one (MD5 in FIPS mode).
    struct Result: Equatable, Sendable {
        var md5, sha1, sha256: String?
    }

    private let md5, sha1, sha256: OpaquePointer?

    init(_ algorithms: FileDigestAlgorithms) {
        md5 = algorithms.contains(.md5) ? Self.context(.md5) : nil
        sha1 = algorithms.contains(.sha1) ? Self.context(.sha1) : nil
        sha256 = algorithms.contains(.sha256) ? Self.context(.sha256) : nil
    }

    deinit {
        EVP_MD_CTX_free(md5)
        EVP_MD_CTX_free(sha1)
        EVP_MD_CTX_free(sha256)
    }

    private static func context(_ method: DigestMethod) -> OpaquePointer? {
        guard let algorithm = method.pointer, let context = EVP_MD_CTX_new() else { return nil }
        if EVP_DigestInit_ex(context, algorithm, nil) == 1 { return context }
        EVP_MD_CTX_free(context)
        return nil
    }

    /// Begins anew, for another file.
    func reset() {
        Self.begin(md5, .md5)
        Self.begin(sha1, .sha1)
        Self.begin(sha256, .sha256)
    }

    /// Beginning a context again fails for want of memory only, and then `finish` gives nothing.
    private static func begin(_ context: OpaquePointer?, _ method: DigestMethod) {
        if let context { EVP_DigestInit_ex(context, method.pointer, nil) }
    }

    /// Adds the next bytes of the file.
    func update(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { buffer in
            // Adding to a context that was begun fails for want of memory only, and then `finish` fails too.
            if sha256 != nil { EVP_DigestUpdate(sha256, buffer.baseAddress, buffer.count) }
            if sha1 != nil { EVP_DigestUpdate(sha1, buffer.baseAddress, buffer.count) }
            if md5 != nil { EVP_DigestUpdate(md5, buffer.baseAddress, buffer.count) }
        }
    }

    /// The digests; once.
    func finish() -> Result {
        Result(md5: Self.value(of: md5), sha1: Self.value(of: sha1), sha256: Self.value(of: sha256))
    }

    private static func value(of context: OpaquePointer?) -> String? {
        guard let context else { return nil }
        var count: UInt32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, length in
            length = EVP_DigestFinal_ex(context, buffer.baseAddress, &count) == 1 ? Int(count) : 0
        }
        return bytes.isEmpty ? nil : Hexadecimal.text(of: bytes)
    }
}
