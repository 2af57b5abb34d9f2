internal import Shared

/// Writes `x509` records.
enum X509Writer {
    /// - Parameters:
    ///   - isLeaf: the first of its chain, which is the certificate of a host, or of its user.
    ///   - isClient: of the client's chain.
    static func write(
        _ certificate: Certificate, id: String, isLeaf: Bool, isClient: Bool, into sink: inout RecordSink
    ) {
        let x509 = Records.x509
        sink.begin(x509)
        sink.batch.set(x509.id, id)
        sink.batch.set(x509.fingerprint, certificate.fingerprint)
        sink.batch.set(x509.certificateVersion, certificate.version)
        sink.batch.set(x509.certificateSerial, certificate.serial)
        sink.batch.set(x509.certificateSubject, certificate.subject)
        sink.batch.set(x509.certificateIssuer, certificate.issuer)
        sink.batch.set(x509.certificateNotValidBefore, certificate.notValidBefore)
        sink.batch.set(x509.certificateNotValidAfter, certificate.notValidAfter)
        sink.batch.set(x509.certificateSigAlg, certificate.signatureAlgorithm)
        sink.batch.set(x509.hostCert, isLeaf)
        sink.batch.set(x509.clientCert, isClient)
        sink.batch.set(x509.selfSigned, certificate.isSelfSigned)
        write(certificate.key, into: &sink)
        write(certificate.extensions, into: &sink)
        sink.end()
    }

    private static func write(_ key: PublicKeyFacts, into sink: inout RecordSink) {
        let x509 = Records.x509
        sink.batch.set(x509.certificateKeyAlg, key.algorithm)
        sink.batch.set(x509.certificateKeyType, key.type ?? "unknown")
        sink.batch.set(x509.certificateKeyLength, key.bitCount)
        sink.batch.set(x509.certificateExponent, key.exponent)
        sink.batch.set(x509.certificateCurve, key.curve)
    }

    private static func write(_ extensions: CertificateExtensions, into sink: inout RecordSink) {
        let x509 = Records.x509
        func some(_ names: [String]) -> [String]? { names.isEmpty ? nil : names }
        sink.batch.set(x509.sanDns, some(extensions.dnsNames))
        sink.batch.set(x509.sanUri, some(extensions.uris))
        sink.batch.set(x509.sanEmail, some(extensions.mailAddresses))
        sink.batch.set(x509.sanIp, some(extensions.addresses))
        sink.batch.set(x509.basicConstraintsCa, extensions.isAuthority)
        sink.batch.set(x509.basicConstraintsPathLen, extensions.pathLength)
    }
}
