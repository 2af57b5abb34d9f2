internal import Shared

/// A certificate (RFC 5280 section 4.1), read from its DER form with bounds.
///
/// A class, since it never changes once it is read and is shared by all connections that show it.
final class Certificate: Sendable {
    let version: UInt64
    /// Upper-case hexadecimal.
    let serial: String
    let subject: String
    let issuer: String
    let notValidBefore: Timestamp?
    let notValidAfter: Timestamp?
    let signatureAlgorithm: String
    let key: PublicKeyFacts
    let extensions: CertificateExtensions
    /// Subject and issuer are the same name.
    let isSelfSigned: Bool
    /// A relay of Tor made it.
    let looksLikeTor: Bool
    /// An end or a relay of AnyDesk shows it.
    let isAnyDesk: Bool
    /// SHA-256 of the DER form.
    let fingerprint: String
    let sha1: String?

    /// - Throws: ``DecodeError`` where the structure is not a certificate's.
    init(der: ArraySlice<UInt8>) throws(DecodeError) {
        var outer = DERReader(der)
        var parts = try outer.next(DERTag.sequence).children
        var body = try parts.next(DERTag.sequence).children
        signatureAlgorithm = try Self.algorithm(&parts)
        if let tagged = try body.optional(DERTag.context(0)) {
            var inner = tagged.children
            version = UInt64(clamping: (try inner.next(DERTag.integer).integer ?? 0) &+ 1)
        } else {
            version = 1
        }
        serial = Self.hexadecimalNumber(try body.next(DERTag.integer).content)
        _ = try body.next(DERTag.sequence)
        let issuerName = try body.next(DERTag.sequence).content
        var validity = try body.next(DERTag.sequence).children
        notValidBefore = DERTime.timestamp(try validity.next())
        notValidAfter = DERTime.timestamp(try validity.next())
        let subjectName = try body.next(DERTag.sequence).content
        issuer = try DistinguishedName.text(issuerName)
        subject = try DistinguishedName.text(subjectName)
        isSelfSigned = issuerName.elementsEqual(subjectName)
        looksLikeTor = TorCertificate.looksLike(subject: subject, issuer: issuer)
        isAnyDesk = AnyDesk.isCertificate(subject: subject, issuer: issuer)
        key = try PublicKeyFacts(try body.next(DERTag.sequence).children)
        extensions = Self.extensions(&body)
        fingerprint = Digest.sha256.text(of: der) ?? ""
        sha1 = Digest.sha1.text(of: der)
    }

    private static func algorithm(_ reader: inout DERReader) throws(DecodeError) -> String {
        var identifier = try reader.next(DERTag.sequence).children
        return ObjectIdentifierText.longName(try identifier.next(DERTag.objectIdentifier).objectIdentifier)
    }

    /// Skips the unique identifiers of version 2 and reads the extensions of version 3.
    private static func extensions(_ body: inout DERReader) -> CertificateExtensions {
        while let element = try? body.next() {
            guard element.tag == DERTag.context(3) else { continue }
            var inner = element.children
            if let list = try? inner.next(DERTag.sequence) { return CertificateExtensions(list.children) }
        }
        return CertificateExtensions()
    }

    /// An INTEGER as libcrypto prints it: two digits a byte, without the zero byte before a set first bit, and a
    /// negative one (X.690 section 8.3) as its amount behind a minus; at most ``WireText/limit`` bytes of it.
    static func hexadecimalNumber(_ content: ArraySlice<UInt8>) -> String {
        let content = content.prefix(WireText.limit)
        guard let first = content.first, first & 0x80 != 0 else {
            return Hexadecimal.text(of: content.count > 1 && content.first == 0 ? content.dropFirst() : content)
                .uppercased()
        }
        var amount = content.map { ~$0 }
        for place in amount.indices.reversed() {
            amount[place] &+= 1
            guard amount[place] == 0 else { break }
        }
        // Two's complement spends a byte on the sign: -255 is FF 01.
        let digits = amount.drop { $0 == 0 }
        return "-" + Hexadecimal.text(of: digits).uppercased()
    }

    /// Whether the certificate covers a host name (RFC 6125 section 6.4): its alternative names, or else the
    /// common name.
    func covers(_ hostName: String) -> Bool {
        let names = extensions.dnsNames.isEmpty ? commonNames : extensions.dnsNames
        return names.contains { HostNamePattern.matches($0, hostName) }
    }

    private var commonNames: [String] {
        // Parts of one name may also stand together (RFC 2253 section 2.2).
        subject.split { $0 == "," || $0 == "+" }.filter { $0.hasPrefix("CN=") }.map { String($0.dropFirst(3)) }
    }
}
