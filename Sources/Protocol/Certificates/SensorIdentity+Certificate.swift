public import Foundation
internal import SwiftASN1
public import X509

extension SensorIdentity {
    /// How the identity stands in a certificate's alternative names: `meneki:site/SITE/sensor/NAME`.
    public var uri: String { "meneki:site/\(site)/sensor/\(sensor)" }

    public init?(uri: String) {
        let parts = uri.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "meneki:site", parts[2] == "sensor", Self.isName(parts[1]),
            Self.isName(parts[3])
        else { return nil }
        self.init(site: parts[1], sensor: parts[3])
    }
}

/// What the protocol needs of a certificate of ours.
public struct CertificateFacts: Equatable, Sendable {
    /// Lower-case hexadecimal digits, without leading zeros.
    public let serial: String
    /// nil for certificates that are not a sensor's.
    public let identity: SensorIdentity?
    public let notBefore: Date
    public let notAfter: Date

    /// - Throws: when the bytes are not a certificate.
    public init(der: [UInt8]) throws { try self.init(Certificate(derEncoded: der)) }

    /// Of the first certificate in a text.
    public init(pem: String) throws {
        let end = "-----END CERTIFICATE-----"
        let first = pem.components(separatedBy: end)[0] + end
        try self.init(Certificate(pemEncoded: first))
    }

    private init(_ certificate: Certificate) throws {
        serial = Self.text(certificate.serialNumber)
        (notBefore, notAfter) = (certificate.notValidBefore, certificate.notValidAfter)
        let names = try certificate.extensions.subjectAlternativeNames
        let uris = (names.map(Array.init) ?? []).compactMap { name -> String? in
            if case .uniformResourceIdentifier(let uri) = name { uri } else { nil }
        }
        identity = uris.count == 1 ? SensorIdentity(uri: uris[0]) : nil
    }

    public static func text(_ serial: Certificate.SerialNumber) -> String {
        let digits = Hex.text(serial.bytes).drop { $0 == "0" }
        return digits.isEmpty ? "0" : String(digits)
    }
}
