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
        exponent = power.integer.map { "\($0)" } ?? Self.decimal(power.content)
        type = "rsa"
    }

    private mutating func readCurve(_ identifier: inout DERReader) {
        type = "ecdsa"
        guard let parameter = try? identifier.next(DERTag.objectIdentifier) else { return }
        let name = ObjectIdentifierText.shortName(parameter.objectIdentifier) ?? parameter.objectIdentifier
        curve = name
        bitCount = Self.curveBits(name)
    }

    /// The names of most curves hold their size: prime256v1, secp384r1, brainpoolP512r1.
    private static func curveBits(_ name: String) -> UInt64? {
        if let known = otherCurves[name] { return known }
        guard let prefix = sizedCurves.first(where: { name.hasPrefix($0) }) else { return nil }
        return UInt64(name.dropFirst(prefix.count).prefix { $0.isNumber })
    }

    private static let sizedCurves = ["prime", "secp", "sect", "brainpoolP", "c2pnb", "c2tnb", "c2onb"]

    /// GB/T 32918.5, WAP-261-WTLS and RFC 2409 section 6.
    private static let otherCurves: [String: UInt64] = [
        "SM2": 256, "wap-wsg-idm-ecid-wtls1": 113, "wap-wsg-idm-ecid-wtls3": 163, "wap-wsg-idm-ecid-wtls4": 113,
        "wap-wsg-idm-ecid-wtls5": 163, "wap-wsg-idm-ecid-wtls6": 112, "wap-wsg-idm-ecid-wtls7": 160,
        "wap-wsg-idm-ecid-wtls8": 112, "wap-wsg-idm-ecid-wtls9": 160, "wap-wsg-idm-ecid-wtls10": 233,
        "wap-wsg-idm-ecid-wtls11": 233, "wap-wsg-idm-ecid-wtls12": 224, "Oakley-EC2N-3": 155, "Oakley-EC2N-4": 185,
    ]

    /// Bytes of an exponent that are spelled; libcrypto takes at most 8 where the key is long.
    private static let exponentLimit = 64

    /// A positive number of more than 64 bits.
    private static func decimal(_ number: ArraySlice<UInt8>) -> String? {
        guard let first = number.first, first & 0x80 == 0, number.count <= exponentLimit else { return nil }
        // Nine digits each, the last first.
        var groups: [UInt64] = [0]
        for byte in number {
            var carry = UInt64(byte)
            for index in groups.indices {
                let sum = groups[index] << 8 + carry
                groups[index] = sum % 1_000_000_000
                carry = sum / 1_000_000_000
            }
            if carry > 0 { groups.append(carry) }
        }
        let rest = groups.dropLast().reversed().map { group in
            let digits = "\(group)"
            return String(repeating: "0", count: 9 - digits.utf8.count) + digits
        }
        return "\(groups.last ?? 0)" + rest.joined()
    }

    private static func bits(_ number: ArraySlice<UInt8>) -> UInt64 {
        let trimmed = number.drop { $0 == 0 }
        guard let first = trimmed.first else { return 0 }
        return UInt64(trimmed.count * 8 - first.leadingZeroBitCount)
    }
}
