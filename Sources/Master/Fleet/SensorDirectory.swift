public import Protocol
public import Shared

/// What the master keeps of its sensors, beside their records.
public protocol SensorDirectory: Sendable {
    func add(_ token: EnrolmentToken) async throws

    /// Marks the token used and enters the sensor with its first certificate, all in one transaction.
    ///
    /// Of two that come with the same token at once, one gets ``EnrolmentRefusal/tokenUsed``. A name that a sensor of
    /// the site has is taken, unless all of that sensor's certificates are revoked or expired (`now`): then the machine
    /// was replaced and goes on under its name and sequence.
    /// - Throws: ``EnrolmentRefusal`` when it may not be, anything else when the database does not answer.
    func redeem(tokenHash: [UInt8], for certificate: SensorCertificate, now: Timestamp) async throws

    /// Enters a renewed certificate of a sensor that has one.
    func add(_ certificate: SensorCertificate) async throws

    /// The certificate with this serial number; nil when this master's directory does not have it.
    func certificate(serial: String) async throws -> SensorCertificate?

    /// Declares all certificates of a sensor invalid.
    /// - Returns: the serial numbers of those that were valid until now; empty when there is no such sensor.
    func revoke(_ sensor: SensorIdentity, now: Timestamp) async throws -> [String]

    /// Every serial number that is revoked and not yet expired: live connections are held against it.
    func revokedSerials(now: Timestamp) async throws -> Set<String>

    /// The sensor has connected or sent something. Called at most every few seconds.
    func saw(_ sensor: SensorIdentity, version: String, at now: Timestamp) async throws

    /// Keeps the sensor's newest report.
    func report(_ health: SensorHealth, of sensor: SensorIdentity, at now: Timestamp) async throws
}

/// Why a sensor may not enrol.
public enum EnrolmentRefusal: Error, Equatable, Sendable {
    case tokenUnknown, tokenUsed
    case tokenExpired(at: Timestamp)
    /// The token is for another site.
    case otherSite(String)
    case nameTaken(SensorIdentity)
    /// The request itself is not acceptable; says what is wrong.
    case request(String)
}
