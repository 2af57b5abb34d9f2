internal import Foundation
public import Protocol
public import Shared
internal import SwiftProtobuf

/// Gives sensors their certificates: tokens out, requests in.
public struct Enrolment: Sendable {
    public let authority: CertificateAuthority
    private let directory: any SensorDirectory

    public static let tokenLifetime = Interval.hours(24)

    public init(authority: CertificateAuthority, directory: any SensorDirectory) {
        (self.authority, self.directory) = (authority, directory)
    }

    /// A new one-time token for a sensor of `site`; this is the only time that it can be read.
    public func createToken(
        site: String, lifetime: Interval = tokenLifetime, now: Timestamp
    ) async throws -> TokenText {
        guard SensorIdentity.isName(site) else {
            throw EnrolmentRefusal.request("\(site) cannot be a site's name: use letters, digits, '.', '-' and '_'")
        }
        let text = authority.tokenText()
        let token = EnrolmentToken(hash: text.hash, site: site, createdAt: now, expiresAt: now + lifetime)
        try await directory.add(token)
        return text
    }

    /// Answers a request.
    /// - Throws: ``EnrolmentRefusal``, or what the directory throws when it does not answer.
    public func enrol(_ request: WireEnrol, now: Timestamp) async throws -> WireEnrolled {
        guard let token = TokenText(request.token) else { throw EnrolmentRefusal.tokenUnknown }
        let identity = SensorIdentity(site: request.site, sensor: request.name)
        guard SensorIdentity.isName(identity.site), SensorIdentity.isName(identity.sensor) else {
            throw EnrolmentRefusal.request("names consist of up to 63 letters, digits, '.', '-' and '_'")
        }
        let signed = try authority.sensorCertificate(
            request: Array(request.csr), identity: identity, now: Date(timeIntervalSince1970: now.seconds))
        try await directory.redeem(
            tokenHash: token.hash, for: SensorCertificate(signed.facts, sensor: identity), now: now)
        return .with {
            $0.chain = [Data(signed.der)]
            $0.ca = Data(authority.der)
            $0.site = identity.site
            $0.name = identity.sensor
        }
    }
}

extension SensorCertificate {
    init(_ facts: CertificateFacts, sensor: SensorIdentity) {
        self.init(
            serial: facts.serial, sensor: sensor,
            notBefore: Timestamp(seconds: facts.notBefore.timeIntervalSince1970),
            notAfter: Timestamp(seconds: facts.notAfter.timeIntervalSince1970))
    }
}
