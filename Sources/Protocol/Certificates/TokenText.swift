internal import Crypto
internal import Foundation

/// The text of an enrolment token: a secret, and the fingerprint by which the sensor knows the right master.
///
/// `meneki1.` 32 hexadecimal digits of secret, `.`, 64 of the SHA-256 of the DER of the master's CA certificate.
public struct TokenText: Equatable, Sendable, LosslessStringConvertible {
    public static let prefix = "meneki1"
    public let secret: [UInt8]
    public let caFingerprint: [UInt8]

    /// A token with a new secret of 128 random bits.
    public init(caFingerprint: [UInt8]) {
        var generator = SystemRandomNumberGenerator()
        secret = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        self.caFingerprint = caFingerprint
    }

    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.prefix, let secret = Hex.bytes(parts[1]), secret.count == 16,
            let fingerprint = Hex.bytes(parts[2]), fingerprint.count == 32
        else { return nil }
        (self.secret, caFingerprint) = (secret, fingerprint)
    }

    public var description: String { "\(Self.prefix).\(Hex.text(secret)).\(Hex.text(caFingerprint))" }

    /// What the master keeps instead of the secret: SHA-256 of it.
    public var hash: [UInt8] { Array(SHA256.hash(data: secret)) }

    public static func fingerprint(ofDER certificate: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: certificate)) }
}

/// Bytes as hexadecimal digits.
enum Hex {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    static func bytes(_ text: Substring) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
