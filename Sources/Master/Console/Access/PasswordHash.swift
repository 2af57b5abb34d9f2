import Crypto
import CryptoExtras
import Foundation

/// A password as it is kept: scrypt (RFC 7914), with its cost, so that the cost can rise later.
///
/// Text form: `scrypt$<log2 N>$<r>$<p>$<salt, base64>$<hash, base64>`.
public struct PasswordHash: Equatable, Sendable {
    let costLog2, blockSize, parallelism: Int
    let salt, hash: [UInt8]

    /// Shortest password that is accepted, in characters (NIST SP 800-63B §3.1.1.2 with a password as only factor).
    public static let minimumLength = 12
    /// Longest password, in UTF-8 bytes: bounds the work that a stranger can ask for.
    public static let maximumBytes = 1024

    /// Hashes a new password with a fresh salt. Takes about a tenth of a second and 32 MB: not for an event loop.
    public init(password: String, costLog2: Int = 15) throws {
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
        try self.init(password: password, salt: salt, costLog2: costLog2, blockSize: 8, parallelism: 1)
    }

    init(password: String, salt: [UInt8], costLog2: Int, blockSize: Int, parallelism: Int, count: Int = 32) throws {
        (self.salt, self.costLog2, self.blockSize, self.parallelism) = (salt, costLog2, blockSize, parallelism)
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: count, rounds: 1 << costLog2,
            blockSize: blockSize, parallelism: parallelism)
        hash = key.withUnsafeBytes { Array($0) }
    }

    /// Reads the text form; nil when it is none or its cost is beyond what this program would ever write.
    public init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let cost = Int(parts[1]), (10...20).contains(cost),
            let block = Int(parts[2]), (1...16).contains(block), let lanes = Int(parts[3]), (1...4).contains(lanes),
            let salt = Data(base64Encoded: String(parts[4])), let hash = Data(base64Encoded: String(parts[5])),
            !hash.isEmpty
        else { return nil }
        (costLog2, blockSize, parallelism, self.salt, self.hash) = (cost, block, lanes, Array(salt), Array(hash))
    }

    /// The form in the database.
    public var text: String {
        let (salt, hash) = (Data(salt).base64EncodedString(), Data(hash).base64EncodedString())
        return "scrypt$\(costLog2)$\(blockSize)$\(parallelism)$\(salt)$\(hash)"
    }

    /// Compares in constant time. As slow as making the hash.
    public func matches(_ password: String) throws -> Bool {
        let other = try PasswordHash(
            password: password, salt: salt, costLog2: costLog2, blockSize: blockSize, parallelism: parallelism,
            count: hash.count)
        return SecretToken.equal(hash, other.hash)
    }

    /// A random password without letters that look alike, about 95 bits: for the first account.
    public static func randomPassword() -> String {
        let alphabet = Array("abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679")
        var generator = SystemRandomNumberGenerator()
        let groups = (0..<4).map { _ in
            String((0..<4).map { _ in alphabet.randomElement(using: &generator) ?? "x" })
        }
        return groups.joined(separator: "-")
    }
}
