/// Numbers of [MS-RDPBCGR] in words, in Zeek's spelling.
enum RDPNames {
    /// Section 2.2.1.2.1.
    static func securityProtocol(_ code: UInt32) -> String {
        switch code {
        case 0: "RDP"
        case 1: "SSL"
        case 2: "HYBRID"
        case 8: "HYBRID_EX"
        default: "security_protocol-\(code)"
        }
    }

    /// Section 2.2.1.2.2.
    static func failure(_ code: UInt32) -> String {
        switch code {
        case 1: "SSL_REQUIRED_BY_SERVER"
        case 2: "SSL_NOT_ALLOWED_BY_SERVER"
        case 3: "SSL_CERT_NOT_ON_SERVER"
        case 4: "INCONSISTENT_FLAGS"
        case 5: "HYBRID_REQUIRED_BY_SERVER"
        case 6: "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER"
        default: "failure_code-\(code)"
        }
    }

    /// T.124 section 8.7.1.
    static func result(_ code: UInt8) -> String {
        switch code {
        case 0: "Success"
        case 1: "User rejected"
        case 2: "Resources not available"
        case 3: "Rejected for symmetry breaking"
        case 4: "Locked conference"
        default: "result-\(code)"
        }
    }

    /// Section 2.2.1.4.3.
    static func encryptionMethod(_ code: UInt32) -> String {
        switch code {
        case 0: "None"
        case 1: "40bit"
        case 2: "128bit"
        case 8: "56bit"
        case 16: "FIPS"
        default: "encryption_method-\(code)"
        }
    }

    /// Section 2.2.1.4.3.
    static func encryptionLevel(_ code: UInt32) -> String {
        switch code {
        case 0: "None"
        case 1: "Low"
        case 2: "Client compatible"
        case 3: "High"
        case 4: "FIPS"
        default: "encryption_level-\(code)"
        }
    }

    /// Section 2.2.1.4.3.1.
    static func certificate(_ type: UInt32) -> String {
        switch type {
        case 1: "RSA"
        case 2: "X.509"
        default: "cert_type-\(type)"
        }
    }

    /// `highColorDepth` of section 2.2.1.3.2: bits of a pixel.
    static func colourDepth(_ bits: UInt16) -> String {
        [4, 8, 15, 16, 24].contains(bits) ? "\(bits)bit" : "high_color_depth-\(bits)"
    }

    /// The client's `clientBuild`, told as the version of RDP that came with it.
    static func build(_ number: UInt32) -> String { builds[number] ?? "client_build-\(number)" }

    private static let builds: [UInt32: String] = [
        419: "RDP 4.0", 2195: "RDP 5.0", 2221: "RDP 5.0", 2600: "RDP 5.1", 3790: "RDP 5.2", 6000: "RDP 6.0",
        6001: "RDP 6.1", 6002: "RDP 6.2", 7600: "RDP 7.0", 7601: "RDP 7.1", 9200: "RDP 8.0", 9600: "RDP 8.1",
        25189: "RDP 8.0 (Mac)", 25282: "RDP 8.0 (Mac)",
    ]

    /// A keyboard layout; a variant that has no name is told by its language, as Zeek does.
    static func layout(_ number: UInt32) -> String {
        if let name = KeyboardLayouts.names[number] { return name }
        if let language = KeyboardLayouts.names[number & 0xFFFF] { return "\(language) (Best Guess for \(number))" }
        return "keyboard-\(number)"
    }
}
