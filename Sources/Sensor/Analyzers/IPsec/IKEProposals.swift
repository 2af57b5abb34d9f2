internal import Shared

/// What a payload of security associations proposes (RFC 7296 section 3.3, RFC 2408 sections 3.4 to 3.6).
struct IKEProposals: Sendable {
    /// Numbers of the proposals.
    private(set) var numbers: [UInt64] = []
    /// Version 2: kind and algorithm of each transform; version 1: its number.
    private(set) var transforms: [String] = []
    /// Lengths of keys and, in version 1, the algorithms: proposal, transform, attribute.
    private(set) var attributes: [String] = []

    /// Proposals of one message, and transforms and attributes in sum; real ones stay far below.
    private static let proposalLimit = 16
    private static let transformLimit = 64
    private static let attributeLimit = 128

    /// - Parameter content: the payload behind its four bytes of header.
    mutating func read(_ content: RawSpan, isFirst: Bool) {
        // Version 1 has eight bytes of domain and situation in front.
        var offset = isFirst ? 8 : 0
        for _ in 0..<Self.proposalLimit {
            guard let length = try? Int(content.readBE(at: offset + 2, as: UInt16.self)), length >= 8,
                length <= content.byteCount - offset, let number = try? content.byte(at: offset + 4),
                let indexSize = try? content.byte(at: offset + 6), 8 + Int(indexSize) <= length
            else { return }
            numbers.append(UInt64(number))
            let body = content.extracting((offset + 8 + Int(indexSize))..<(offset + length))
            readTransforms(body, of: number, isFirst: isFirst)
            guard (try? content.byte(at: offset)) == 2 else { return }
            offset += length
        }
    }

    private mutating func readTransforms(_ body: RawSpan, of proposal: UInt8, isFirst: Bool) {
        var offset = 0
        while transforms.count < Self.transformLimit {
            guard let length = try? Int(body.readBE(at: offset + 2, as: UInt16.self)), length >= 8,
                length <= body.byteCount - offset, let kind = try? body.byte(at: offset + 4),
                let algorithm: UInt16 = try? body.readBE(at: offset + (isFirst ? 5 : 6))
            else { return }
            let number = isFirst ? UInt16(truncatingIfNeeded: algorithm >> 8) : algorithm
            transforms.append(isFirst ? "\(number)" : IKENames.transform(kind, algorithm))
            let list = body.extracting((offset + 8)..<(offset + length))
            readAttributes(list, of: "\(proposal):\(number)", isFirst: isFirst)
            offset += length
        }
    }

    /// Type and value of two bytes each, or a length and a longer value.
    private mutating func readAttributes(_ list: RawSpan, of transform: String, isFirst: Bool) {
        var offset = 0
        while attributes.count < Self.attributeLimit {
            guard let type: UInt16 = try? list.readBE(at: offset), let value: UInt16 = try? list.readBE(at: offset + 2)
            else { return }
            let name = IKENames.attribute(type & 0x7FFF, isFirst: isFirst)
            if type & 0x8000 != 0 {
                attributes.append("\(transform):\(name)=\(value)")
                offset += 4
            } else {
                offset += 4 + Int(value)
            }
        }
    }
}

/// Names of IKE's numbers (IANA, "Internet Key Exchange Version 2 Parameters").
enum IKENames {
    static func transform(_ kind: UInt8, _ number: UInt16) -> String {
        let (short, names): (String, [UInt16: String]) =
            switch kind {
            case 1: ("ENCR", ciphers)
            case 2: ("PRF", functions)
            case 3: ("INTEG", digests)
            case 4: ("DH", groups)
            case 5: ("ESN", [0: "No Extended Sequence Numbers", 1: "Extended Sequence Numbers"])
            default: ("UNKNOWN-\(kind)", [:])
            }
        return "\(short):\(names[number] ?? "\(number)")"
    }

    static func attribute(_ number: UInt16, isFirst: Bool) -> String {
        (isFirst ? firstAttributes[number] : number == 14 ? "Key Length" : nil) ?? "\(number)"
    }

    static func notice(_ number: UInt16) -> String { notices[number] ?? "\(number)" }

    private static let ciphers: [UInt16: String] = [
        1: "ENCR_DES_IV64", 2: "ENCR_DES", 3: "ENCR_3DES", 4: "ENCR_RC5", 5: "ENCR_IDEA", 6: "ENCR_CAST",
        7: "ENCR_BLOWFISH", 11: "ENCR_NULL", 12: "ENCR_AES_CBC", 13: "ENCR_AES_CTR", 14: "ENCR_AES_CCM_8",
        15: "ENCR_AES_CCM_12", 16: "ENCR_AES_CCM_16", 18: "ENCR_AES_GCM_8", 19: "ENCR_AES_GCM_12",
        20: "ENCR_AES_GCM_16", 21: "ENCR_NULL_AUTH_AES_GMAC", 23: "ENCR_CAMELLIA_CBC", 28: "ENCR_CHACHA20_POLY1305",
    ]
    private static let functions: [UInt16: String] = [
        1: "PRF_HMAC_MD5", 2: "PRF_HMAC_SHA1", 3: "PRF_HMAC_TIGER", 4: "PRF_AES128_XCBC", 5: "PRF_HMAC_SHA2_256",
        6: "PRF_HMAC_SHA2_384", 7: "PRF_HMAC_SHA2_512", 8: "PRF_AES128_CMAC",
    ]
    private static let digests: [UInt16: String] = [
        0: "NONE", 1: "AUTH_HMAC_MD5_96", 2: "AUTH_HMAC_SHA1_96", 3: "AUTH_DES_MAC", 5: "AUTH_AES_XCBC_96",
        8: "AUTH_AES_CMAC_96", 12: "AUTH_HMAC_SHA2_256_128", 13: "AUTH_HMAC_SHA2_384_192",
        14: "AUTH_HMAC_SHA2_512_256",
    ]
    private static let groups: [UInt16: String] = [
        0: "NONE", 1: "768-bit MODP", 2: "1024-bit MODP", 5: "1536-bit MODP", 14: "2048-bit MODP",
        15: "3072-bit MODP", 16: "4096-bit MODP", 17: "6144-bit MODP", 18: "8192-bit MODP",
        19: "256-bit random ECP", 20: "384-bit random ECP", 21: "521-bit random ECP", 31: "Curve25519", 32: "Curve448",
    ]
    /// IANA, "Internet Key Exchange (IKE) Attributes".
    private static let firstAttributes: [UInt16: String] = [
        1: "Encryption Algorithm", 2: "Hash Algorithm", 3: "Authentication Method", 4: "Group Description",
        11: "Life Type", 12: "Life Duration", 14: "Key Length",
    ]
    private static let notices: [UInt16: String] = [
        1: "UNSUPPORTED_CRITICAL_PAYLOAD", 4: "INVALID_IKE_SPI", 5: "INVALID_MAJOR_VERSION", 7: "INVALID_SYNTAX",
        9: "INVALID_MESSAGE_ID", 11: "INVALID_SPI", 14: "NO_PROPOSAL_CHOSEN", 17: "INVALID_KE_PAYLOAD",
        24: "AUTHENTICATION_FAILED", 16_388: "NAT_DETECTION_SOURCE_IP", 16_389: "NAT_DETECTION_DESTINATION_IP",
        16_390: "COOKIE", 16_404: "MULTIPLE_AUTH_SUPPORTED", 16_406: "REDIRECT_SUPPORTED",
        16_418: "CHILDLESS_IKEV2_SUPPORTED", 16_430: "IKEV2_FRAGMENTATION_SUPPORTED",
        16_431: "SIGNATURE_HASH_ALGORITHMS",
    ]
}
