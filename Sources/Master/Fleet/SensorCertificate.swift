public import Protocol
public import Shared

/// A certificate that the master gave to a sensor. A sensor has more than one while it renews.
public struct SensorCertificate: Sendable, Equatable {
    /// Lower-case hexadecimal digits, without leading zeros: the key.
    public let serial: String
    public let sensor: SensorIdentity
    public let notBefore: Timestamp
    public let notAfter: Timestamp
    /// When it was declared invalid; nil as long as it is good.
    public var revokedAt: Timestamp?

    public init(
        serial: String, sensor: SensorIdentity, notBefore: Timestamp, notAfter: Timestamp, revokedAt: Timestamp? = nil
    ) {
        (self.serial, self.sensor) = (serial, sensor)
        (self.notBefore, self.notAfter, self.revokedAt) = (notBefore, notAfter, revokedAt)
    }
}
