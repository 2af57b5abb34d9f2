/// A protocol version as it stands in hellos.
struct TLSVersion: Sendable, Equatable {
    let number: UInt16

    static let ssl20 = TLSVersion(number: 0x0002)
    static let tls13 = TLSVersion(number: 0x0304)

    /// TLS 1.3 or one of its drafts (0x7Fxx) or Facebook's (0xFBxx).
    var isTLS13: Bool { number == 0x0304 || number >> 8 == 0x7F || number >> 8 == 0xFB || number == 0xFEFC }

    /// One of SSL and TLS, of whatever carrier, in which a side tells that it encrypts from here on.
    var hasChangeCipher: Bool {
        switch number {
        case 0x0002, 0x0300...0x0303, 0x0100, 0xFEFF, 0xFEFD: true
        default: false
        }
    }

    /// Whether a record or hello may carry it.
    var isKnown: Bool {
        switch number {
        case 0x0300...0x0304, 0x0100, 0xFEFF, 0xFEFD, 0xFEFC: true
        default: isTLS13
        }
    }

    /// Zeek's name.
    var name: String {
        switch number {
        case 0x0002: "SSLv2"
        case 0x0300: "SSLv3"
        case 0x0301: "TLSv10"
        case 0x0302: "TLSv11"
        case 0x0303: "TLSv12"
        case 0x0304: "TLSv13"
        case 0x0100, 0xFEFF: "DTLSv10"
        case 0xFEFD: "DTLSv12"
        case 0xFEFC: "DTLSv13"
        case 0x7F00...0x7FFF: "TLSv13-draft\(number & 0xFF)"
        case 0xFB00...0xFBFF: "TLSv13-FBdraft\(number & 0xFF)"
        default: "unknown-\(number)"
        }
    }

    /// The two characters of JA4.
    var ja4: String {
        switch number {
        case 0x0304: "13"
        case 0x0303: "12"
        case 0x0302: "11"
        case 0x0301: "10"
        case 0x0300: "s3"
        case 0x0002: "s2"
        case 0xFEFF: "d1"
        case 0xFEFD: "d2"
        case 0xFEFC: "d3"
        default: "00"
        }
    }
}

extension UInt16 {
    /// A value of GREASE, which says nothing (RFC 8701 section 2): both bytes equal and of the form 0x?A.
    var isGrease: Bool { self & 0x0F0F == 0x0A0A && self >> 8 == self & 0xFF }
}

extension [UInt16] {
    /// The numbers without those of GREASE.
    var withoutGrease: [UInt16] {
        var out: [UInt16] = []
        out.reserveCapacity(count)
        for number in self where !number.isGrease { out.append(number) }
        return out
    }
}
