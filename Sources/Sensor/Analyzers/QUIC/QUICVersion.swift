/// A version of QUIC whose Initial packets can be opened.
struct QUICVersion: Sendable, Equatable {
    let number: UInt32
    /// The version whose keys and packet types it has: itself, unless it is one that a client made up.
    private let model: UInt32

    /// Nil for versions without known keys (version negotiation, Google's before Q050).
    init?(_ number: UInt32) {
        guard Self.salt(of: number) != nil else { return nil }
        (self.number, model) = (number, number)
    }

    /// A version that is not known, whose packets another's keys open.
    init(_ number: UInt32, like other: Self) { (self.number, model) = (number, other.model) }

    /// One of each kind of keys that a client may have under a version that is not known, the likeliest first.
    static let models = [1, 0xFF00_001D, 0xFF00_001C, second].compactMap { Self($0) }

    var salt: [UInt8] { Self.salt(of: model) ?? [] }
    /// Version 2 has labels of its own (RFC 9369 section 3.3.2), as its drafts.
    var usesSecondLabels: Bool { turnsTypes || model == Self.firstSecondDraft }
    /// Version 2 turned the types of packets (RFC 9369 section 3.2); its first draft did not yet.
    private var turnsTypes: Bool { model == Self.second || model == Self.laterSecondDraft }

    /// One of Google's own.
    var isGoogles: Bool { [Self.google50, Self.google50TLS, Self.google51TLS].contains(number) }

    /// Type bits of a long header.
    func isInitial(_ type: UInt8) -> Bool { type == (turnsTypes ? 1 : 0) }
    func isZeroRTT(_ type: UInt8) -> Bool { type == (turnsTypes ? 2 : 1) }
    func isHandshake(_ type: UInt8) -> Bool { type == (turnsTypes ? 3 : 2) }
    func isRetry(_ type: UInt8) -> Bool { type == (turnsTypes ? 0 : 3) }

    /// Zeek's name.
    var name: String { Self.name(of: number) }

    /// Zeek's name of any version, one whose packets stay closed included.
    static func name(of number: UInt32) -> String {
        switch number {
        case 1: "1"
        case second: "quicv2"
        case 0xFF00_0016...0xFF00_0022: "draft-\(number & 0xFF)"
        case _ where isFacebooks(number): "mvfst (\(String(number, radix: 16)))"
        case google50: "Q050"
        case google50TLS: "T050"
        case google51TLS: "T051"
        default: "unknown-" + String(number, radix: 16)
        }
    }

    static func isFacebooks(_ number: UInt32) -> Bool {
        switch number {
        case 0xFACE_B001, 0xFACE_B002, 0xFACE_B00E, 0xFACE_B011, 0xFACE_B012, 0xFACE_B013: true
        default: false
        }
    }

    private static let second: UInt32 = 0x6B33_43CF
    // draft-ietf-quic-v2-00, and those behind it.
    private static let firstSecondDraft: UInt32 = 0xFF02_0000
    private static let laterSecondDraft: UInt32 = 0x709A_50C4
    // Google's last own: the packets are the standard's, the hello of the first is not.
    private static let google50: UInt32 = 0x5130_3530
    private static let google50TLS: UInt32 = 0x5430_3530
    private static let google51TLS: UInt32 = 0x5430_3531

    /// RFC 9001 section 5.2, RFC 9369 section 3.3.1, the drafts before, and what Google's client (Chromium) had.
    private static func salt(of number: UInt32) -> [UInt8]? {
        switch number {
        // Drafts 33 and 34 have it already (draft-ietf-quic-tls-33 section 5.2).
        case 1, 0xFF00_0021, 0xFF00_0022:
            [
                0x38, 0x76, 0x2C, 0xF7, 0xF5, 0x59, 0x34, 0xB3, 0x4D, 0x17,
                0x9A, 0xE6, 0xA4, 0xC8, 0x0C, 0xAD, 0xCC, 0xBB, 0x7F, 0x0A,
            ]
        case second:
            [
                0x0D, 0xED, 0xE3, 0xDE, 0xF7, 0x00, 0xA6, 0xDB, 0x81, 0x93,
                0x81, 0xBE, 0x6E, 0x26, 0x9D, 0xCB, 0xF9, 0xBD, 0x2E, 0xD9,
            ]
        case firstSecondDraft, laterSecondDraft:
            [
                0xA7, 0x07, 0xC2, 0x03, 0xA5, 0x9B, 0x47, 0x18, 0x4A, 0x1D,
                0x62, 0xCA, 0x57, 0x04, 0x06, 0xEA, 0x7A, 0xE3, 0xE5, 0xD3,
            ]
        case 0xFF00_001D...0xFF00_0020: draft29
        // Draft 22 (draft-ietf-quic-tls-22 section 5.2), and the first of Facebook's mvfst.
        case 0xFF00_0016, 0xFACE_B001:
            [
                0x7F, 0xBC, 0xDB, 0x0E, 0x7C, 0x66, 0xBB, 0xE9, 0x19, 0x3A,
                0x96, 0xCD, 0x21, 0x51, 0x9E, 0xBD, 0x7A, 0x02, 0x64, 0x4A,
            ]
        // Drafts 23 to 28, and Facebook's mvfst of that time.
        case 0xFF00_0017...0xFF00_001C, 0xFACE_B002, 0xFACE_B00E:
            [
                0xC3, 0xEE, 0xF7, 0x12, 0xC7, 0x2E, 0xBB, 0x5A, 0x11, 0xA7,
                0xD2, 0x43, 0x2B, 0xB4, 0x63, 0x65, 0xBE, 0xF9, 0xF5, 0x02,
            ]
        case google50:
            [
                0x50, 0x45, 0x74, 0xEF, 0xD0, 0x66, 0xFE, 0x2F, 0x9D, 0x94,
                0x5C, 0xFC, 0xDB, 0xD3, 0xA7, 0xF0, 0xD3, 0xB5, 0x6B, 0x45,
            ]
        case google50TLS:
            [
                0x7F, 0xF5, 0x79, 0xE5, 0xAC, 0xD0, 0x72, 0x91, 0x55, 0x80,
                0x30, 0x4C, 0x43, 0xA2, 0x36, 0x7C, 0x60, 0x48, 0x83, 0x10,
            ]
        case google51TLS:
            [
                0x7A, 0x4E, 0xDE, 0xF4, 0xE7, 0xCC, 0xEE, 0x5F, 0xA4, 0x50,
                0x6C, 0x19, 0x12, 0x4F, 0xC8, 0xCC, 0xDA, 0x6E, 0x03, 0x3D,
            ]
        default: nil
        }
    }

    private static let draft29: [UInt8] = [
        0xAF, 0xBF, 0xEC, 0x28, 0x99, 0x93, 0xD2, 0x4C, 0x9E, 0x97,
        0x86, 0xF1, 0x9C, 0x61, 0x11, 0xE0, 0x43, 0x90, 0xA8, 0x99,
    ]
}
