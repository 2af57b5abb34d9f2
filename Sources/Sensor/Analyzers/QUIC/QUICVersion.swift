/// A version of QUIC whose Initial packets can be opened.
struct QUICVersion: Sendable, Equatable {
    let number: UInt32

    /// Nil for versions without known keys (Google's own, version negotiation).
    init?(_ number: UInt32) {
        self.number = number
        guard Self.salt(of: number) != nil else { return nil }
    }

    var salt: [UInt8] { Self.salt(of: number) ?? [] }
    /// Version 2 has labels of its own (RFC 9369 section 3.3.2).
    var usesSecondLabels: Bool { number == Self.second }

    /// Type bits of a long header: version 2 turned them (RFC 9369 section 3.2).
    func isInitial(_ type: UInt8) -> Bool { type == (number == Self.second ? 1 : 0) }
    func isHandshake(_ type: UInt8) -> Bool { type == (number == Self.second ? 3 : 2) }
    func isRetry(_ type: UInt8) -> Bool { type == (number == Self.second ? 0 : 3) }

    /// Zeek's name.
    var name: String {
        switch number {
        case 1: "1"
        case Self.second: "quicv2"
        case 0xFF00_0000...0xFF00_00FF: "draft-\(number & 0xFF)"
        case 0xFACE_B001: "mvfst (faceb001)"
        case 0xFACE_B002: "mvfst (faceb002)"
        default: "unknown-" + String(number, radix: 16)
        }
    }

    private static let second: UInt32 = 0x6B33_43CF

    /// RFC 9001 section 5.2, RFC 9369 section 3.3.1 and the drafts before.
    private static func salt(of number: UInt32) -> [UInt8]? {
        switch number {
        case 1, 0xFF00_0021, 0xFF00_0022:
            number == 1
                ? [
                    0x38, 0x76, 0x2C, 0xF7, 0xF5, 0x59, 0x34, 0xB3, 0x4D, 0x17,
                    0x9A, 0xE6, 0xA4, 0xC8, 0x0C, 0xAD, 0xCC, 0xBB, 0x7F, 0x0A,
                ] : draft29
        case second:
            [
                0x0D, 0xED, 0xE3, 0xDE, 0xF7, 0x00, 0xA6, 0xDB, 0x81, 0x93,
                0x81, 0xBE, 0x6E, 0x26, 0x9D, 0xCB, 0xF9, 0xBD, 0x2E, 0xD9,
            ]
        case 0xFF00_001D...0xFF00_0020: draft29
        // Drafts 23 to 28, and Facebook's mvfst of that time.
        case 0xFF00_0017...0xFF00_001C, 0xFACE_B001, 0xFACE_B002, 0xFACE_B00E:
            [
                0xC3, 0xEE, 0xF7, 0x12, 0xC7, 0x2E, 0xBB, 0x5A, 0x11, 0xA7,
                0xD2, 0x43, 0x2B, 0xB4, 0x63, 0x65, 0xBE, 0xF9, 0xF5, 0x02,
            ]
        default: nil
        }
    }

    private static let draft29: [UInt8] = [
        0xAF, 0xBF, 0xEC, 0x28, 0x99, 0x93, 0xD2, 0x4C, 0x9E, 0x97,
        0x86, 0xF1, 0x9C, 0x61, 0x11, 0xE0, 0x43, 0x90, 0xA8, 0x99,
    ]
}
