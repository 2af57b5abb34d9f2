internal import Shared

/// What an `x509` record tells of a public key (RFC 5280 section 4.1.2.7, RFC 8017, RFC 5480).
struct PublicKeyFacts: Sendable {
    /// Long name of the algorithm, as libcrypto has it.
    let algorithm: String
    /// `rsa`, `ecdsa`, `dsa`, `ed25519`, `ML-DSA-44`; nil when unknown, or when the key cannot be read.
    private(set) var type: String?
    private(set) var bitCount: UInt64?
    /// Exponent of an RSA key, decimal.
    private(set) var exponent: String?
    private(set) var curve: String?

    /// - Parameter parts: the content of a SubjectPublicKeyInfo.
    init(_ parts: DERReader) throws(DecodeError) {
        var parts = parts
        var identifier = try parts.next(DERTag.sequence).children
        let dotted = try identifier.next(DERTag.objectIdentifier).objectIdentifier
        algorithm = ObjectIdentifierText.longName(dotted)
        let key = try parts.next(DERTag.bitString).content.dropFirst()
        // Everything under pkcs-1: some Windows certificates name a signature algorithm here.
        if dotted.hasPrefix("1.2.840.113549.1.1.") {
            readRSA(key)
        } else if dotted == "1.2.840.10045.2.1" {
            readCurve(&identifier)
        } else if dotted == "1.2.840.10040.4.1" {
            type = "dsa"
            var parameters = try? identifier.next(DERTag.sequence).children
            bitCount = (try? parameters?.next(DERTag.integer)).map { Self.bits($0.content) }
        } else if dotted == "1.3.101.112" {
            (type, bitCount) = ("ed25519", 256)
        } else if ObjectIdentifierText.isModuleLatticeSignature(dotted) {
            // Keys without any structure (RFC 9881 section 4).
            (type, bitCount) = (algorithm, UInt64(key.count) * 8)
        }
    }

    /// A key that is none leaves the rest of its certificate as good as it was.
    private mutating func readRSA(_ key: ArraySlice<UInt8>) {
        var outer = DERReader(key)
        guard var numbers = try? outer.next(DERTag.sequence).children, let modulus = try? numbers.next(DERTag.integer),
            let power = try? numbers.next(DERTag.integer)
        else { return }
        bitCount = Self.bits(modulus.content)
        exponent = power.integer.map { "\($0)" }
        type = "rsa"
    }

    private mutating func readCurve(_ identifier: inout DERReader) {
        type = "ecdsa"
        guard let parameter = try? identifier.next(DERTag.objectIdentifier) else { return }
        let name = ObjectIdentifierText.shortName(parameter.objectIdentifier) ?? parameter.objectIdentifier
        curve = name
        // The names of curves hold their size: prime256v1, secp384r1, brainpoolP512r1.
        bitCount = name.split { !$0.isNumber }.compactMap { UInt64($0) }.max()
    }

    private static func bits(_ number: ArraySlice<UInt8>) -> UInt64 {
        let trimmed = number.drop { $0 == 0 }
        guard let first = trimmed.first else { return 0 }
        return UInt64(trimmed.count * 8 - first.leadingZeroBitCount)
    }
}
