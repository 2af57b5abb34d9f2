import Crypto
import Foundation

/// A random secret that a browser or a script holds and the database knows only by its SHA-256.
public struct SecretToken: Equatable, Sendable {
    /// 43 characters of base64url: 256 bits.
    public let text: String

    /// A new one from the system's generator.
    public init() { text = SymmetricKey(size: .bits256).withUnsafeBytes { Self.base64URL(Array($0)) } }

    /// One that somebody presents; nil when it cannot be one.
    public init?(_ text: String) {
        let valid = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x2D || byte == 0x5F
        }
        guard text.utf8.count == 43, valid else { return nil }
        self.text = text
    }

    /// What the database keeps.
    public var hash: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// The token that forms of this session carry against cross-site request forgery: derived, so nothing is stored,
    /// and the session's secret cannot be found from it.
    public var formToken: String {
        let key = SymmetricKey(data: Array(text.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Array("form".utf8), using: key)
        return Self.base64URL(Array(code))
    }

    /// Compares in constant time for equal lengths.
    public static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        var difference: UInt8 = 0
        for index in a.indices { difference |= a[index] ^ b[index] }
        return difference == 0
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
