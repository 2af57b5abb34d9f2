internal import Crypto
public import Foundation
public import Protocol
internal import SwiftASN1
internal import X509

/// The master's own authority (P-256): signs its masters' and its sensors' certificates, and nobody else's.
public struct CertificateAuthority: Sendable {
    private let key: P256.Signing.PrivateKey
    private let certificate: Certificate
    /// DER of the authority's certificate.
    public let der: [UInt8]

    public static let sensorLifetimeDays = 365
    private static let ownLifetimeDays = 3650
    private static let masterLifetimeDays = 730
    /// Certificates are good so many seconds before they are made: clocks of sensors may be behind, and the master's
    /// own certificate is made anew whenever it starts.
    private static let clockTolerance = 86_400.0

    /// Loads the authority from `directory` (`ca.key`, `ca.crt`, mode 0600), or makes it when neither file is there.
    /// - Throws: ``FileError``, or what is wrong with the files.
    public init(directory: String, now: Date) throws {
        let (keyPath, path) = (directory + "/ca.key", directory + "/ca.crt")
        if PrivateFile.exists(keyPath) || PrivateFile.exists(path) {
            key = try P256.Signing.PrivateKey(pemRepresentation: PrivateFile.read(keyPath))
            certificate = try Certificate(pemEncoded: PrivateFile.read(path))
        } else {
            key = P256.Signing.PrivateKey()
            certificate = try Self.selfSigned(key, now: now)
            try PrivateFile.makeDirectory(directory)
            try PrivateFile.write(key.pemRepresentation, to: keyPath)
            try PrivateFile.write(certificate.serializeAsPEM().pemString + "\n", to: path)
        }
        der = try Self.der(certificate)
    }

    public var pem: String { PEM.certificate(der: der) }

    /// A new token for one sensor of `site`, with the entry that the directory keeps.
    public func tokenText() -> TokenText { TokenText(caFingerprint: TokenText.fingerprint(ofDER: der)) }

    /// A new key and certificate of a master; both live as long as the program.
    /// - Parameter names: host names and addresses under which it can be reached.
    public func masterCertificate(names: [String], now: Date) throws -> (key: String, certificate: String) {
        let own = P256.Signing.PrivateKey()
        let signed = try issue(
            P256Key(own.publicKey), common: MutualTLS.masterName, names: Self.masterNames(names),
            usage: .serverAuth, days: Self.masterLifetimeDays, now: now)
        return (own.pemRepresentation, try signed.serializeAsPEM().pemString + "\n")
    }

    /// Every name of a master, its own ones and those given.
    private static func masterNames(_ names: [String]) -> [GeneralName] {
        Set([MutualTLS.masterName, "localhost", "127.0.0.1", "::1"] + names).sorted().map(name)
    }

    /// The console's key and certificate, kept beside the authority (`console.key`, `console.crt`): what a browser was
    /// told to accept stays so over restarts. Made anew when it names other hosts, is not of this authority, cannot be
    /// read, or has less than 30 days left.
    /// - Throws: ``FileError``, when the files cannot be written.
    public func consoleCertificate(
        directory: String, names: [String], now: Date
    ) throws -> (key: String, certificate: String) {
        let (keyPath, path) = (directory + "/console.key", directory + "/console.crt")
        if let key = try? PrivateFile.read(keyPath), let pem = try? PrivateFile.read(path),
            let kept = try? Certificate(pemEncoded: pem),
            let own = try? P256.Signing.PrivateKey(pemRepresentation: key),
            Certificate.PublicKey(own.publicKey) == kept.publicKey,
            certificate.publicKey.isValidSignature(kept.signature, for: kept),
            kept.notValidAfter > now.addingTimeInterval(30 * 86_400),
            try kept.extensions.subjectAlternativeNames
                == SubjectAlternativeNames(Self.masterNames(names))
        {
            return (key, pem)
        }
        let made = try masterCertificate(names: names, now: now)
        try PrivateFile.write(made.key, to: keyPath)
        try PrivateFile.write(made.certificate, to: path)
        return made
    }

    /// A sensor's certificate: the key is the request's, the identity is not.
    /// - Throws: ``EnrolmentRefusal/request(_:)`` when the request is not one, or not signed by its key.
    public func sensorCertificate(
        request: [UInt8], identity: SensorIdentity, now: Date, days: Int = sensorLifetimeDays
    ) throws -> (der: [UInt8], facts: CertificateFacts) {
        guard let request = try? CertificateSigningRequest(derEncoded: request) else {
            throw EnrolmentRefusal.request("the certificate request cannot be read")
        }
        guard request.publicKey.isValidSignature(request.signature, for: request) else {
            throw EnrolmentRefusal.request("the certificate request is not signed by its own key")
        }
        let signed = try issue(
            request.publicKey, common: identity.sensor, unit: identity.site,
            names: [.uniformResourceIdentifier(identity.uri)], usage: .clientAuth, days: days, now: now)
        let der = try Self.der(signed)
        return (der, try CertificateFacts(der: der))
    }

    private func issue(
        _ publicKey: Certificate.PublicKey, common: String, unit: String? = nil, names: [GeneralName],
        usage: ExtendedKeyUsage.Usage, days: Int, now: Date
    ) throws -> Certificate {
        let subject = try DistinguishedName {
            OrganizationName("Meneki")
            if let unit { OrganizationalUnitName(unit) }
            CommonName(common)
        }
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: now.addingTimeInterval(-Self.clockTolerance),
            notValidAfter: now.addingTimeInterval(Double(days) * 86_400),
            issuer: certificate.subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([usage])
                SubjectAlternativeNames(names)
            },
            issuerPrivateKey: Certificate.PrivateKey(key))
    }

    private static func selfSigned(_ key: P256.Signing.PrivateKey, now: Date) throws -> Certificate {
        let name = try DistinguishedName {
            OrganizationName("Meneki")
            CommonName("Meneki authority")
        }
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: P256Key(key.publicKey),
            notValidBefore: now.addingTimeInterval(-clockTolerance),
            notValidAfter: now.addingTimeInterval(Double(ownLifetimeDays) * 86_400), issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            },
            issuerPrivateKey: Certificate.PrivateKey(key))
    }

    private static func name(_ text: String) -> GeneralName {
        var (v4, v6) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, text, &v4) == 1 {
            return .ipAddress(ASN1OctetString(contentBytes: withUnsafeBytes(of: &v4) { Array($0)[...] }))
        }
        if inet_pton(AF_INET6, text, &v6) == 1 {
            return .ipAddress(ASN1OctetString(contentBytes: withUnsafeBytes(of: &v6) { Array($0)[...] }))
        }
        return .dnsName(text)
    }

    private static func der(_ certificate: Certificate) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }
}

private typealias P256Key = Certificate.PublicKey
