internal import Crypto
internal import SwiftASN1
internal import X509

/// A sensor's private key (P-256) and the request for its certificate.
public struct SensorKey: Sendable {
    private let key: P256.Signing.PrivateKey

    public init() { key = P256.Signing.PrivateKey() }

    /// - Throws: when the text is not a P-256 private key.
    public init(pem: String) throws { key = try P256.Signing.PrivateKey(pemRepresentation: pem) }

    public var pem: String { key.pemRepresentation }

    /// A request (PKCS #10, DER). The master takes only the key from it, and that its holder signed it.
    public func request(for identity: SensorIdentity) throws -> [UInt8] {
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName { CommonName(identity.sensor) },
            privateKey: Certificate.PrivateKey(key), attributes: .init())
        var serializer = DER.Serializer()
        try serializer.serialize(request)
        return serializer.serializedBytes
    }
}
