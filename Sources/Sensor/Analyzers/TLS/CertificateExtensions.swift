internal import Shared

/// The extensions of a certificate that records tell of (RFC 5280 sections 4.2.1.6 and 4.2.1.9).
struct CertificateExtensions: Sendable {
    private(set) var dnsNames: [String] = []
    private(set) var mailAddresses: [String] = []
    private(set) var uris: [String] = []
    private(set) var addresses: [String] = []
    /// Basic constraints: may sign certificates; nil without the extension.
    private(set) var isAuthority: Bool?
    private(set) var pathLength: UInt64?

    /// Names that are kept of one certificate; content networks put several hundred into one.
    private static let nameLimit = 1000
    /// Extensions that are looked at; real certificates have under twenty.
    private static let limit = 100

    init() {}

    /// - Parameter list: the content of Extensions. What is malformed there is left out.
    init(_ list: DERReader) {
        var list = list
        for _ in 0..<Self.limit {
            guard let element = try? list.next(DERTag.sequence) else { return }
            var parts = element.children
            guard let name = try? parts.next(DERTag.objectIdentifier) else { continue }
            _ = try? parts.optional(DERTag.boolean)
            guard let value = try? parts.next(DERTag.octetString) else { continue }
            switch Array(name.content) {
            case [0x55, 0x1D, 0x11]: readAlternativeNames(value.children)
            case [0x55, 0x1D, 0x13]: readBasicConstraints(value.children)
            default: continue
            }
        }
    }

    private mutating func readBasicConstraints(_ value: DERReader) {
        var outer = value
        guard var parts = try? outer.next(DERTag.sequence).children else { return }
        let flag = try? parts.optional(DERTag.boolean)
        isAuthority = (flag?.content.first ?? 0) != 0
        let length = try? parts.optional(DERTag.integer)
        pathLength = length?.integer.flatMap { UInt64(exactly: $0) }
    }

    private mutating func readAlternativeNames(_ value: DERReader) {
        var outer = value
        guard var names = try? outer.next(DERTag.sequence).children else { return }
        for _ in 0..<Self.nameLimit {
            guard let name = try? names.next() else { return }
            switch name.tag {
            case 0x81: mailAddresses.append(name.text)
            case 0x82: dnsNames.append(name.text)
            case 0x86: uris.append(name.text)
            case 0x87: if let address = Self.address(name.content) { addresses.append(address) }
            default: continue
            }
        }
    }

    private static func address(_ bytes: ArraySlice<UInt8>) -> String? {
        var reader = ByteReader(bytes)
        if bytes.count == 4, let number = try? reader.be(UInt32.self) { return IPAddress(v4: number).description }
        guard bytes.count == 16, let high = try? reader.be(UInt64.self), let low = try? reader.be(UInt64.self)
        else { return nil }
        return IPAddress(high: high, low: low).description
    }
}
