public import NIOSSL

/// TLS 1.3 with certificates of the master's own authority on both sides.
public enum MutualTLS {
    /// The name in every master's certificate, and the one that sensors ask for: a master may move to another address.
    public static let masterName = "master.meneki.internal"

    /// - Parameters: all PEM; `chain` begins with the master's own certificate.
    public static func server(key: String, chain: String, ca: String) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try certificates(chain + ca), privateKey: .privateKey(try privateKey(key)))
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(ca.utf8)))
        // Who has no certificate may still enrol; who shows one must show a good one.
        configuration.certificateVerification = .optionalVerification
        return configuration
    }

    public static func client(key: String, chain: String, ca: String) throws -> TLSConfiguration {
        var configuration = try client(ca: ca)
        configuration.certificateChain = try certificates(chain)
        configuration.privateKey = .privateKey(try privateKey(key))
        return configuration
    }

    /// For enrolment: knows the authority, has no certificate yet.
    public static func client(ca: String) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(ca.utf8)))
        configuration.certificateVerification = .fullVerification
        return configuration
    }

    private static func certificates(_ pem: String) throws -> [NIOSSLCertificateSource] {
        try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)).map { .certificate($0) }
    }

    private static func privateKey(_ pem: String) throws -> NIOSSLPrivateKey {
        try NIOSSLPrivateKey(bytes: Array(pem.utf8), format: .pem)
    }
}
