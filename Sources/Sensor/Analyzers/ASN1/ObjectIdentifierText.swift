internal import COpenSSL

/// Spelling of OBJECT IDENTIFIERs: dotted, and the names that libcrypto knows.
enum ObjectIdentifierText {
    /// Bytes that an identifier may have; real ones have under twenty.
    private static let limit = 64

    static func dotted(_ content: ArraySlice<UInt8>) -> String {
        var parts: [UInt64] = []
        var value: UInt64 = 0
        for byte in content.prefix(limit) {
            value = value << 7 | UInt64(byte & 0x7F)
            guard byte & 0x80 == 0 else { continue }
            if parts.isEmpty {
                let first = min(value / 40, 2)
                parts = [first, value - first * 40]
            } else {
                parts.append(value)
            }
            value = 0
        }
        return parts.map { "\($0)" }.joined(separator: ".")
    }

    /// The short name (`CN`, `prime256v1`), nil when libcrypto has none.
    static func shortName(_ dotted: String) -> String? { name(dotted, OBJ_nid2sn) }

    /// The long name (`sha256WithRSAEncryption`), or the dotted form.
    static func longName(_ dotted: String) -> String {
        moduleLatticeSignatures[dotted] ?? name(dotted, OBJ_nid2ln) ?? dotted
    }

    /// Whether it is ML-DSA (FIPS 204), of keys and of signatures alike (RFC 9881 section 2).
    static func isModuleLatticeSignature(_ dotted: String) -> Bool { moduleLatticeSignatures[dotted] != nil }

    /// Younger than some versions of libcrypto that are in use.
    private static let moduleLatticeSignatures = [
        "2.16.840.1.101.3.4.3.17": "ML-DSA-44", "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
        "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
    ]

    private static func name(_ dotted: String, _ spell: (Int32) -> UnsafePointer<CChar>?) -> String? {
        guard let object = OBJ_txt2obj(dotted, 1) else { return nil }
        defer { ASN1_OBJECT_free(object) }
        let number = OBJ_obj2nid(object)
        guard number != 0, let text = spell(number) else { return nil }
        return String(cString: text)
    }
}
