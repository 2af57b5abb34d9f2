public import Protocol
public import Shared

extension EnrolmentToken {
    /// Whether a sensor may use it now: what every ``SensorDirectory`` asks inside its transaction.
    /// - Throws: ``EnrolmentRefusal``.
    public func check(for sensor: SensorIdentity, now: Timestamp) throws(EnrolmentRefusal) {
        if usedAt != nil { throw .tokenUsed }
        if now >= expiresAt { throw .tokenExpired(at: expiresAt) }
        if sensor.site != site { throw .otherSite(site) }
    }
}
